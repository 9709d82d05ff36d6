// Editors that nobody here wrote: y-websocket and the Hocuspocus provider, as they come from npm.
import { HocuspocusProvider } from '@hocuspocus/provider'
import { WebsocketProvider } from 'y-websocket'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { until } from './until.mjs'

/** An editor on the y-websocket wire; `Provider`: that of another major version; `doc`: one that is there already. */
export function yWebsocket (server, documentId, token, { Provider = WebsocketProvider, doc = new Y.Doc(), ...options } = {}) {
  const provider = new Provider(`${server.ws}/yjs`, documentId, doc, {
    WebSocketPolyfill: WebSocket, params: { token }, disableBc: true, maxBackoffTime: 500, ...options
  })
  return {
    wire: 'y-websocket',
    doc,
    provider,
    awareness: provider.awareness,
    synced: () => until(() => provider.synced, 20_000, () => 'sync on the y-websocket wire'),
    offline: () => provider.disconnect(),
    online: () => provider.connect(),
    close: () => { provider.destroy(); doc.destroy() }
  }
}

/** An editor on the Hocuspocus wire; `Provider`: that of another major version. */
export function hocuspocus (server, documentId, token, { Provider = HocuspocusProvider, doc = new Y.Doc(), ...options } = {}) {
  const provider = new Provider({ url: `${server.ws}/collab`, name: documentId, document: doc, token, WebSocketPolyfill: WebSocket, ...options })
  return {
    wire: 'hocuspocus',
    doc,
    provider,
    awareness: provider.awareness,
    synced: () => until(() => provider.isSynced, 20_000, () => 'sync on the Hocuspocus wire'),
    saved: () => until(() => provider.isSynced && !provider.hasUnsyncedChanges, 20_000, () => 'acknowledgement of all edits'),
    offline: () => provider.configuration.websocketProvider.disconnect(),
    online: () => provider.configuration.websocketProvider.connect(),
    close: () => { provider.destroy(); provider.configuration.websocketProvider.destroy(); doc.destroy() }
  }
}

export const same = docs => docs.every(doc => Buffer.compare(Buffer.from(Y.encodeStateVector(doc)), Buffer.from(Y.encodeStateVector(docs[0]))) === 0 &&
  doc.getText('content').toString() === docs[0].getText('content').toString())
