// A peer of the engine behind standard input and output: a line of JSON asks for one measurement, a line answers.
// Numbers in an answer are measurements, strings must be equal wherever they are given. Asked by EngineWorker's side of it.
// Usage: node --expose-gc peer.mjs yjs|ywasm
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const ROOT = 'content'
const LIBRARIES = { yjs, ywasm }
const peer = await LIBRARIES[process.argv[2]]()
const files = new Map()
let held = { file: null, doc: null }

async function yjs () {
  const Y = await import('yjs')
  return {
    open: () => new Y.Doc(),
    apply: Y.applyUpdate,
    encode: Y.encodeStateAsUpdate,
    merge: Y.mergeUpdates,
    text: doc => doc.getText(ROOT).toString(),
    json: (doc, kind) => (kind === 'array' ? doc.getArray(ROOT) : doc.getMap(ROOT)).toJSON(),
    isByteEqual: true,
    release () {}
  }
}

/** Its documents live outside the garbage collector: those that a measurement made are freed after it. */
async function ywasm () {
  const { default: Y } = await import('ywasm')
  const made = []
  return {
    open () {
      made.push(new Y.YDoc(undefined))
      return made.at(-1)
    },
    apply: (doc, update) => Y.applyUpdate(doc, update, undefined),
    encode: doc => Y.encodeStateAsUpdate(doc, undefined),
    text: doc => doc.getText(ROOT).toString(undefined),
    json: (doc, kind) => (kind === 'array' ? doc.getArray(ROOT) : doc.getMap(ROOT)).toJson(undefined),
    isByteEqual: false,
    release () {
      for (const doc of made.splice(0)) if (doc !== held.doc) doc.free()
    }
  }
}

const digestOf = parts => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')
const digest = bytes => digestOf([bytes])
const sorted = (key, value) => value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value
const contentDigest = (doc, kind) => digest(kind === 'text' ? peer.text(doc) : JSON.stringify(peer.json(doc, kind), sorted))
const ends = doc => peer.isByteEqual ? { state: digest(peer.encode(doc)) } : {}

function once (file, read) {
  if (!files.has(file)) files.set(file, read(readFileSync(file)))
  return files.get(file)
}

function split (all) {
  const updates = []
  for (let at = 0; at < all.length;) {
    const end = at + 4 + all.readUInt32BE(at)
    updates.push(new Uint8Array(all.subarray(at + 4, end)))
    at = end
  }
  return updates
}

/** The mean of as many executions as a time takes, one at least. */
function timed (atLeastMs, work) {
  const begin = performance.now()
  for (let times = 1; ; times++) {
    const result = work()
    const ms = performance.now() - begin
    if (ms >= atLeastMs) return { ms: ms / times, result }
  }
}

function load (bytes) {
  const doc = peer.open()
  peer.apply(doc, bytes)
  return doc
}

const tasks = {
  apply ({ updates, kind, atLeastMs }) {
    const list = once(updates, split)
    const { ms, result } = timed(atLeastMs, () => {
      const doc = peer.open()
      for (const update of list) peer.apply(doc, update)
      return doc
    })
    return { ms, content: contentDigest(result, kind), ...ends(result) }
  },

  edit ({ edits, atLeastMs }) {
    const transactions = once(edits, JSON.parse)
    const { ms, result } = timed(atLeastMs, () => {
      const doc = peer.open()
      const updates = []
      doc.clientID = 1
      doc.on('update', update => updates.push(update))
      const text = doc.getText(ROOT)
      for (const edits of transactions) {
        doc.transact(() => {
          for (const [position, deleted, inserted] of edits) {
            if (deleted) text.delete(position, deleted)
            if (inserted) text.insert(position, inserted)
          }
        })
      }
      return updates
    })
    return { ms, updates: digestOf(result) }
  },

  load ({ state, atLeastMs }) {
    const bytes = once(state, file => new Uint8Array(file))
    const { ms, result } = timed(atLeastMs, () => peer.text(load(bytes)))
    return { ms, content: digest(result) }
  },

  encode ({ state, atLeastMs }) {
    if (held.file !== state) held = { file: state, doc: load(once(state, file => new Uint8Array(file))) }
    const { ms } = timed(atLeastMs, () => peer.encode(held.doc))
    return { ms, ...ends(held.doc) }
  },

  merge ({ updates, count, atLeastMs }) {
    const some = once(updates, split).slice(0, count)
    const { ms, result } = timed(atLeastMs, () => peer.merge(some))
    return { ms, merged: digest(result) }
  },

  positions ({ state, formatted, edits, atLeastMs }) {
    const file = state + formatted
    if (held.file !== file) {
      held = { file, doc: load(once(state, file => new Uint8Array(file))) }
      if (formatted) held.doc.getText(ROOT).format(0, 1, { bold: true })
    }
    const text = held.doc.getText(ROOT)
    let place = 1
    const { ms } = timed(atLeastMs, () => {
      for (let edit = 0; edit < edits; edit++) {
        place = place * 48_271 % 2_147_483_647
        const index = place % (text.length - 1)
        if (edit % 2 === 0) text.insert(index, 'b')
        else text.delete(index, 1)
      }
    })
    return { us: 1_000 * ms / edits }
  },

  heap ({ state, documents }) {
    const bytes = once(state, file => new Uint8Array(file))
    const used = () => {
      global.gc()
      return process.memoryUsage().heapUsed
    }
    const before = used()
    const docs = Array.from({ length: documents }, () => load(bytes))
    return { bytes: (used() - before) / docs.length }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  const answer = tasks[request.task](request)
  peer.release()
  console.log(JSON.stringify(answer))
}
