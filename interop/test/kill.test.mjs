// Editors type through both wires, the server is killed with SIGKILL at a random moment and started again: every
// acknowledged edit is there once. KILLS sets how often (default 30), SEED the moments, PATIENCE how
// many times as long to wait for a server on a machine that has much else to do.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'
import { hocuspocus, yWebsocket } from '../lib/editors.mjs'
import { random, seedOf } from '../lib/random.mjs'
import { Rest } from '../lib/rest.mjs'
import { patience, Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

const kills = +(process.env.KILLS ?? 30)
const seed = seedOf('kill')

/** A document that is written on and on takes ever longer to open; a new one is taken up, and all are looked at in the end. */
const ROUNDS_A_DOCUMENT = 25

/** A token of ten minutes is renewed after this; it outlives the server that gave it. */
const TOKEN_MS = 240_000

/** Long on a crowded machine, and no loss: whoever waits in vain says so in other words than whoever misses an edit. */
const SYNC_MS = 120_000 * patience

/** A request that a crowded machine did not answer in time is made again; any other failure is one. */
const patiently = request => until(() => request().catch(failure => {
  if (!/\b50[34]\b|fetch failed/.test(failure.message)) throw failure
}), SYNC_MS, () => `an answer to ${request}`)

/** It lives for a second or two: a server that compiles less is there sooner. */
const BRIEF_LIFE = '-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1'

const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
let server
before(async () => { server = await Server.start({ MATERI_JAVA_OPTS: BRIEF_LIFE }) }, { timeout: 120_000 * patience })
after(() => server?.stop())

/** Types marks at the end of the text and notes which of them the server has acknowledged. */
class Typist {
  sent = []
  acknowledged = 0
  #timer

  constructor (editor, name) {
    this.editor = editor
    this.name = name
  }

  start (everyMs) {
    const text = this.editor.doc.getText('content')
    this.#timer = setInterval(() => {
      const mark = `<${this.name}-${this.sent.length}>`
      this.sent.push(mark)
      text.insert(text.length, mark)
      this.afterTyping()
    }, everyMs)
  }

  afterTyping () {}
  stop () { clearInterval(this.#timer) }
  get safe () { return this.sent.slice(0, this.acknowledged) }
}

/** Acknowledged by SyncStatus: one for each update, in order, so all but the last `number` of what was sent is saved. */
class HocuspocusTypist extends Typist {
  constructor (editor, name) {
    super(editor, name)
    editor.provider.on('unsyncedChanges', ({ number }) => { this.acknowledged = Math.max(this.acknowledged, this.sent.length - number) })
  }
}

/** Acknowledged by the answer to a step 1 that was sent after the edits. */
class YWebsocketTypist extends Typist {
  #asked = []

  constructor (editor, name) {
    super(editor, name)
    const { provider } = editor
    const handle = provider.messageHandlers[0]
    provider.messageHandlers[0] = (encoder, decoder, ...rest) => {
      const step = decoding.peekVarUint(decoder)
      handle(encoder, decoder, ...rest)
      if (step === sync.messageYjsSyncStep2 && this.#asked.length) this.acknowledged = Math.max(this.acknowledged, this.#asked.shift())
    }
  }

  afterTyping () {
    if (this.sent.length % 5 || this.editor.provider.ws?.readyState !== 1) return
    this.#asked.push(this.sent.length)
    this.editor.provider.ws.send(encoding.encode(encoder => {
      encoding.writeVarUint(encoder, 0)
      sync.writeSyncStep1(encoder, this.editor.doc)
    }))
  }
}

/** A document, and which marks have to be there. */
class Written {
  safe = []
  constructor (id) { this.id = id }

  /** Every acknowledged mark is in the text, once; {@code when} says after what. */
  check (text, when) {
    const found = new Map()
    for (const [mark] of text.matchAll(/<[a-d]\d+-\d+>/g)) found.set(mark, (found.get(mark) ?? 0) + 1)
    const lost = this.safe.filter(mark => found.get(mark) !== 1)
    assert.deepEqual(lost, [], `${when}, SEED=${seed}: acknowledged edits are missing or doubled`)
  }
}

/** Signed in, for a while. */
class Desk {
  #until = 0

  async users () {
    if (Date.now() > this.#until) {
      this.signedIn = await Promise.all([patiently(() => Rest.ada(server)), patiently(() => Rest.bob(server))])
      this.#until = Date.now() + TOKEN_MS
    }
    return this.signedIn
  }
}

const inSync = typists => until(() => typists.every(({ editor: { provider } }) => provider.isSynced ?? provider.synced), SYNC_MS, () => 'everybody in sync')

test(`nothing acknowledged is lost in ${kills} kills`, { timeout: (kills * 60_000 + 120_000) * patience }, async () => {
  const dice = random(seed)
  const desk = new Desk()
  const documents = []
  const acknowledged = new Map()
  let sent = 0
  const safe = () => documents.reduce((n, { safe }) => n + safe.length, 0)
  for (let round = 0; round < kills; round++) {
    const [ada, bob] = await desk.users()
    if (round % ROUNDS_A_DOCUMENT === 0) documents.push(new Written((await patiently(() => ada.createDocument('Killed'))).id))
    const document = documents.at(-1)
    const typists = [
      new HocuspocusTypist(hocuspocus(server, document.id, ada.token), `a${round}`),
      new HocuspocusTypist(hocuspocus(server, document.id, bob.token), `b${round}`),
      new YWebsocketTypist(yWebsocket(server, document.id, ada.token), `c${round}`),
      new YWebsocketTypist(yWebsocket(server, document.id, bob.token), `d${round}`)
    ]
    await inSync(typists)
    // What the last kill left, before anybody adds to it.
    const texts = typists.map(({ editor }) => editor.doc.getText('content').toString())
    for (const text of texts) assert.equal(text, texts[0], 'all editors begin with the same text')
    document.check(texts[0], `kill ${round}`)
    assert.equal((await patiently(() => ada.content(document.id, 'text'))).text.trim(), texts[0].trim(), 'REST and the sockets answer the same text')

    for (const typist of typists) typist.start(3 + dice.below(5))
    await pause(100 + dice.below(600))
    await server.kill()
    for (const typist of typists) { typist.stop(); typist.editor.close() } // so that nobody brings edits back
    document.safe.push(...typists.flatMap(typist => typist.safe))
    for (const typist of typists) acknowledged.set(typist.editor.wire, (acknowledged.get(typist.editor.wire) ?? 0) + typist.acknowledged)
    sent += typists.reduce((n, typist) => n + typist.sent.length, 0)
    if ((round + 1) % 50 === 0) console.log(`# after ${round + 1} kills: ${sent} edits sent, ${safe()} acknowledged`)
    await server.boot()
  }
  const [ada] = await desk.users()
  for (const document of documents) document.check((await patiently(() => ada.content(document.id, 'text'))).text, 'in the end')
  for (const [wire, count] of acknowledged) assert.ok(count > 0, `nothing was acknowledged on the ${wire} wire`)
  console.log(`# ${kills} kills, ${sent} edits sent, ${safe()} acknowledged, 0 lost`)
})
