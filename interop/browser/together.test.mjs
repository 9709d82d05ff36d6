// Two pages see each other's text and cursor, and the AI's writing.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { openPage, signIn } from '../lib/browser.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

const images = resolve(import.meta.dirname, '../../docs/images')
let server
before(async () => { server = await Server.start() }, { timeout: 120_000 })
after(() => server?.stop())

const TEXT = `# The delta

A river carries water from the hills to the sea. Where it meets the sea, the water slows and drops what it carried.

Layer by layer, a delta grows. Birds come to a delta before people do.

Every flood moves the channels of a river, so a map of a delta is a map of one year.`

test('two people and an agent write one document', { timeout: 120_000 }, async () => {
  const ada = await openPage()
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

    if (!await ada.page.getByTestId('ai-panel').isVisible()) await ada.page.getByTestId('ai-toggle').click()
    await ada.page.getByTestId('ai-write').check()
    await ada.page.getByTestId('ai-action-summary').click()
    const sentences = TEXT.split(/(?<=\.)\s+/).filter(sentence => sentence.endsWith('.')).map(sentence => sentence.split('\n').at(-1))
    const output = ada.page.getByTestId('ai-output')
    const chosen = await until(async () => {
      const said = await output.innerText()
      return sentences.find(sentence => said.includes(sentence))
    }, 15_000, () => 'a sentence of the document in the panel')
    await until(async () => (await rest.content(id)).text.split(chosen).length === 3, 15_000, () => `the agent wrote: ${chosen}`)
    await until(async () => (await editors[1].innerText()).split(chosen).length === 3, 15_000, () => `bob sees: ${chosen}`)
    const seenByBob = await editors[1].innerText()
    const served = (await rest.content(id)).text
    for (const line of served.split('\n').filter(line => line.trim())) assert.ok(seenByBob.includes(line.trim().slice(0, 40)), `bob sees: ${line}`)

    await ada.page.bringToFront()
    if (process.env.KEEP_IMAGES) {
      mkdirSync(images, { recursive: true })
      await ada.page.screenshot({ path: `${images}/together.png` })
    }
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
