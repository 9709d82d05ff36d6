// Two pages see each other's text and cursor, and the AI's writing.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { openPage, signIn } from '../lib/browser.mjs'
import { Model } from '../lib/model.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

const images = resolve(import.meta.dirname, '../../docs/images')
const folder = mkdtempSync(join(tmpdir(), 'materi-model-'))
let model
let server
before(async () => {
  model = await Model.start()
  writeFileSync(join(folder, 'model.yaml'), `ai:
  providers:
    - name: scripted
      base_url: ${model.url}
      models: [small]
`)
  server = await Server.start({ MATERI_CONFIG: join(folder, 'model.yaml') })
}, { timeout: 120_000 })
after(async () => {
  await server?.stop()
  await model?.stop()
  rmSync(folder, { recursive: true })
})

const TEXT = `# The delta

A river carries water from the hills to the sea. Where it meets the sea, the water slows and drops what it carried.

Layer by layer, a delta grows. Birds come to a delta before people do.

Every flood moves the channels of a river, so a map of a delta is a map of one year.`

const ANSWER = 'People follow the birds. They build on what the river has left, and they write down where the water stood, so that those who come after them know how high to build.'

test('two people and an agent write one document', { timeout: 120_000 }, async () => {
  const ada = await openPage({ width: 1400, height: 800 })
  const bob = await openPage()
  try {
    const rest = await Rest.ada(server)
    const { id } = await rest.createDocument('The delta', TEXT)
    await Promise.all([signIn(ada.page, server, 'ada@demo.materi.local'), signIn(bob.page, server, 'bob@demo.materi.local')])
    await Promise.all([ada.page.goto(`${server.url}/d/${id}`), bob.page.goto(`${server.url}/d/${id}`)])
    const editors = [ada, bob].map(({ page }) => page.getByTestId('editor').locator('.ProseMirror'))
    await Promise.all(editors.map(editor => editor.getByText('Layer by layer').waitFor()))

    await editors[1].getByText('Layer by layer').click()
    await bob.page.keyboard.press('End')
    await bob.page.keyboard.type(' Bob was here.')
    await editors[0].getByText('Bob was here.').waitFor()
    await editors[0].getByText('Bob Kahn').waitFor() // his cursor carries his name

    await editors[0].getByText('Every flood').click()
    await ada.page.keyboard.press('End')
    await ada.page.keyboard.type(' Ada too.')
    await editors[1].getByText('Ada too.').waitFor()
    await editors[1].getByText('Ada Lovelace').waitFor()
    for (const { page } of [ada, bob]) await until(async () => await page.getByTestId('save-state').getAttribute('data-state') === 'saved', 10_000, () => 'saved')

    let goOn
    const seen = new Promise(resolve => { goOn = resolve })
    model.script({ pieces: ANSWER.match(/\S+\s*/g), everyMs: 100, waits: { before: 'those ', until: seen } })
    if (!await ada.page.getByTestId('ai-panel').isVisible()) await ada.page.getByTestId('ai-toggle').click()
    await ada.page.getByTestId('ai-write').check()
    await ada.page.getByTestId('ai-prompt').fill('Go on: what do people make of a delta?')
    await ada.page.getByTestId('ai-run').click()
    await editors[1].getByText('People follow the birds. They build').waitFor()
    for (const editor of editors) await editor.locator('.caret-agent').getByText('Aria').waitFor() // while it types
    await bob.page.keyboard.type(' He goes on while Aria writes.')
    await ada.page.bringToFront()
    await editors[0].getByText('He goes on while Aria writes.').waitFor()
    await editors[0].getByText('and they write').waitFor()
    assert.ok(!(await editors[0].innerText()).includes(ANSWER), 'Aria is in the middle of a sentence')
    if (process.env.KEEP_IMAGES) {
      mkdirSync(images, { recursive: true })
      await ada.page.screenshot({ path: `${images}/together.png` })
    }
    goOn()
    await until(async () => (await rest.content(id)).text.includes(ANSWER), 30_000, () => 'what the agent wrote is committed')
    for (const editor of editors) await editor.getByText(ANSWER).waitFor()
    await editors[1].locator('.caret-agent').waitFor({ state: 'detached' })
    const served = (await rest.content(id)).text
    for (const text of [' Bob was here. He goes on while Aria writes.', ' Ada too.']) assert.ok(served.includes(text), `what people typed meanwhile: ${text}`)

    assert.deepEqual([...ada.complaints, ...bob.complaints], [])
  } finally {
    await Promise.all([ada.close(), bob.close()])
  }
})

test('the page says when the connection is lost, keeps what is typed, and saves it when it is found again', { timeout: 120_000 }, async () => {
  const ada = await openPage({ width: 390, height: 780 })
  try {
    const rest = await Rest.ada(server)
    const { id } = await rest.createDocument('Offline', 'Begun.')
    await signIn(ada.page, server, 'ada@demo.materi.local')
    await ada.page.goto(`${server.url}/d/${id}`)
    const editor = ada.page.getByTestId('editor').locator('.ProseMirror')
    await editor.getByText('Begun.').click()
    const state = name => until(async () => await ada.page.getByTestId('save-state').getAttribute('data-state') === name, 30_000, () => name)
    await state('saved')
    await server.kill()
    await state('offline')
    await ada.page.keyboard.press('End')
    await ada.page.keyboard.type(' Typed without a server.')
    await server.boot()
    await state('saved')
    await until(async () => (await (await Rest.ada(server)).content(id)).text.includes('Typed without a server.'), 10_000, () => 'the words on the server')
  } finally {
    await ada.close()
  }
})
