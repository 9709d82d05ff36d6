// Many clients of the Hocuspocus wire that do little, in a process of their own. Prints one line of JSON at its end.
// Usage: node crowd.mjs '{"kind": "idle" | "fill" | "joins" | "pastes", "url", "token", "names", …}'
import { once } from 'node:events'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { SkimmingSocket } from './skimming-socket.mjs'

const { kind, url, token, names, sockets, megabytes, joins, edits } = JSON.parse(process.argv[2])
const [SYNC, AUTH, SYNC_STATUS] = [0, 2, 8]
const [STEP_1, STEP_2, UPDATE] = [0, 1, 2]
const OPENING_AT_ONCE = 50
const MEGABYTES_A_FRAME = 4
const WORDS = 80_000

const frame = (name, type, write) => encoding.encode(encoder => {
  encoding.writeVarString(encoder, name)
  encoding.writeVarUint(encoder, type)
  write(encoder)
})
const syncFrame = (name, step, bytes) => frame(name, SYNC, encoder => {
  encoding.writeVarUint(encoder, step)
  encoding.writeVarUint8Array(encoder, bytes)
})

const open = name => frame(name, AUTH, encoder => {
  encoding.writeVarUint(encoder, 0)
  encoding.writeVarString(encoder, token)
  encoding.writeVarString(encoder, '4.8.0')
})

/** A socket with one document open; resolves at its first step 2. */
function join (name) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 1 << 28 })
    socket.binaryType = 'nodebuffer'
    socket.on('open', () => {
      socket.send(open(name))
      socket.send(syncFrame(name, STEP_1, Uint8Array.of(0)))
    })
    socket.on('message', data => {
      const decoder = decoding.createDecoder(data)
      decoding.readVarString(decoder)
      if (decoding.readVarUint(decoder) !== SYNC) return
      const step = decoding.readVarUint(decoder)
      if (step === STEP_1) socket.send(syncFrame(name, STEP_2, Uint8Array.of(0, 0)))
      if (step === STEP_2) resolve({ socket })
    })
    socket.on('error', reject)
    socket.on('close', code => reject(new Error(`closed with ${code}`)))
  })
}

async function idle () {
  for (let i = 0; i < sockets; i += OPENING_AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(OPENING_AT_ONCE, sockets - i) }, (_, k) => join(names[(i + k) % names.length])))
  }
  console.log('ready')
  await once(process.stdin.resume(), 'end')
}

async function fill () {
  const [name] = names
  const { socket } = await join(name)
  const doc = new Y.Doc()
  doc.on('update', update => socket.send(syncFrame(name, UPDATE, update)))
  let saved = 0
  const all = new Promise(resolve => socket.on('message', data => {
    const decoder = decoding.createDecoder(data)
    decoding.readVarString(decoder)
    if (decoding.readVarUint(decoder) === SYNC_STATUS && ++saved > Math.ceil(megabytes / MEGABYTES_A_FRAME)) resolve()
  }))
  for (let left = megabytes; left > 0; left -= MEGABYTES_A_FRAME) {
    doc.getText('content').insert(0, 'text of a large document, '.repeat(Math.ceil(Math.min(left, MEGABYTES_A_FRAME) * 1e6 / 26)))
  }
  await all
}

/** As {@link join}, by a client that keeps nothing; resolves with the size of its first step 2. */
function skim (name) {
  return new Promise((resolve, reject) => {
    const socket = new SkimmingSocket(url, {
      open: () => {
        socket.send(open(name))
        socket.send(syncFrame(name, STEP_1, Uint8Array.of(0)))
      },
      message: (head, size) => {
        const decoder = decoding.createDecoder(head)
        decoding.readVarString(decoder)
        if (decoding.readVarUint(decoder) !== SYNC || decoding.readVarUint(decoder) !== STEP_2) return
        socket.terminate()
        resolve(size)
      },
      failed: reject
    })
  })
}

async function crowdJoins () {
  const [name] = names
  let writer
  if (edits) {
    const { socket } = await join(name)
    const doc = new Y.Doc()
    doc.on('update', update => socket.send(syncFrame(name, UPDATE, update)))
    writer = setInterval(() => doc.getText('other').insert(0, 'typed '), 100)
  }
  const began = performance.now()
  const took = await Promise.all(Array.from({ length: joins }, async () => {
    const size = await skim(name)
    return { size, seconds: (performance.now() - began) / 1000 }
  }))
  clearInterval(writer)
  const largest = Math.max(...took.map(({ size }) => size))
  console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, whole: took.filter(({ size }) => size > largest * 0.9).length, slowest: Math.max(...took.map(({ seconds }) => seconds)) }))
}

/** Half a megabyte of text of which every other word is bold, and the deletion of all of it. */
function formatted () {
  const doc = new Y.Doc()
  const text = doc.getText('content')
  doc.transact(() => text.applyDelta(Array.from({ length: WORDS }, (_, i) => ({ insert: 'words ', attributes: i % 2 ? { bold: true } : {} }))))
  const paste = Y.encodeStateAsUpdate(doc)
  const before = Y.encodeStateVector(doc)
  text.delete(0, text.length)
  return [paste, Y.encodeStateAsUpdate(doc, before)]
}

/** One pair a document: how long what one types takes to the other, in milliseconds. */
async function converse (name, delays) {
  const [writer, reader] = [await join(name), await join(name)]
  const doc = new Y.Doc()
  reader.socket.on('message', data => {
    const at = data.indexOf('@!')
    if (at >= 0) delays.push(performance.now() - parseFloat(data.toString('latin1', at + 2, at + 14)))
  })
  doc.on('update', update => writer.socket.send(syncFrame(name, UPDATE, update)))
  return setInterval(() => doc.getText('content').insert(0, `@!${performance.now().toFixed(3).padStart(12)}`), 20)
}

async function pastes () {
  const [pages, others] = [names.slice(0, names.length / 2), names.slice(names.length / 2)]
  const updates = formatted()
  const delays = []
  const talks = await Promise.all(others.map(name => converse(name, delays)))
  const places = []
  for (const name of pages) places.push({ name, ...await join(name) })
  const saved = ({ socket, name }) => new Promise(resolve => socket.on('message', function listen (data) {
    const decoder = decoding.createDecoder(data)
    decoding.readVarString(decoder)
    if (decoding.readVarUint(decoder) !== SYNC_STATUS) return
    socket.off('message', listen)
    resolve(name)
  }))
  delays.length = 0
  for (const place of places) {
    for (const update of updates) {
      const done = saved(place)
      place.socket.send(syncFrame(place.name, UPDATE, update))
      await done
    }
  }
  talks.forEach(clearInterval)
  delays.sort((one, other) => one - other)
  console.log(JSON.stringify({ edits: pages.length, bytes: updates[0].length, p50: delays[delays.length >> 1], p99: delays[Math.floor(delays.length * 0.99)], most: delays.at(-1) }))
}

await { idle, fill, joins: crowdJoins, pastes }[kind]()
process.exit(0)
