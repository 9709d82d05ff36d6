// REST edits amid typing lose nothing: neither the words of the API nor those of the people.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as Y from 'yjs'
import { hocuspocus, yWebsocket } from '../lib/editors.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

let server
before(async () => { server = await Server.start() }, { timeout: 120_000 })
after(() => server?.stop())

const paragraph = words => {
  const element = new Y.XmlElement('paragraph')
  element.insert(0, [new Y.XmlText(words)])
  return element
}

test('appends over REST and typing on both wires all arrive', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Busy', '# Busy\n\nFirst words.')
  const editors = [hocuspocus(server, id, ada.token), yWebsocket(server, id, (await Rest.bob(server)).token)]
  await Promise.all(editors.map(editor => editor.synced()))
  const expected = []
  for (let i = 0; i < 30; i++) {
    const fragment = editors[i % 2].doc.getXmlFragment('default')
    fragment.insert(fragment.length, [paragraph(`typed ${i}.`)])
    expected.push(`typed ${i}.`)
    await ada.json('POST', `/api/v1/documents/${id}/edit`, { edits: [{ append: { content: `posted ${i}.`, format: 'markdown' } }] })
    expected.push(`posted ${i}.`)
  }
  await editors[0].saved()
  const text = await until(async () => {
    const { text } = await ada.content(id)
    return expected.every(words => text.includes(words)) && text
  }, 10_000, () => 'all words over REST')
  for (const words of expected) assert.equal(text.split(words).length, 2, `${words} once`)
  await until(() => editors.every(editor => expected.every(words => editor.doc.getXmlFragment('default').toString().includes(words))), 10_000, () => 'all words in the editors')
  editors.forEach(editor => editor.close())
})

test('a strict PUT refuses what it has not seen; a merging PUT keeps both sides', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Merged', 'alpha\n\nbeta\n\ngamma')
  const base = await ada.content(id, 'markdown')
  const editor = hocuspocus(server, id, ada.token)
  await editor.synced()
  const fragment = editor.doc.getXmlFragment('default')
  fragment.get(0).get(0).insert(5, ' typed')
  const untouched = fragment.get(1)._item.id
  await editor.saved()

  const bare = await ada.putContent(id, 'alpha\n\nbeta\n\ngamma put', {})
  assert.equal(bare.status, 428)
  const strict = await ada.putContent(id, 'alpha\n\nbeta\n\ngamma put', { 'if-match': base.etag })
  assert.equal(strict.status, 412)
  assert.equal((await strict.json()).code, 'etag_mismatch')
  const merging = await ada.putContent(id, 'alpha\n\nbeta\n\ngamma put', { 'if-match': '*', 'materi-base': base.etag })
  assert.ok(merging.ok, await merging.text())
  assert.equal((await ada.content(id, 'markdown')).text.trim(), 'alpha typed\n\nbeta\n\ngamma put')
  await until(() => fragment.toString().includes('gamma put'), 10_000, () => 'the editor sees the PUT')
  assert.deepEqual(fragment.get(1)._item.id, untouched, 'the untouched block is the same node')

  fragment.get(1).get(0).insert(2, 'X')
  await editor.saved()
  const conflicting = await ada.putContent(id, 'alpha\n\nomega\n\ngamma', { 'if-match': '*', 'materi-base': base.etag })
  assert.equal(conflicting.status, 409)
  const problem = await conflicting.json()
  assert.equal(problem.code, 'merge_conflict')
  assert.equal(problem.blocks.length, 1)
  assert.match((await ada.content(id)).text, /beXta/)
  const unknown = await ada.putContent(id, 'x', { 'if-match': '*', 'materi-base': '"99-99-markdown"' })
  assert.equal(unknown.status, 409)
  assert.equal((await unknown.json()).code, 'base_unknown')
  editor.close()
})
