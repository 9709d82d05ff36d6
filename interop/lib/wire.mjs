// Sockets that say whatever they are told to, and hear what comes back; no client library in between.
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { WebSocket } from 'ws'
import { until } from './until.mjs'

/** Bytes as lib0 writes them: numbers as varUint, text as varString, arrays of bytes behind their length. */
export function bytes (...parts) {
  const encoder = encoding.createEncoder()
  for (const part of parts) {
    if (typeof part === 'number') encoding.writeVarUint(encoder, part)
    else if (typeof part === 'string') encoding.writeVarString(encoder, part)
    else if (part.raw) encoding.writeUint8Array(encoder, Uint8Array.from(part.raw))
    else encoding.writeVarUint8Array(encoder, Uint8Array.from(part))
  }
  return encoding.toUint8Array(encoder)
}

/** These very bytes, without a length in front. */
export const raw = (...given) => ({ raw: given.flat() })

export const MESSAGE = { sync: 0, awareness: 1, auth: 2, queryAwareness: 3, syncReply: 4, stateless: 5, broadcastStateless: 6, close: 7, syncStatus: 8, ping: 9, pong: 10 }

/** One socket; `heard` is all that came, newest last, and `ended` is {code, reason} once it is closed. */
export class Wire {
  heard = []
  ended = null

  constructor (url, { protocols = [], headers = {} } = {}) {
    const socket = new WebSocket(url, protocols, { headers, perMessageDeflate: false, handshakeTimeout: 15_000, maxPayload: 64 << 20 })
    this.socket = socket
    this.opened = new Promise((resolve, reject) => {
      socket.on('open', resolve)
      socket.on('unexpected-response', (_, response) => { reject(Object.assign(new Error(`refused with ${response.statusCode}`), { status: response.statusCode })); response.resume(); socket.terminate() })
      socket.on('error', reject)
    })
    this.opened.catch(() => {})
    socket.on('message', data => this.heard.push(new Uint8Array(data)))
    socket.on('close', (code, reason) => { this.ended = { code, reason: reason.toString() } })
  }

  static async open (url, options) {
    const wire = new Wire(url, options)
    await wire.opened
    return wire
  }

  send (message) { if (this.socket.readyState === WebSocket.OPEN) this.socket.send(message) }
  /** Past the framing: what is no frame at all, or a broken one. */
  scribble (...pieces) { for (const piece of pieces) this.socket._socket?.write(Buffer.from(piece)) }
  until (condition, what) { return until(() => condition(), 12_000, () => `${what}; heard ${this.heard.length} messages, ended ${JSON.stringify(this.ended)}`) }
  async close () {
    this.socket.close()
    await this.until(() => this.ended, 'end of a socket')
  }

  kill () { this.socket.terminate() }
}

/** What a Hocuspocus message says: {name, type, and by type: step, payload, status, reason, scope, words}. */
export function understand (message) {
  if (message.length === 1) return { type: message[0] }
  const decoder = decoding.createDecoder(message)
  const name = decoding.readVarString(decoder)
  return { name, ...payloadOf(decoder) }
}

/** The same of the y-websocket wire, which has no names. */
export function understandUnnamed (message) { return payloadOf(decoding.createDecoder(message)) }

function payloadOf (decoder) {
  const type = decoding.readVarUint(decoder)
  switch (type) {
    case MESSAGE.sync: case MESSAGE.syncReply: return { type, step: decoding.readVarUint(decoder), payload: decoding.readVarUint8Array(decoder) }
    case MESSAGE.awareness: return { type, payload: decoding.readVarUint8Array(decoder) }
    case MESSAGE.auth: {
      const kind = decoding.readVarUint(decoder)
      return kind === 1 ? { type, reason: decoding.readVarString(decoder) } : kind === 2 ? { type, scope: decoding.readVarString(decoder) } : { type, asked: true }
    }
    case MESSAGE.close: return { type, reason: decoding.readVarString(decoder) }
    case MESSAGE.stateless: return { type, words: decoding.readVarString(decoder) }
    case MESSAGE.syncStatus: return { type, status: decoding.readVarUint(decoder) }
    default: return { type }
  }
}

/** A Hocuspocus socket with one document open on it. */
export class Collab extends Wire {
  static async attach (server, name, token, options) {
    const wire = new Collab(`${server.ws}/collab`, options)
    await wire.opened
    wire.name = name
    wire.say(MESSAGE.auth, 0, token, '4.8.0')
    await wire.until(() => wire.all().some(message => message.scope) || wire.ended, 'admission')
    return wire
  }

  say (...parts) { this.send(bytes(this.name, ...parts)) }
  all () { return this.heard.map(understand) }
  get dismissal () { return this.all().find(message => message.type === MESSAGE.close)?.reason }
  get denial () { return this.all().find(message => message.type === MESSAGE.auth && message.reason)?.reason }

  /** Whether the socket still answers, after all that was said before. */
  async answers () {
    const pongs = () => this.heard.filter(message => message.length === 1 && message[0] === MESSAGE.pong).length
    const before = pongs()
    this.send(Uint8Array.of(MESSAGE.ping))
    await this.until(() => pongs() > before || this.ended, 'a pong')
    return !this.ended
  }
}

/** A socket of the y-websocket wire. */
export class Yjs extends Wire {
  static async attach (server, document, token, options) {
    const wire = new Yjs(`${server.ws}/yjs/${document}?token=${encodeURIComponent(token)}`, options)
    await wire.opened
    await wire.until(() => wire.heard.length > 0 || wire.ended, 'step 1 or a close code')
    return wire
  }

  all () { return this.heard.map(understandUnnamed) }

  /** Whether the socket still answers a step 1, which it does when all before it is committed. */
  async answers () {
    const answers = () => this.all().filter(message => message.type === MESSAGE.sync && message.step === 1).length
    const before = answers()
    this.send(bytes(MESSAGE.sync, 0, [0]))
    await this.until(() => answers() > before || this.ended, 'an answer to step 1')
    return !this.ended
  }
}
