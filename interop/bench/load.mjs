// One load, in a process of its own: editors on real sockets of the Hocuspocus wire. Some of them write a time stamp at
// a steady rate, all others of the same document note when they see it. Prints one line of JSON.
// Usage: node load.mjs '{"url", "token", "names", "editors", "writers", "rate", "seconds", "warmup", "pid"}'
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { WebSocket } from 'ws'
import * as Y from 'yjs'

const { url, token, names, editors, writers, rate, seconds, warmup, pid } = JSON.parse(process.argv[2])
const SYNC = 0
const AUTH = 2
const [STEP_1, STEP_2, UPDATE] = [0, 1, 2]
const STAMP = Buffer.from('@!')
const STAMP_DIGITS = 12
const OPENING_AT_ONCE = 50

const clock = () => Math.floor(performance.now() * 1000)
const samples = new Float64Array(20_000_000)
const tally = { delivered: 0, due: 0, closed: 0 }
let measuring = false

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
function noteStamps (data) {
  const now = clock()
  for (let at = data.indexOf(STAMP); at >= 0; at = data.indexOf(STAMP, at + STAMP.length)) {
    const sent = parseInt(data.toString('latin1', at + STAMP.length, at + STAMP.length + STAMP_DIGITS), 36)
    if (measuring && sent && tally.delivered < samples.length) samples[tally.delivered++] = now - sent
  }
}

function open (name, writes) {
  const began = clock()
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    const doc = writes ? new Y.Doc() : null
    let ready = false
    socket.binaryType = 'nodebuffer'
    socket.on('open', () => socket.send(frame(name, AUTH, encoder => {
      encoding.writeVarUint(encoder, 0)
      encoding.writeVarString(encoder, token)
      encoding.writeVarString(encoder, '4.8.0')
    })))
    socket.on('message', data => {
      if (ready && !writes) return noteStamps(data)
      const decoder = decoding.createDecoder(data)
      decoding.readVarString(decoder)
      const type = decoding.readVarUint(decoder)
      if (type === AUTH) {
        if (decoding.readVarUint(decoder) === 1) return reject(new Error(`refused: ${decoding.readVarString(decoder)}`))
        socket.send(syncFrame(name, STEP_1, doc ? Y.encodeStateVector(doc) : Uint8Array.of(0)))
      } else if (type === SYNC) {
        const step = decoding.readVarUint(decoder)
        const bytes = decoding.readVarUint8Array(decoder)
        if (step === STEP_1) {
          socket.send(syncFrame(name, STEP_2, doc ? Y.encodeStateAsUpdate(doc, bytes) : Uint8Array.of(0, 0)))
        } else {
          if (doc) Y.applyUpdate(doc, bytes, socket)
          if (step === STEP_2 && !ready) { ready = true; resolve({ name, socket, doc, openedIn: clock() - began }) }
        }
      }
    })
    socket.on('error', error => { if (!ready) reject(error) })
    socket.on('close', (code, reason) => { tally.closed++; if (!ready) reject(new Error(`closed with ${code} ${reason}`)) })
  })
}

function write ({ name, socket, doc }) {
  const text = doc.getText('content')
  doc.on('update', (update, origin) => { if (origin !== socket) socket.send(syncFrame(name, UPDATE, update)) })
  const type = () => {
    text.insert(text.length, STAMP + clock().toString(36).padStart(STAMP_DIGITS, '0'))
    if (measuring) tally.due += editors - writers
  }
  return pause(Math.random() * 1000 / rate).then(() => setInterval(type, 1000 / rate))
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

const peers = []
for (const name of names) {
  for (let i = 0; i < editors; i += OPENING_AT_ONCE) {
    const count = Math.min(OPENING_AT_ONCE, editors - i)
    peers.push(...await Promise.all(Array.from({ length: count }, (_, k) => open(name, i + k < writers))))
  }
}
const timers = await Promise.all(peers.filter(peer => peer.doc).map(write))
await pause(warmup * 1000)
const before = usage()
const began = clock()
measuring = true
await pause(seconds * 1000)
timers.forEach(clearInterval)
const span = (clock() - began) / 1000
await pause(1500)
measuring = false
const after = usage()
const sorted = samples.subarray(0, tally.delivered).sort()
const quantile = q => tally.delivered ? sorted[Math.min(tally.delivered - 1, Math.floor(tally.delivered * q))] / 1000 : null
const opened = peers.map(peer => peer.openedIn).sort((a, b) => a - b)
console.log(JSON.stringify({
  ...tally,
  p50: quantile(0.5),
  p95: quantile(0.95),
  p99: quantile(0.99),
  openP95: opened[Math.floor(opened.length * 0.95)] / 1000,
  cpuPercent: (after.server - before.server) / span * 100,
  cpuPerMessageUs: (after.server - before.server) * 1000 / tally.delivered,
  cpuAllPerMessageUs: (after.all - before.all) * 1000 / tally.delivered,
  rssMb: after.rssMb
}))
process.exit(0)
