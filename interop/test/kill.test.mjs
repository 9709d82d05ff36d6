// Editors type through both wires, the server is killed with SIGKILL at a random moment and started again: every
// acknowledged edit is there. KILLS sets how often (default 10), SEED the moments.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'
import { hocuspocus, yWebsocket } from '../lib/editors.mjs'
import { random, seedOf } from '../lib/random.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'

const kills = +(process.env.KILLS ?? 10)
const seed = seedOf('kill')
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
let server
before(async () => { server = await Server.start() }, { timeout: 120_000 })
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

test(`nothing acknowledged is lost in ${kills} kills`, { timeout: kills * 40_000 + 60_000 }, async () => {
  const dice = random(seed)
  const safe = []
  const acknowledged = new Map()
  let sent = 0
  const { id } = await (await Rest.ada(server)).createDocument('Killed')
  for (let round = 0; round < kills; round++) {
    const [ada, bob] = await Promise.all([Rest.ada(server), Rest.bob(server)])
    const typists = [
      new HocuspocusTypist(hocuspocus(server, id, ada.token), `a${round}`),
      new HocuspocusTypist(hocuspocus(server, id, bob.token), `b${round}`),
      new YWebsocketTypist(yWebsocket(server, id, ada.token), `c${round}`),
      new YWebsocketTypist(yWebsocket(server, id, bob.token), `d${round}`)
    ]
    await Promise.all(typists.map(typist => typist.editor.synced()))
    for (const typist of typists) typist.start(3 + dice.below(5))
    await pause(200 + dice.below(800))
    await server.kill()
    for (const typist of typists) { typist.stop(); typist.editor.close() } // so that nobody brings edits back
    safe.push(...typists.flatMap(typist => typist.safe))
    for (const typist of typists) acknowledged.set(typist.editor.wire, (acknowledged.get(typist.editor.wire) ?? 0) + typist.acknowledged)
    sent += typists.reduce((n, typist) => n + typist.sent.length, 0)

    await server.boot()
    const reader = hocuspocus(server, id, (await Rest.ada(server)).token)
    await reader.synced()
    const text = reader.doc.getText('content').toString()
    reader.close()
    const found = new Map()
    for (const [mark] of text.matchAll(/<[a-d]\d+-\d+>/g)) found.set(mark, (found.get(mark) ?? 0) + 1)
    const lost = safe.filter(mark => found.get(mark) !== 1)
    assert.deepEqual(lost, [], `round ${round}, SEED=${seed}: acknowledged edits are missing or doubled`)
    const served = await (await Rest.ada(server)).content(id, 'text')
    assert.equal(served.text.trim(), text.trim(), 'REST and the socket answer the same text')
  }
  for (const [wire, count] of acknowledged) assert.ok(count > 0, `nothing was acknowledged on the ${wire} wire`)
  console.log(`# ${kills} kills, ${sent} edits sent, ${safe.length} acknowledged, 0 lost`)
})
