// Headless Chromium pages, each with a profile of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

/** Everything that the page complained about is in `complaints`. */
export async function openPage (viewport = { width: 1200, height: 800 }) {
  const profile = mkdtempSync(join(tmpdir(), 'materi-browser-'))
  const context = await chromium.launchPersistentContext(profile, { executablePath, args, headless: true, viewport })
  const page = context.pages()[0] ?? await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()) })
  const close = async () => {
    await context.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  return { page, complaints, close }
}

export async function signIn (page, server, email, password = 'materi-demo-1') {
  await page.goto(server.url)
  await page.getByTestId('email').fill(email)
  await page.getByTestId('password').fill(password)
  await page.getByTestId('sign-in').click()
  await page.getByTestId('document-list').waitFor()
}
