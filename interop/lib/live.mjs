// An editor without a socket: a Yjs document over an event stream and POSTs, as the HTML standard and docs/api.md say.
import * as Y from 'yjs'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import { until } from './until.mjs'

/** One reading of an event stream, as an EventSource reads it: blocks of lines, the last id kept. */
export class Events {
  heard = []
  lastId = ''
  status = null
  over = false
  #abort = new AbortController()

  constructor (url, headers = {}, listener = () => {}) {
    this.done = this.#read(url, headers, listener).catch(error => { this.error = error }).finally(() => { this.over = true })
  }

  async #read (url, headers, listener) {
    const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: this.#abort.signal })
    this.status = response.status
    if (response.status !== 200) { this.problem = await response.json(); return }
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop()
      for (const block of blocks) this.#block(block, listener)
    }
  }

  #block (block, listener) {
    const fields = Object.fromEntries(block.split('\n').filter(line => !line.startsWith(':')).map(line => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]))
    if (fields.id) this.lastId = fields.id
    if (!fields.event) return
    const event = { type: fields.event, data: JSON.parse(fields.data) }
    this.heard.push(event)
    listener(event)
  }

  of (type) { return this.heard.filter(event => event.type === type) }
  first (type) { return until(() => this.of(type)[0] ?? (this.over ? Promise.reject(new Error(`the stream ended without ${type}: ${this.status} ${JSON.stringify(this.heard.at(-1) ?? this.problem)}`)) : null), 15_000, () => `event ${type}`).then(event => event.data) }
  cut () { this.#abort.abort() }
}

const bytes = base64 => new Uint8Array(Buffer.from(base64, 'base64'))

export class Live {
  doc = new Y.Doc()
  awareness = new Awareness(this.doc)
  #posts = Promise.resolve()
  acknowledged = []

  /** @param rest whose token it uses; @param guid of a sub-document */
  constructor (rest, documentId, guid) {
    this.guid = guid
    this.rest = rest
    this.path = `/api/v1/documents/${documentId}`
    this.doc.on('update', (update, origin) => { if (origin !== this) this.post(update) })
    this.awareness.on('update', (_, origin) => { if (origin === 'local' && !this.over) this.postPresence() })
  }

  /** Opens the stream, or comes back to it after the last event that was seen. */
  async open ({ query = '', headers = { authorization: `Bearer ${this.rest.token}` } } = {}) {
    const lastId = this.events?.lastId
    const sub = this.guid === undefined ? '' : `${query ? '&' : '?'}sub_document=${encodeURIComponent(this.guid)}`
    this.events = new Events(`${this.rest.url}${this.path}/stream${query}${sub}`, { ...headers, ...(lastId ? { 'last-event-id': lastId } : {}) }, event => this.#heard(event))
    this.meta = await this.events.first('meta')
    await this.events.first('synced')
    return this
  }

  #heard ({ type, data }) {
    if (type === 'sync' || type === 'update') Y.applyUpdate(this.doc, bytes(data.update), this)
    if (type === 'presence') applyAwarenessUpdate(this.awareness, bytes(data.presence), this)
  }

  send (what, body, query = '', headers = {}) {
    return this.rest.request('POST', `${this.path}/${what}${query}`, { body, headers: { 'content-type': 'application/octet-stream', ...headers } })
  }

  get stream () { return `?stream_id=${encodeURIComponent(this.meta.stream_id)}${this.guid === undefined ? '' : `&sub_document=${encodeURIComponent(this.guid)}`}` }

  /** One after the other, each until it is acknowledged. */
  post (update) {
    this.#posts = this.#posts.then(async () => {
      const response = await this.send('updates', update, this.stream)
      const answer = await response.json()
      this.acknowledged.push({ status: response.status, ...answer })
    })
  }

  postPresence () {
    return this.send('presence', encodeAwarenessUpdate(this.awareness, [this.doc.clientID]), this.stream)
  }

  saved () { return this.#posts }
  close () { this.over = true; this.events?.cut(); this.awareness.destroy(); this.doc.destroy() }
}
