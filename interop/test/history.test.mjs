// Who wrote what, what changed and who was at it, told of two people in unmodified editors on both wires and an agent.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hocuspocus, yWebsocket } from '../lib/editors.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

let server
before(async () => {
  server = await Server.start({ MATERI_COLLAB_LOG_COMPACT_ROWS: '20' })
}, { timeout: 120_000 })
after(() => server?.stop())

test('people and an agent are told apart in the text, in a comparison and in the sessions', { timeout: 120_000 }, async t => {
  const [ada, bob] = [await Rest.ada(server), await Rest.bob(server)]
  const [adasId, bobsId] = await Promise.all([ada, bob].map(async rest => (await rest.json('GET', '/api/v1/auth/me')).id))
  const { id } = await ada.createDocument('Agreed', 'We ship in May. It is a plan with a date, and everybody knows it.')
  const path = `/api/v1/documents/${id}`
  const version = await ada.json('POST', `${path}/versions`, { name: 'Before' }, 201)
  const editors = [hocuspocus(server, id, ada.token), yWebsocket(server, id, bob.token)]
  t.after(() => editors.forEach(editor => editor.close()))
  await Promise.all(editors.map(editor => editor.synced()))
  const text = editor => editor.doc.getXmlFragment('default').get(0).get(0)
  text(editors[1]).delete(11, 3)
  for (const [at, letter] of [...'June'].entries()) {
    text(editors[1]).insert(11 + at, letter)
  }
  await until(() => text(editors[0]).toString().startsWith('We ship in June.'), 10_000, () => text(editors[0]).toString())
  for (let i = 0; i < 30; i++) {
    text(editors[0]).insert(text(editors[0]).length, '!')
  }
  await editors[0].saved()
  const { status } = await ada.json('POST', '/api/v1/ai/generations', { action: 'summary', document_id: id, target: { end: true }, stream: false })

  assert.equal(status, 'done')

  const attribution = await ada.json('GET', `${path}/attribution`)
  const diff = await ada.json('GET', `${path}/versions/${version.id}/diff`)
  const html = await (await ada.request('GET', `${path}/versions/${version.id}/diff?format=html`)).text()
  const sessions = (await ada.json('GET', `${path}/activity`)).items

  const [first] = attribution.blocks
  assert.deepEqual(first.ranges.slice(0, 3).map(range => [range.from, range.to, range.author]), [[0, 11, adasId], [11, 15, bobsId], [15, first.ranges[2].to, adasId]])
  const agent = attribution.authors.find(author => author.kind === 'agent')
  const typed = attribution.blocks.at(-1).ranges[0]
  assert.deepEqual([typed.author, typed.via], [agent.id, adasId])
  const runs = diff.blocks[0].runs.map(run => [run.change, run.text, run.author])
  assert.deepEqual(runs.slice(0, 3), [['equal', 'We ship in ', null], ['deleted', 'May', bobsId], ['inserted', 'June', bobsId]])
  assert.match(html, /<ins class="materi-inserted" data-author="[-0-9a-f]{36}"[^>]*>June<\/ins>/)
  const of = author => sessions.find(session => session.author.id === author && session.via === null)
  assert.ok(of(bobsId).deleted >= 3 && of(bobsId).inserted >= 4 && of(bobsId).updates >= 4)
  assert.ok(of(adasId).updates >= 31)
  assert.equal(sessions.find(session => session.author.kind === 'agent').via.id, adasId)
})
