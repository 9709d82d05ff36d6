// The clients of earlier years: every major version of both providers that is still in use, together in one document.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HocuspocusProvider as Hocuspocus2, HocuspocusProviderWebsocket as Hocuspocus2Socket } from 'hocuspocus-provider-2'
import { HocuspocusProvider as Hocuspocus3 } from 'hocuspocus-provider-3'
import { WebSocket } from 'ws'
import { WebsocketProvider as YWebsocket1 } from 'y-websocket-1'
import { WebsocketProvider as YWebsocket2 } from 'y-websocket-2'
import { hocuspocus, same, yWebsocket } from '../lib/editors.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

const OPENERS = {
  'y-websocket 1': (...of) => yWebsocket(...of, { Provider: YWebsocket1 }),
  'y-websocket 2': (...of) => yWebsocket(...of, { Provider: YWebsocket2 }),
  'y-websocket 3': yWebsocket,
  'Hocuspocus 2': (server, ...of) => hocuspocus(server, ...of, {
    Provider: Hocuspocus2, websocketProvider: new Hocuspocus2Socket({ url: `${server.ws}/collab`, WebSocketPolyfill: WebSocket })
  }),
  'Hocuspocus 3': (...of) => hocuspocus(...of, { Provider: Hocuspocus3 }),
  'Hocuspocus 4': hocuspocus
}
let server
before(async () => { server = await Server.start() }, { timeout: 120_000 })
after(() => server?.stop())

test('clients of every major version write one document, see each other and come back', { timeout: 120_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Generations of clients')
  const editors = Object.entries(OPENERS).map(([name, open]) => Object.assign(open(server, id, ada.token), { name }))
  await Promise.all(editors.map(editor => editor.synced()))
  const text = editor => editor.doc.getText('content')
  const allHave = words => until(() => editors.every(editor => words.every(word => text(editor).toString().includes(word))) && same(editors.map(({ doc }) => doc)), 20_000,
    () => `${words} in ${editors.map(editor => `${editor.name}: ${text(editor)}`).join('; ')}`)

  for (const editor of editors) {
    text(editor).insert(0, `[${editor.name}]`)
    editor.awareness.setLocalStateField('user', { name: 'Somebody else' })
  }
  await allHave(editors.map(({ name }) => `[${name}]`))
  const others = editor => [...editor.awareness.getStates()].filter(([client]) => client !== editor.doc.clientID).map(([, state]) => state.user?.name)
  await until(() => editors.every(editor => others(editor).filter(name => name === ada.session.user.name).length >= editors.length - 1), 20_000,
    () => `presence of all: ${editors.map(editor => `${editor.name}: ${others(editor)}`).join('; ')}`)

  const connected = ({ provider }) => provider.wsconnected ?? provider.configuration.websocketProvider.status === 'connected'
  editors.forEach(editor => editor.offline())
  await until(() => !editors.some(connected), 20_000, () => 'nobody connected')
  editors.forEach(editor => text(editor).insert(0, `[${editor.name}, away]`))
  editors.forEach(editor => editor.online())
  await allHave(editors.map(({ name }) => `[${name}, away]`))
  for (const editor of editors) await editor.saved?.()
  const { text: stored } = await ada.content(id)
  for (const { name } of editors) assert.ok(stored.includes(`[${name}, away]`), stored)
  editors.forEach(editor => editor.close())
})

test('a viewer of every major version reads along and writes nothing', { timeout: 120_000 }, async () => {
  const ada = await Rest.ada(server)
  const viewer = await Rest.stranger(server)
  const { id } = await ada.createDocument('To be read', undefined)
  await ada.json('POST', '/api/v1/workspaces/demo/members', { user_id: viewer.session.user.id, role: 'viewer' })
  const writer = hocuspocus(server, id, ada.token)
  await writer.synced()
  const readers = Object.values(OPENERS).map(open => open(server, id, viewer.token))
  await Promise.all(readers.map(reader => reader.synced()))

  readers.forEach(reader => reader.doc.getText('content').insert(0, 'EVIL'))
  writer.doc.getText('content').insert(0, 'good')

  await until(() => readers.every(reader => reader.doc.getText('content').toString().includes('good')), 20_000, () => 'everybody reads it')
  await writer.saved()
  assert.equal((await ada.content(id)).text.trim(), 'good')
  readers.forEach(reader => reader.close())
  writer.close()
})
