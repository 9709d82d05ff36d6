// A small seeded generator (mulberry32); tests print the seed when they fail.
export function random (seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6D2B79F5) >>> 0
    let x = state
    x = Math.imul(x ^ (x >>> 15), x | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
  return { next, below: n => Math.floor(next() * n), pick: list => list[Math.floor(next() * list.length)] }
}

export const seedOf = name => {
  const seed = +(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`# ${name}: SEED=${seed}`)
  return seed
}
