// Sub-documents of yjs, opened by the providers from npm: one content over both wires and a stream, the access of the document
// that they are in, and its end.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { hocuspocus, yWebsocket } from '../lib/editors.mjs'
import { Live } from '../lib/live.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

let server
let ada
let bob
before(async () => {
  server = await Server.start({ MATERI_COLLAB_ROOM_SUB_DOCUMENTS: '50' })
  ada = await Rest.ada(server)
  bob = await Rest.bob(server)
}, { timeout: 120_000 })
after(() => server?.stop())

const text = doc => doc.getText('content').toString()
const says = (doc, wanted) => until(() => text(doc) === wanted, 15_000, () => `"${wanted}", but it says "${text(doc)}"`)

/** What a document holds at `key` of its map, once it is there, loaded. */
async function loaded (doc, key) {
  await until(() => doc.getMap('chapters').get(key) instanceof Y.Doc, 15_000, () => `the sub-document ${key}`)
  const sub = doc.getMap('chapters').get(key)
  sub.load()
  return sub
}

/** A y-websocket and, over one socket for both, a Hocuspocus provider for a document and what it holds at `one`. */
async function book (title) {
  const { id } = await ada.createDocument(title)
  const outer = yWebsocket(server, id, ada.token)
  await outer.synced()
  outer.doc.getMap('chapters').set('one', new Y.Doc())
  const chapter = await loaded(outer.doc, 'one')
  const inner = yWebsocket(server, `${id}/${chapter.guid}`, ada.token, { doc: chapter })

  const websocketProvider = new HocuspocusProviderWebsocket({ url: `${server.ws}/collab`, WebSocketPolyfill: WebSocket })
  const open = (name, document) => {
    const provider = new HocuspocusProvider({ websocketProvider, name, document, token: bob.token })
    provider.attach()
    return provider
  }
  const doc = new Y.Doc()
  const bobsOuter = open(id, doc)
  const bobsChapter = await loaded(doc, 'one')
  const bobsInner = open(`${id}/${bobsChapter.guid}`, bobsChapter)
  await until(() => inner.provider.synced && bobsInner.isSynced, 20_000, () => 'sync of the sub-document on both wires')
  const close = () => {
    for (const one of [outer, inner]) one.close()
    for (const one of [bobsOuter, bobsInner]) one.destroy()
    websocketProvider.destroy()
  }
  return { id, guid: chapter.guid, outer, chapter, inner, doc, bobsChapter, bobsOuter, bobsInner, websocketProvider, close }
}

const saved = provider => until(() => !provider.hasUnsyncedChanges, 20_000, () => 'acknowledgement')

test('editors on both wires and a stream share a sub-document, and the server has it after a kill', { timeout: 240_000 }, async () => {
  const { id, guid, outer, chapter, inner, bobsChapter, bobsInner, doc, close } = await book('A book')
  const live = await new Live(ada, id, guid).open()

  chapter.getText('content').insert(0, 'one')
  await says(bobsChapter, 'one')
  bobsChapter.getText('content').insert(3, ' two')
  await says(chapter, 'one two')
  await says(live.doc, 'one two')
  live.doc.getText('content').insert(7, ' three')
  await live.saved()
  assert.equal(live.acknowledged[0].status, 200, JSON.stringify(live.acknowledged))
  await says(chapter, 'one two three')
  await saved(bobsInner)

  // A presence of its own, with the identity that the server knows.
  inner.awareness.setLocalState({ user: { name: 'root' }, chapter: 1 })
  await until(() => [...bobsInner.awareness.getStates().values()].some(state => state.chapter === 1 && state.user?.name === ada.session.user.name), 15_000, () => 'presence in the sub-document')
  assert.ok(![...outer.awareness.getStates().values()].some(state => state.chapter === 1))
  // Nothing of it is in the document itself, which only says that it holds it.
  assert.equal(text(doc), '')
  assert.deepEqual([...doc.getSubdocGuids()], [guid])

  live.close()
  await server.kill()
  chapter.getText('content').insert(0, 'offline ')
  await server.boot()
  await until(() => bobsInner.isSynced && text(bobsChapter) === 'offline one two three', 60_000, () => `everybody is back: "${text(bobsChapter)}"`)
  close()

  const late = hocuspocus(server, `${id}/${guid}`, bob.token)
  await late.synced()
  await says(late.doc, 'offline one two three')
  late.close()
})

test('what is nested in a sub-document stands under the same document', { timeout: 60_000 }, async () => {
  const { id, chapter, bobsChapter, close } = await book('Nested')
  chapter.getMap('chapters').set('inner', new Y.Doc({ guid: 'page:1.a_b-C' }))
  const mine = await loaded(chapter, 'inner')
  const page = yWebsocket(server, `${id}/page:1.a_b-C`, ada.token, { doc: mine })
  const others = await loaded(bobsChapter, 'inner')
  const bobsPage = hocuspocus(server, `${id}/${others.guid}`, bob.token, { doc: others })
  await Promise.all([page.synced(), bobsPage.synced()])

  others.getText('content').insert(0, 'deep')

  await says(mine, 'deep')
  await bobsPage.saved()
  for (const one of [page, bobsPage]) one.close()
  close()
})

test('a viewer reads along, a stranger finds nothing, and a ticket for the document opens what is in it', { timeout: 60_000 }, async () => {
  const { id, guid, chapter, inner, close } = await book('Read')
  const [viewer, stranger] = [await Rest.stranger(server), await Rest.stranger(server)]
  await ada.json('PUT', `/api/v1/documents/${id}/grants/${viewer.session.user.id}`, { role: 'viewer' })
  const readers = [yWebsocket(server, `${id}/${guid}`, viewer.token), hocuspocus(server, `${id}/${guid}`, viewer.token)]
  await Promise.all(readers.map(reader => reader.synced()))
  const { ticket } = await ada.json('POST', '/api/v1/auth/tickets', { document_id: id })
  const ticketed = yWebsocket(server, `${id}/${guid}`, ticket)
  await ticketed.synced()

  readers.forEach(reader => reader.doc.getText('content').insert(0, 'EVIL'))
  chapter.getText('content').insert(0, 'good')

  await Promise.all(readers.map(reader => until(() => text(reader.doc).includes('good'), 15_000, () => 'the reader reads')))
  await says(ticketed.doc, 'good')
  assert.equal(text(chapter), 'good')
  assert.equal(readers[1].provider.authorizedScope, 'readonly')

  // What nobody has written in is empty to a viewer.
  const nothing = hocuspocus(server, `${id}/nothing-there`, viewer.token)
  await nothing.synced()
  assert.equal(text(nothing.doc), '')

  let denied
  const refused = hocuspocus(server, `${id}/${guid}`, stranger.token, { onAuthenticationFailed: ({ reason }) => { denied = reason } })
  await until(() => denied, 15_000, () => 'a refusal')
  assert.equal(denied, 'no such document')
  assert.equal((await closed(`${id}/${guid}`, stranger.token)), 4404)
  const stream = await stranger.request('GET', `/api/v1/documents/${id}/stream?sub_document=${guid}`)
  assert.equal(stream.status, 404)
  for (const one of [...readers, ticketed, nothing, refused]) one.close()
  assert.ok(inner.provider.wsconnected)
  close()
})

test('the end of the document is the end of what is in it', { timeout: 60_000 }, async () => {
  const { id, guid, chapter, inner, bobsInner, close } = await book('To be deleted')
  const beside = await book('Untouched')
  chapter.getText('content').insert(0, 'going')
  await saved(bobsInner)
  let code
  inner.provider.on('connection-close', event => { code = event?.code })
  let ended
  bobsInner.on('close', ({ event }) => { ended = event })

  assert.equal((await ada.request('DELETE', `/api/v1/documents/${id}`)).status, 204)

  await until(() => code === 4404 && ended, 20_000, () => `both to be cut: ${code}, ${JSON.stringify(ended)}`)
  assert.equal(await closed(`${id}/${guid}`, ada.token), 4404)
  // And for good: it is as if it had never been.
  assert.equal((await ada.request('DELETE', `/api/v1/documents/${id}?permanent=true`)).status, 204)
  assert.equal(await closed(`${id}/${guid}`, ada.token), 4404)
  beside.chapter.getText('content').insert(0, 'still here')
  await says(beside.bobsChapter, 'still here')
  beside.close()
  close()
})

test('no other name opens anything, and nobody is harmed by it', { timeout: 60_000 }, async () => {
  const { id, chapter, bobsChapter, bobsInner, close } = await book('Besieged')
  const names = ['', '/', '//a', '/a/b', '/a/', '/..', '/.', '/a b', '/%00', '/a%2Fb', '/ä', '/😀', `/${'g'.repeat(129)}`, `/${'.'.repeat(128)}`, '/a?', '/a;b', '/a\\b', '/a\u0000', '/a\n']
  for (const behind of names.slice(1)) {
    const code = await closed(`${id}${encodeURI(behind).replaceAll('?', '%3F')}`, ada.token)
    assert.equal(code, 4404, `/yjs/…${JSON.stringify(behind)}`)
    if (behind === '/a\u0000') continue // A provider's session behind the NUL: a name of the wire.
    let denied
    const one = hocuspocus(server, `${id}${behind}`, ada.token, { onAuthenticationFailed: ({ reason }) => { denied = reason } })
    await until(() => denied, 15_000, () => `a refusal of ${JSON.stringify(behind)}`)
    one.close()
    const answer = await ada.request('GET', `/api/v1/documents/${id}/stream?sub_document=${encodeURIComponent(behind.slice(1))}`)
    assert.equal(answer.status, 400, `stream of ${JSON.stringify(behind)}`)
    await answer.body?.cancel()
  }

  // More than a document may have: one Hocuspocus socket stays, the documents beyond are refused one by one.
  const refusals = []
  const crowd = Array.from({ length: 60 }, (_, i) => hocuspocus(server, `${id}/crowd-${i}`, ada.token, { onAuthenticationFailed: ({ reason }) => refusals.push(reason) }))
  await until(() => refusals.length >= 1, 30_000, () => 'refusals')
  for (const one of crowd) one.close()
  chapter.getText('content').insert(0, 'unharmed')
  await says(bobsChapter, 'unharmed')
  await saved(bobsInner)
  close()
})

/** The code with which a socket of the y-websocket wire is closed. */
function closed (name, token) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${server.ws}/yjs/${name}?token=${encodeURIComponent(token)}`)
    const timer = setTimeout(() => { socket.terminate(); reject(new Error(`${name} is not closed`)) }, 10_000)
    socket.on('close', code => { clearTimeout(timer); resolve(code) })
    socket.on('error', () => {})
  })
}
