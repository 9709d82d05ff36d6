// What the Hocuspocus provider can do beside writing: stateless messages, several sessions of one document on one socket, and a
// token that is renewed while the socket lives.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { HocuspocusProvider as Hocuspocus2, HocuspocusProviderWebsocket as Hocuspocus2Socket } from 'hocuspocus-provider-2'
import { HocuspocusProvider as Hocuspocus3 } from 'hocuspocus-provider-3'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { hocuspocus, same, yWebsocket } from '../lib/editors.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

let server
/** Tokens live for so long; the server asks for a newer one 30 s before their end. */
const TOKEN_SECONDS = 36
before(async () => { server = await Server.start({ MATERI_AUTH_ACCESS_TOKEN_TTL: `${TOKEN_SECONDS}s` }) }, { timeout: 120_000 })
after(() => server?.stop())

/** An editor that keeps the stateless messages that it hears. */
function listener (id, token, options = {}) {
  const heard = []
  return Object.assign(hocuspocus(server, id, token, { ...options, onStateless: ({ payload }) => heard.push(payload) }), { heard })
}

test('what a writer says with sendStateless is heard by providers of every version, and by nobody from a viewer', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const viewer = await Rest.stranger(server)
  const { id } = await ada.createDocument('Said beside it')
  await ada.json('POST', '/api/v1/workspaces/demo/members', { user_id: viewer.session.user.id, role: 'viewer' })
  const second = listener(id, ada.token, { Provider: Hocuspocus2, websocketProvider: new Hocuspocus2Socket({ url: `${server.ws}/collab`, WebSocketPolyfill: WebSocket }) })
  const third = listener(id, ada.token, { Provider: Hocuspocus3 })
  const fourth = listener(id, ada.token)
  const reader = listener(id, viewer.token)
  const other = yWebsocket(server, id, ada.token)
  const all = [second, third, fourth, reader]
  await Promise.all([...all, other].map(editor => editor.synced()))

  reader.provider.sendStateless('from the reader')
  second.provider.sendStateless('from 2')
  third.provider.sendStateless('from 3')
  fourth.provider.sendStateless(JSON.stringify({ from: 4, text: 'ünïcödé 🙂' }))

  const said = ['from 2', 'from 3', '{"from":4,"text":"ünïcödé 🙂"}']
  const expected = [said.slice(1), [said[0], said[2]], said.slice(0, 2), said]
  await until(() => all.every((editor, i) => expected[i].every(words => editor.heard.includes(words))), 20_000, () => JSON.stringify(all.map(({ heard }) => heard)))
  all.forEach((editor, i) => assert.deepEqual(editor.heard.toSorted(), expected[i].toSorted()))
  fourth.doc.getText('content').insert(0, 'and it goes on')
  await until(() => same([...all, other].map(({ doc }) => doc)) && other.doc.getText('content').length > 0, 20_000, () => 'the same text everywhere')
  await fourth.saved()
  ;[...all, other].forEach(editor => editor.close())
})

test('providers with sessionAwareness share a socket and a document, each with its own text, presence, rights and end', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const viewer = await Rest.stranger(server)
  const { id } = await ada.createDocument('Shared socket')
  await ada.json('POST', '/api/v1/workspaces/demo/members', { user_id: viewer.session.user.id, role: 'viewer' })
  const socket = new HocuspocusProviderWebsocket({ url: `${server.ws}/collab`, WebSocketPolyfill: WebSocket })
  let sockets = 0
  socket.on('open', () => sockets++)
  const session = token => {
    const heard = []
    const provider = new HocuspocusProvider({ websocketProvider: socket, name: id, document: new Y.Doc(), token, sessionAwareness: true, onStateless: ({ payload }) => heard.push(payload) })
    provider.attach()
    return { provider, heard, text: provider.document.getText('content'), client: provider.document.clientID }
  }
  const [first, second, reader] = [session(ada.token), session(ada.token), session(viewer.token)]
  const outside = hocuspocus(server, id, ada.token)
  const sessions = [first, second, reader]
  await until(() => sessions.every(({ provider }) => provider.isSynced && provider.isAuthenticated), 20_000, () => JSON.stringify(sessions.map(({ provider }) => provider.isSynced)))
  await outside.synced()
  assert.deepEqual(sessions.map(({ provider }) => provider.authorizedScope), ['read-write', 'read-write', 'readonly'])

  first.text.insert(0, '[first]')
  second.text.insert(0, '[second]')
  outside.doc.getText('content').insert(0, '[outside]')
  const everywhere = words => until(() => [...sessions.map(({ text }) => text), outside.doc.getText('content')].every(text => words.every(word => text.toString().includes(word))), 20_000,
    () => `${words} in ${sessions.map(({ text }) => text)} and ${outside.doc.getText('content')}`)
  await everywhere(['[first]', '[second]', '[outside]'])
  await until(() => [first, second].every(({ provider }) => !provider.hasUnsyncedChanges), 20_000, () => 'acknowledgement for each')

  sessions.forEach(({ provider }, i) => provider.setAwarenessField('cursor', `session ${i}`))
  const cursors = awareness => [...awareness.getStates().values()].map(({ cursor }) => cursor).filter(Boolean).toSorted()
  const seen = count => until(() => [outside.awareness, ...sessions.slice(0, count).map(({ provider }) => provider.awareness)].every(awareness => cursors(awareness).length === count), 20_000,
    () => JSON.stringify(sessions.map(({ provider }) => cursors(provider.awareness))))
  await seen(3)
  const [, foreign] = [...outside.awareness.getStates()].find(([client]) => client === reader.client)
  assert.equal(foreign.user.id, viewer.session.user.id)

  first.provider.sendStateless('to all but the first')
  await until(() => [second, reader].every(({ heard }) => heard.length === 1), 20_000, () => JSON.stringify(sessions.map(({ heard }) => heard)))
  assert.deepEqual(first.heard, [])

  reader.provider.destroy()
  await seen(2)
  second.text.insert(0, '[after]')
  await until(() => [first.text, outside.doc.getText('content')].every(text => text.toString().includes('[after]')), 20_000, () => 'the others go on')

  socket.webSocket.close()
  first.text.insert(0, '[away]')
  await until(() => sockets >= 2 && [first, second].every(({ provider }) => provider.isSynced && !provider.hasUnsyncedChanges), 20_000, () => 'both are back')
  await until(() => [second.text, outside.doc.getText('content')].every(text => text.toString().includes('[away]')), 20_000, () => 'what was written meanwhile')
  await seen(2)
  for (const { provider } of [first, second]) provider.destroy()
  socket.destroy()
  outside.close()
})

test('a provider is asked for a newer token in time, gives it and goes on', { timeout: 120_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Longer than a token')
  const tokens = []
  const token = async () => {
    if (tokens.length > 0) {
      ada.session = await ada.json('POST', '/api/v1/auth/refresh', { refresh_token: ada.session.refresh_token })
      ada.token = ada.session.access_token
    }
    tokens.push(ada.token)
    return ada.token
  }
  let closes = 0
  const editor = hocuspocus(server, id, token, { onClose: () => closes++ })
  await editor.synced()

  await until(() => tokens.length > 1, 60_000, () => 'a question for a newer token')
  editor.doc.getText('content').insert(0, 'still here')
  await editor.saved()

  assert.notEqual(tokens[0], tokens[1])
  assert.equal(closes, 0)
  assert.equal((await ada.content(id)).text.trim(), 'still here')
  editor.close()
})
