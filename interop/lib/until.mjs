// Waits for a condition with a deadline.
export async function until (condition, ms = 10_000, what = () => String(condition)) {
  const deadline = Date.now() + ms
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for: ${what()}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
