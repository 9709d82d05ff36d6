// Versions while people have the document open: what is restored reaches them as an edit like any other.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as Y from 'yjs'
import { hocuspocus, same, yWebsocket } from '../lib/editors.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

let server
before(async () => {
  server = await Server.start({ MATERI_COLLAB_VERSIONS_AUTOMATIC_PAUSE: '1s', MATERI_COLLAB_VERSIONS_AUTOMATIC_CHECK_INTERVAL: '200ms' })
}, { timeout: 120_000 })
after(() => server?.stop())

test('a restore reaches open editors on both wires, and what stood before can be read', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Agreed', '# Agreed\n\nWe ship in **May**.')
  const versions = `/api/v1/documents/${id}/versions`
  const editors = [hocuspocus(server, id, ada.token), yWebsocket(server, id, (await Rest.bob(server)).token)]
  await Promise.all(editors.map(editor => editor.synced()))
  const shown = editor => editor.doc.getXmlFragment('default').toString()
  const agreed = shown(editors[0])
  const version = await ada.json('POST', versions, { name: 'As agreed' }, 201)
  editors[0].doc.getXmlFragment('default').delete(0, 1)
  editors[0].doc.getXmlFragment('default').get(0).get(0).insert(0, 'Perhaps ')
  await editors[0].saved()

  const { changed, before } = await ada.json('POST', `${versions}/${version.id}/restore`, {})

  assert.equal(changed, true)
  await until(() => editors.every(editor => shown(editor) === agreed), 10_000, () => `the restored text: ${editors.map(shown).join(' / ')}`)
  assert.ok(same(editors.map(editor => editor.doc)))
  const earlier = await (await ada.request('GET', `${versions}/${before.id}/content?format=text`)).text()
  assert.match(earlier, /^Perhaps We ship in May\./)
  const state = new Uint8Array(await (await ada.request('GET', `${versions}/${version.id}/content?format=yjs`)).arrayBuffer())
  const past = new Y.Doc()
  Y.applyUpdate(past, state)
  assert.equal(past.getXmlFragment('default').toString(), agreed)
  editors.forEach(editor => editor.close())
})

test('a version keeps itself after a pause in writing', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Paused', 'First words.')

  const kept = await until(async () => (await ada.json('GET', `/api/v1/documents/${id}/versions`)).items[0], 20_000, () => 'a version')

  assert.equal(kept.name, null)
  assert.equal(kept.created_by, null)
  assert.match(await (await ada.request('GET', `/api/v1/documents/${id}/versions/${kept.id}/content`)).text(), /First words\./)
})
