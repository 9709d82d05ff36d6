// One load, in a process of its own: editors on real sockets of the Hocuspocus wire. Some of them write a time stamp at
// a steady rate, all others of the same document note when they see it; with cursors, every editor moves its own once a
// second. Prints one line of JSON.
// Usage: node load.mjs '{"url", "token", "names", "editors", "writers", "rate", "cursors", "seconds", "warmup", "pid"}'
import { readFileSync, readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { SkimmingSocket } from './skimming-socket.mjs'

const { url, token, names, editors, writers, rate, cursors, seconds, warmup, pid } = JSON.parse(process.argv[2])
const SYNC = 0
const AWARENESS = 1
const AUTH = 2
const SYNC_STATUS = 8
const [STEP_1, STEP_2, UPDATE] = [0, 1, 2]
const STAMP = Buffer.from('@!')
const CURSOR_STAMP = Buffer.from('@?')
const STAMP_DIGITS = 12
const OPENING_AT_ONCE = 50
const READERS_A_LOOK = 10
/** What is kept of a message: enough for many edits in one, and for all cursors of a thousand. */
const [READER_BYTES, LOOKER_BYTES] = [4_096, 1_048_576]

const clock = () => Math.floor(performance.now() * 1000)
/** Latencies of one kind, in microseconds. */
class Samples {
  #taken = new Float64Array(20_000_000)
  count = 0

  add (value) {
    if (measuring && this.count < this.#taken.length) this.#taken[this.count++] = value
  }

  quantiles () {
    const sorted = this.#taken.subarray(0, this.count).sort()
    const at = q => this.count ? sorted[Math.min(this.count - 1, Math.floor(this.count * q))] / 1000 : null
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
}

let measuring = false
const edits = new Samples()
const acknowledgements = new Samples()
const presence = new Samples()
const tally = { due: 0, closed: 0 }

const frame = (name, type, write) => encoding.encode(encoder => {
  encoding.writeVarString(encoder, name)
  encoding.writeVarUint(encoder, type)
  write(encoder)
})
const syncFrame = (name, step, bytes) => frame(name, SYNC, encoder => {
  encoding.writeVarUint(encoder, step)
  encoding.writeVarUint8Array(encoder, bytes)
})

/** Finds stamps in raw frames without decoding them, so that the client costs little beside the server. */
function noteStamps (data, stamp, samples) {
  const now = clock()
  for (let at = data.indexOf(stamp); at >= 0; at = data.indexOf(stamp, at + stamp.length)) {
    const sent = parseInt(data.toString('latin1', at + stamp.length, at + stamp.length + STAMP_DIGITS), 36)
    if (sent) samples.add(now - sent)
  }
}

const auth = name => frame(name, AUTH, encoder => {
  encoding.writeVarUint(encoder, 0)
  encoding.writeVarString(encoder, token)
  encoding.writeVarString(encoder, '4.8.0')
})

/**
 * Opens a document without a Y.Doc and without a copy of what is sent: thousands of them are to cost the client less than they
 * cost the server, or it is the client that is measured.
 *
 * @param live what looks at each message after the second step
 * @param keep bytes that it sees of one
 */
function openSkimming (name, live, keep) {
  const began = clock()
  return new Promise((resolve, reject) => {
    let ready = false
    const socket = new SkimmingSocket(url, {
      open: () => {
        socket.send(auth(name))
        socket.send(syncFrame(name, STEP_1, Uint8Array.of(0)))
      },
      message: head => {
        if (ready) return live(head)
        const decoder = decoding.createDecoder(head)
        decoding.readVarString(decoder)
        const type = decoding.readVarUint(decoder)
        if (type === AUTH && decoding.readVarUint(decoder) === 1) return reject(new Error(`refused: ${decoding.readVarString(decoder)}`))
        if (type !== SYNC) return
        const step = decoding.readVarUint(decoder)
        if (step === STEP_1) socket.send(syncFrame(name, STEP_2, Uint8Array.of(0, 0)))
        if (step === STEP_2) {
          ready = true
          resolve({ name, socket, openedIn: clock() - began })
        }
      },
      failed: error => { tally.closed++; reject(error) }
    }, keep)
  })
}

const typeOf = (name, message) => message[1 + name.length]

/** Somebody who writes alone and is only asked when what they wrote is acknowledged. */
async function openAlone (name) {
  const unacknowledged = []
  const peer = await openSkimming(name, head => {
    if (typeOf(name, head) === SYNC_STATUS && unacknowledged.length) acknowledgements.add(clock() - unacknowledged.shift())
  }, READER_BYTES)
  return Object.assign(peer, { alone: true, unacknowledged })
}

/**
 * Calls each of many once a period, each at its own moment of it. Intervals would not: those that were late together once stay
 * together from then on.
 */
class Beats {
  #beats = []

  constructor (period) {
    this.period = period
  }

  add (action) {
    this.#beats.push({ phase: Math.random() * this.period, action })
  }

  /** @returns what ends it */
  start () {
    this.#beats.sort((one, other) => one.phase - other.phase)
    const began = performance.now()
    let next = 0
    const due = () => began + Math.floor(next / this.#beats.length) * this.period + this.#beats[next % this.#beats.length].phase
    const timer = setInterval(() => {
      for (const now = performance.now(); this.#beats.length && due() <= now; next++) this.#beats[next % this.#beats.length].action()
    }, 1)
    return () => clearInterval(timer)
  }
}

/** The update with which a client that has typed `length` units types a few more behind them (update format v1). */
function typed (client, length, text) {
  return encoding.encode(encoder => {
    for (const number of [1, 1, client, length]) encoding.writeVarUint(encoder, number)
    encoding.writeUint8(encoder, length ? 0x84 : 0x04)
    if (length) {
      encoding.writeVarUint(encoder, client)
      encoding.writeVarUint(encoder, length - 1)
    } else {
      encoding.writeVarUint(encoder, 1)
      encoding.writeVarString(encoder, 'content')
    }
    encoding.writeVarString(encoder, text)
    encoding.writeVarUint(encoder, 0)
  })
}

function writeAlone ({ name, socket, unacknowledged }, number) {
  let length = 0
  const type = () => {
    const update = typed(1_000_000_000 + number, length, STAMP.toString().padEnd(STAMP_DIGITS + 2, 'x'))
    length += STAMP_DIGITS + 2
    unacknowledged.push(clock())
    if (measuring) tally.due++
    socket.send(syncFrame(name, UPDATE, update))
  }
  edit.add(type)
}

/** @param looks whether it notes when it sees cursors: one in so many does, since a thousand would leave the server little */
function openReader (name, looks) {
  return openSkimming(name, head => {
    if (typeOf(name, head) !== AWARENESS) return noteStamps(head, STAMP, edits)
    if (looks) noteStamps(head, CURSOR_STAMP, presence)
  }, looks && cursors ? LOOKER_BYTES : READER_BYTES)
}

/** Somebody who writes, with a Y.Doc. */
function openWriter (name) {
  const began = clock()
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    const doc = new Y.Doc()
    const peer = { name, socket, doc, unacknowledged: [] }
    let ready = false
    socket.binaryType = 'nodebuffer'
    socket.on('open', () => socket.send(auth(name)))
    socket.on('message', data => {
      if (ready && typeOf(name, data) === AWARENESS) return
      const decoder = decoding.createDecoder(data)
      decoding.readVarString(decoder)
      const type = decoding.readVarUint(decoder)
      if (type === AUTH) {
        if (decoding.readVarUint(decoder) === 1) return reject(new Error(`refused: ${decoding.readVarString(decoder)}`))
        socket.send(syncFrame(name, STEP_1, Y.encodeStateVector(doc)))
      } else if (type === SYNC) {
        const step = decoding.readVarUint(decoder)
        const bytes = decoding.readVarUint8Array(decoder)
        if (step === STEP_1) {
          socket.send(syncFrame(name, STEP_2, Y.encodeStateAsUpdate(doc, bytes)))
        } else {
          Y.applyUpdate(doc, bytes, socket)
          if (step === STEP_2 && !ready) { ready = true; resolve(Object.assign(peer, { openedIn: clock() - began })) }
        }
      } else if (type === SYNC_STATUS && peer.unacknowledged.length) {
        acknowledgements.add(clock() - peer.unacknowledged.shift())
      }
    })
    socket.on('error', error => { if (!ready) reject(error) })
    socket.on('close', (code, reason) => { tally.closed++; if (!ready) reject(new Error(`closed with ${code} ${reason}`)) })
  })
}

function write ({ name, socket, doc, unacknowledged }) {
  const text = doc.getText('content')
  doc.on('update', (update, origin) => {
    if (origin === socket) return
    unacknowledged.push(clock())
    socket.send(syncFrame(name, UPDATE, update))
  })
  const type = () => {
    text.insert(text.length, STAMP + clock().toString(36).padStart(STAMP_DIGITS, '0'))
    if (measuring) tally.due += editors - writers
  }
  edit.add(type)
}

function openOne (name, number) {
  if (editors === 1) return openAlone(name)
  return number < writers ? openWriter(name) : openReader(name, number % READERS_A_LOOK === 0)
}

/** Moves a cursor once a second; a state as y-prosemirror writes it, and a stamp. */
function moveCursor ({ name, socket }, number) {
  const place = { type: null, tname: 'default', item: { client: 1_000_000_000 + number, clock: 12_345 }, assoc: 0 }
  let moves = 0
  move.add(() => {
    const state = JSON.stringify({ user: {}, cursor: { anchor: place, head: place }, at: CURSOR_STAMP + clock().toString(36).padStart(STAMP_DIGITS, '0') })
    socket.send(frame(name, AWARENESS, encoder => encoding.writeVarUint8Array(encoder, encoding.encode(states => {
      encoding.writeVarUint(states, 1)
      encoding.writeVarUint(states, 1_000_000_000 + number)
      encoding.writeVarUint(states, ++moves)
      encoding.writeVarString(states, state)
    }))))
  })
}

/** CPU milliseconds and resident megabytes of a process and, beside them, of all its descendants. */
function usage () {
  const parents = new Map()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try { parents.set(+entry, +readFileSync(`/proc/${entry}/stat`, 'latin1').split(') ').at(-1).split(' ')[1]) } catch { /* it has just ended */ }
  }
  const family = [pid]
  for (let i = 0; i < family.length; i++) for (const [child, parent] of parents) if (parent === family[i]) family.push(child)
  const cpuOf = id => { try { const fields = readFileSync(`/proc/${id}/stat`, 'latin1').split(') ').at(-1).split(' '); return (+fields[11] + +fields[12]) * 10 } catch { return 0 } }
  return { server: cpuOf(pid), all: family.reduce((sum, id) => sum + cpuOf(id), 0), rssMb: +/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1] / 1024 }
}

const edit = new Beats(1000 / rate)
const move = new Beats(1000)
const peers = []
for (const name of names) {
  for (let i = 0; i < editors; i += OPENING_AT_ONCE) {
    const count = Math.min(OPENING_AT_ONCE, editors - i)
    peers.push(...await Promise.all(Array.from({ length: count }, (_, k) => openOne(name, i + k))))
  }
}
peers.filter(peer => peer.doc).forEach(write)
peers.filter(peer => peer.alone).forEach(writeAlone)
if (cursors) peers.forEach(moveCursor)
const ends = [edit.start(), move.start()]
await pause(warmup * 1000)
const before = usage()
/** How late this process itself is, which is in every latency that it measures. */
const lag = monitorEventLoopDelay({ resolution: 1 })
lag.enable()
const began = clock()
measuring = true
await pause(seconds * 1000)
ends.forEach(end => end())
const span = (clock() - began) / 1000
await pause(1500)
measuring = false
const after = usage()
const opened = peers.map(peer => peer.openedIn).sort((a, b) => a - b)
const messages = edits.count || acknowledgements.count
console.log(JSON.stringify({
  ...tally,
  delivered: messages,
  ...edits.quantiles(),
  acknowledged: { aSecond: acknowledgements.count / span * 1000, ...acknowledgements.quantiles() },
  presence: { count: presence.count, ...presence.quantiles() },
  clientLate: lag.percentile(99) / 1e6,
  openP95: opened[Math.floor(opened.length * 0.95)] / 1000,
  cpuPercent: (after.server - before.server) / span * 100,
  cpuPerMessageUs: (after.server - before.server) * 1000 / messages,
  cpuAllPerMessageUs: (after.all - before.all) * 1000 / messages,
  rssMb: after.rssMb
}))
process.exit(0)
