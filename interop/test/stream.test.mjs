// A real Yjs document over an event stream and POSTs, beside editors at sockets.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as Y from 'yjs'
import { hocuspocus, yWebsocket } from '../lib/editors.mjs'
import { Events, Live } from '../lib/live.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'
import { malformedUpdates } from '../lib/updates.mjs'

let server
let ada
let bob
before(async () => {
  server = await Server.start()
  ada = await Rest.ada(server)
  bob = await Rest.bob(server)
}, { timeout: 120_000 })
after(() => server?.stop())

const text = doc => doc.getText('content').toString()
const says = (doc, wanted) => until(() => text(doc) === wanted, 10_000, () => `"${wanted}", but it says "${text(doc)}"`)

test('an editor at a socket and two on streams converge, and what is answered is committed', { timeout: 60_000 }, async () => {
  const { id } = await ada.createDocument('Streamed')
  const socket = yWebsocket(server, id, ada.token)
  await socket.synced()
  socket.doc.getText('content').insert(0, 'socket')
  await until(async () => /socket/.test((await ada.content(id)).text), 10_000, () => 'what was written at the socket')
  const { ticket } = await ada.json('POST', '/api/v1/auth/tickets', { document_id: id })
  const first = await new Live(bob, id).open()
  const second = await new Live(ada, id).open({ query: `?ticket=${ticket}`, headers: {} })
  await says(first.doc, 'socket')
  for (let i = 0; i < 5; i++) {
    first.doc.getText('content').insert(0, `${i} `)
    second.doc.getText('content').insert(text(second.doc).length, ` ${i}`)
  }
  await Promise.all([first.saved(), second.saved()])
  assert.deepEqual(first.acknowledged.map(answer => answer.status), [200, 200, 200, 200, 200])
  assert.match((await ada.content(id)).text, /4 3 2 1 0 socket/)
  await until(() => [first, second].every(live => text(live.doc) === text(socket.doc) && text(live.doc).length === 26), 10_000, () => `convergence: ${[socket, first, second].map(one => text(one.doc))}`)
  assert.equal(first.events.of('update').length, 5, 'its own edits are not echoed')
  // Presence: the server says who it is.
  first.awareness.setLocalState({ user: { name: 'root' }, at: 7 })
  await until(() => [...socket.awareness.getStates().values()].some(state => state.at === 7 && state.user.name === bob.session.user.name), 10_000, () => 'presence of the stream')
  // A sequence number is committed before it is announced, and the last one is the id to come back with.
  const last = Math.max(...first.acknowledged.map(answer => answer.sequence))
  await until(() => +first.events.lastId >= last, 10_000, () => `commit ${last}`)
  for (const one of [socket, first, second]) one.close()
  await until(async () => (await ada.content(id)).text.length > 0, 5_000)
})

test('a stream that was cut comes back after the last event, and misses nothing', { timeout: 60_000 }, async () => {
  const { id } = await ada.createDocument('Cut')
  const socket = yWebsocket(server, id, ada.token)
  await socket.synced()
  socket.doc.getText('content').insert(0, 'before ')
  const live = await new Live(bob, id).open()
  await until(() => live.events.lastId === '1', 10_000, () => 'the id of the first commit')
  live.events.cut()
  await live.events.done
  socket.doc.getText('content').insert(0, 'meanwhile ')
  await until(async () => (await live.send('updates', Uint8Array.of(0, 0), live.stream)).status === 409, 10_000, () => 'the end of the old stream')
  live.doc.getText('content').insert(0, 'offline ')
  await live.saved()
  assert.equal(live.acknowledged.at(-1).code, 'conflict')
  await live.open()
  assert.equal(live.events.of('sync').length, 1, 'only what came after is sent')
  await says(live.doc, text(live.doc).startsWith('offline') ? 'offline meanwhile before ' : 'meanwhile offline before ')
  live.post(Y.encodeStateAsUpdate(live.doc, Buffer.from(live.meta.state_vector, 'base64')))
  await live.saved()
  assert.equal(live.acknowledged.at(-1).status, 200)
  await until(() => text(socket.doc) === text(live.doc), 10_000, () => 'what was typed offline')
  socket.close()
  live.close()
})

test('viewers watch, and whoever may not any more is put out', { timeout: 60_000 }, async () => {
  const { id } = await ada.createDocument('Watched', 'Seen.')
  const guest = await Rest.stranger(server)
  await ada.json('PUT', `/api/v1/documents/${id}/grants/${guest.session.user.id}`, { role: 'viewer' })
  const live = await new Live(guest, id).open()
  assert.equal(live.meta.read_only, true)
  assert.match(live.doc.getXmlFragment('default').toString(), /Seen/)
  live.doc.getText('content').insert(0, 'mine')
  await live.saved()
  assert.equal(live.acknowledged[0].status, 403)
  assert.equal((await live.postPresence()).status, 204)
  await ada.json('DELETE', `/api/v1/documents/${id}/grants/${guest.session.user.id}`)
  await until(() => live.events.over, 20_000, () => 'the end of the stream')
  assert.deepEqual(live.events.heard.filter(event => ['error', 'done'].includes(event.type)).map(event => event.data.code), ['not_found'])
  const again = new Events(`${server.url}/api/v1/documents/${id}/stream`, { authorization: `Bearer ${guest.token}` })
  await again.done
  assert.deepEqual([again.status, again.problem.code], [404, 'not_found'])
  live.close()
})

test('a POST without a stream is an edit of its own, in either format, and many at once lose nothing', { timeout: 60_000 }, async () => {
  const { id } = await ada.createDocument('Posted')
  const live = new Live(ada, id)
  const edits = Array.from({ length: 40 }, (_, i) => { const doc = new Y.Doc(); doc.getMap('meta').set(`k${i}`, i); return doc })
  const answers = await Promise.all(edits.map((doc, i) => i % 2
    ? live.send('updates', Y.encodeStateAsUpdateV2(doc), '?encoding=v2')
    : live.send('updates', Y.encodeStateAsUpdate(doc))))
  assert.deepEqual([...new Set(answers.map(answer => answer.status))], [200])
  const sequences = await Promise.all(answers.map(answer => answer.json()))
  assert.equal(Math.max(...sequences.map(answer => answer.sequence)), 40)
  await live.open()
  assert.equal(live.doc.getMap('meta').size, 40)
  live.close()
})

test('rubbish, too much and too little are refused with a problem, and the stream lives on', { timeout: 60_000 }, async () => {
  const { id } = await ada.createDocument('Hostile')
  const live = await new Live(ada, id).open()
  const refused = async (response, status, code) => {
    const answer = await response
    const problem = await answer.json()
    assert.deepEqual([answer.status, problem.code], [status, code], problem.detail)
  }
  for (const [what, update] of Object.entries(malformedUpdates)) {
    for (const query of [live.stream, '']) {
      const answer = await live.send('updates', update, query)
      assert.equal(answer.status, 422, `${what}: ${await answer.text()}`)
    }
  }
  await refused(live.send('updates', new Uint8Array((8 << 20) + 1)), 413, 'too_large')
  await refused(live.send('updates', Uint8Array.of(0, 0), '', { 'content-type': 'text/plain' }), 415, 'unsupported_media_type')
  await refused(live.send('updates', Uint8Array.of(0, 0), '?encoding=v3'), 400, 'invalid_request')
  await refused(live.send('updates', Uint8Array.of(0, 0), '?stream_id=nobody.1'), 409, 'conflict')
  await refused(live.send('presence', Uint8Array.of(0)), 409, 'conflict')
  await refused(live.send('presence', Uint8Array.of(3, 1, 1), live.stream), 422, 'content_invalid')
  const stranger = await Rest.stranger(server)
  await refused(new Live(stranger, id).send('updates', Uint8Array.of(0, 0), live.stream), 404, 'not_found')
  await refused(fetch(`${server.url}/api/v1/documents/${id}/stream`), 401, 'unauthenticated')
  await refused(fetch(`${server.url}/api/v1/documents/${id}/stream?token=nonsense`), 401, 'invalid_token')
  await refused(ada.request('GET', `/api/v1/documents/${id}/stream?state_vector=***`), 400, 'invalid_request')
  await refused(ada.request('GET', `/api/v1/documents/${id}/stream`, { headers: { 'last-event-id': 'x' } }), 400, 'invalid_request')
  live.doc.getText('content').insert(0, 'still here')
  await live.saved()
  assert.equal(live.acknowledged.at(-1).status, 200)
  assert.equal(live.events.over, false)
  live.close()
})

test('whoever holds a link watches on every wire as a guest, until it is removed', { timeout: 60_000 }, async () => {
  const { id } = await ada.createDocument('Shared', 'For everybody.')
  const link = await ada.json('POST', `/api/v1/documents/${id}/links`, { label: 'For the board', expires_in: 3600 }, 201)
  const stranger = new Rest(server.url)
  const query = `?share=${link.token}`
  const owner = yWebsocket(server, id, ada.token)
  const guests = [yWebsocket(server, id, '', { params: { share: link.token } }), hocuspocus(server, id, link.token)]
  const denied = []
  guests[1].provider.on('close', ({ event }) => denied.push(event.reason))
  const live = await new Live(stranger, id).open({ query, headers: {} })
  await Promise.all([owner, ...guests].map(editor => editor.synced()))
  for (const one of [...guests, live]) await until(() => /For everybody/.test(one.doc.getXmlFragment('default').toString()), 10_000, () => 'the text')
  guests[0].awareness.setLocalState({ user: { name: 'root', id: ada.session.user.id }, at: 1 })
  await until(() => [...owner.awareness.getStates().values()].some(state => state.at === 1 && state.user.name === 'Guest' && state.user.id === link.id && /^#/.test(state.user.color)), 10_000, () => 'a guest in presence')
  for (const guest of guests) guest.doc.getText('content').insert(0, 'mine')
  const { text: before } = await ada.content(id)
  assert.doesNotMatch(before, /mine/)
  assert.equal((await stranger.request('GET', `/api/v1/documents/${id}/content${query}`)).status, 200)
  await ada.json('DELETE', `/api/v1/documents/${id}/links/${link.id}`)
  await until(() => live.events.over, 20_000, () => 'the end of the stream')
  await until(() => !guests[0].provider.wsconnected && !guests[0].provider.shouldConnect, 20_000, () => 'the end of the socket')
  await until(() => denied.length > 0, 20_000, () => 'the end of the provider')
  assert.equal((await stranger.request('GET', `/api/v1/documents/${id}/content${query}`)).status, 404)
  assert.equal(text(owner.doc), '')
  for (const one of [owner, ...guests, live]) one.close()
})
