// yjs as an oracle: does to its own documents what each line of standard input says, and answers each with one line.
//
// A line is a JSON array of requests [command, ...arguments], its answer an array of objects, {"error"} where a command
// failed. Bytes travel as base64; what is long is answered by its SHA-1 when answers are to be brief. Values that JSON lacks
// travel as objects with one key: $undefined, $bytes, $bigint, $type (a type to be made), $doc. A type
// in a document is named by [root name, kind] or by [client, clock] of its item.
import { clock } from './clock.mjs'
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import * as Y from 'yjs'
import { Twin } from './twin.mjs'

// yjs reports a client id that is in use on the console, which here is the wire.
console.log = (...args) => console.error(...args)

const LONG = 150
/** In place of what is known to differ. */
const PASSED_OVER = 'passed over'

/** yjs brings something back into a type, or after a value, that came back itself and was collected since: it is not there. */
const BROKEN_REDO = /^TypeError: Cannot read properties of undefined \(reading '(_map|_item|redone)'\)\n +at (keepItem .*\n +at )?redoItem /

const docs = new Map()
const managers = new Map()
/** The same documents in ywasm. */
const twins = new Map()
const out = []
const outV2 = []
const events = []
let isBrief = false
let isFollowed = false

const unbytes = s => new Uint8Array(Buffer.from(s, 'base64'))
const digest = data => createHash('sha1').update(data).digest('hex')
const bytes = b => isBrief && b.length > LONG ? digest(b) : base64(b)
const base64 = b => Buffer.from(b).toString('base64')

/** A value as JSON; what JSON lacks must have been made plain. */
function json (v) {
  const string = JSON.stringify(v)
  return isBrief && string.length > LONG ? digest(string) : string
}

const kinds = { array: Y.Array, map: Y.Map, text: Y.Text, fragment: Y.XmlFragment }

function make ({ kind, name, content = [], attributes = {} }) {
  switch (kind) {
    case 'array': { const t = new Y.Array(); t.push(content.map(value)); return t }
    case 'map': { const t = new Y.Map(); for (const [k, v] of content) t.set(k, value(v)); return t }
    case 'text': { const t = new Y.Text(); prepare(t, content); return t }
    case 'xmltext': { const t = new Y.XmlText(); prepare(t, content); return t }
    case 'hook': { const t = new Y.XmlHook(name); for (const [k, v] of content) t.set(k, value(v)); return t }
    case 'element': {
      const t = new Y.XmlElement(name)
      for (const key in attributes) t.setAttribute(key, value(attributes[key]))
      t.insert(0, content.map(value))
      return t
    }
    default: throw new Error('unknown kind ' + kind)
  }
}

function prepare (text, inserts) {
  for (const [index, string, attributes] of inserts) {
    if (attributes) text.insert(index, string, attributes)
    else text.insert(index, string)
  }
}

function value (v) {
  if (v === null || typeof v !== 'object') return v
  if (Array.isArray(v)) return v.map(value)
  if ('$undefined' in v) return undefined
  if ('$number' in v) return Number(v.$number)
  if ('$bytes' in v) return unbytes(v.$bytes)
  if ('$bigint' in v) return BigInt(v.$bigint)
  if ('$type' in v) return make(v.$type)
  if ('$doc' in v) return new Y.Doc({ guid: v.$doc })
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, value(x)]))
}

function plain (v) {
  if (v === undefined) return { $undefined: 1 }
  if (v === null) return null
  if (typeof v === 'bigint') return { $bigint: v.toString() }
  if (typeof v === 'number') return Object.is(v, -0) || !Number.isFinite(v) ? { $number: Object.is(v, -0) ? '-0' : String(v) } : v
  if (typeof v !== 'object') return v
  if (v instanceof Uint8Array) return { $bytes: base64(v) }
  if (v instanceof Y.Doc) return { $doc: v.guid }
  if (v instanceof Y.XmlText || v instanceof Y.XmlFragment) return { $xml: v.toString() }
  if (v instanceof Y.Text) return { $text: delta(v) }
  if (v instanceof Y.Array) return { $array: v.toArray().map(plain) }
  if (v instanceof Y.Map) return { $map: [...v.entries()].map(([k, x]) => [k, plain(x)]) }
  if (Array.isArray(v)) return v.map(plain)
  return { $object: Object.entries(v).map(([k, x]) => [k, plain(x)]) }
}

const delta = text => text.toDelta().map(({ insert, attributes }) => [plain(insert), plain(attributes ?? {})])

/** An event as [path, delta, keys], or as its path alone. */
const shown = (event, computed) => computed
  ? [
      event.path,
      event.changes.delta.map(shownStep),
      [...event.keys].map(([key, { action, oldValue }]) => [key, action, plain(oldValue)])
    ]
  : [event.path]

const shownStep = ({ insert, retain, delete: deleted, attributes = {} }) =>
  deleted !== undefined ? ['delete', deleted] : retain !== undefined ? ['retain', retain, plain(attributes)] : ['insert', plain(insert), plain(attributes)]

const named = type => type._item === null ? Y.findRootTypeKey(type) : type._item.id.client + ':' + type._item.id.clock

function find (doc, address) {
  if (typeof address[0] === 'string') return doc.get(address[0], kinds[address[1]])
  const item = Y.getItem(doc.store, Y.createID(address[0], address[1]))
  return item.content.type
}

function content (doc, roots) {
  const content = {}
  for (const [name, kind] of roots) content[name] = plain(doc.get(name, kinds[kind]))
  return content
}

/** The structs of a document and what is deleted of them, without what waits. */
function placed (doc) {
  const { pendingStructs, pendingDs } = doc.store
  doc.store.pendingStructs = doc.store.pendingDs = null
  try {
    return Y.encodeStateAsUpdate(doc)
  } finally {
    Object.assign(doc.store, { pendingStructs, pendingDs })
  }
}

/**
 * Whether yjs, when it encodes what somebody lacks, takes a struct from what waits although it is placed and collected since.
 * There the engine differs on purpose: what is placed never gives way.
 */
function givesWay (doc, vector) {
  if (doc.store.pendingStructs === null) return false
  return Y.decodeUpdateV2(doc.store.pendingStructs.update).structs.some(struct => {
    const { client, clock } = struct.id
    const from = vector.get(client) ?? 0
    const first = Math.max(clock, from)
    if (!(struct instanceof Y.Item) || clock + struct.length <= from || Y.getState(doc.store, client) <= first) return false
    const structs = doc.store.clients.get(client)
    const placed = structs[Y.findIndexSS(structs, first)]
    return placed instanceof Y.GC && Math.max(placed.id.clock, from) === first
  })
}

/** What somebody with this state vector lacks, in both formats. */
function lacking (doc, vector) {
  if (givesWay(doc, Y.decodeStateVector(vector))) return [PASSED_OVER, PASSED_OVER]
  return [bytes(Y.encodeStateAsUpdate(doc, vector)), bytes(Y.encodeStateAsUpdateV2(doc, vector))]
}

const operations = {
  insert: (t, index, string, attributes) => attributes ? t.insert(index, string, attributes) : t.insert(index, string),
  embed: (t, index, embed, attributes) => t.insertEmbed(index, value(embed), attributes ?? undefined),
  delete: (t, index, length) => t.delete(index, length),
  format: (t, index, length, attributes) => t.format(index, length, attributes),
  delta: (t, steps) => t.applyDelta(steps.map(step => 'insert' in step ? { ...step, insert: value(step.insert) } : step)),
  values: (t, index, values) => t.insert(index, values.map(value)),
  push: (t, values) => t.push(values.map(value)),
  set: (t, key, v) => t instanceof Y.Map ? t.set(key, value(v)) : t.setAttribute(key, value(v)),
  unset: (t, key) => t instanceof Y.Map ? t.delete(key) : t.removeAttribute(key),
  touch: () => {}
}

/** Does something and answers what the documents announced meanwhile, in both formats. */
function announced (f) {
  out.length = outV2.length = events.length = 0
  f()
  return { updates: out.map(bytes), updatesV2: outV2.map(bytes), events: json(events) }
}

const commands = {
  reset ({ brief = false, followed = false } = {}) {
    for (const twin of twins.values()) twin.free()
    for (const map of [docs, managers, twins]) map.clear()
    isBrief = brief
    isFollowed = followed
    return {}
  },
  create (peer, client, keepsDeleted = false) {
    const doc = new Y.Doc({ gc: !keepsDeleted })
    doc.clientID = client
    doc.on('update', u => {
      out.push(u)
      twins.get(peer)?.apply(u)
    })
    doc.on('updateV2', u => outV2.push(u))
    docs.set(peer, doc)
    managers.delete(peer)
    twins.get(peer)?.free()
    if (isFollowed) twins.set(peer, new Twin(doc))
    return {}
  },
  /** Goes on from a state. */
  reload (peer, client, state) {
    commands.create(peer, client)
    commands.apply(peer, state)
    docs.get(peer).clientID = client
    return {}
  },
  observe (peer, address, ownComputed, deepComputed) {
    const type = find(docs.get(peer), address)
    type.observe(event => events.push(['own', address, shown(event, ownComputed)]))
    type.observeDeep(all => events.push(['deep', address, all.map(event => shown(event, deepComputed))]))
    return {}
  },
  edit (peer, steps, origin = null) {
    const doc = docs.get(peer)
    return announced(() => doc.transact(() => {
      for (const [name, address, ...args] of steps) operations[name](find(doc, address), ...args)
    }, origin))
  },
  tick: now => { clock.now = now; return {} },
  /** An undo manager for all of a document, or for the types at some addresses. */
  manage (peer, { scope, origins, ignoreRemoteMapChanges, spared }) {
    const doc = docs.get(peer)
    const manager = new Y.UndoManager(scope.length === 0 ? doc : scope.map(address => find(doc, address)), {
      trackedOrigins: new Set(origins),
      ignoreRemoteMapChanges,
      deleteFilter: item => spared === 0 || item.id.clock % spared !== 0
    })
    const note = kind => ({ type, origin, changedParentTypes }) =>
      events.push([kind, type, origin instanceof Y.UndoManager ? 'manager' : origin, [...changedParentTypes.keys()].map(named)])
    manager.on('stack-item-added', note('added'))
    manager.on('stack-item-updated', note('updated'))
    manager.on('stack-item-popped', note('popped'))
    manager.on('stack-cleared', ({ undoStackCleared, redoStackCleared }) => events.push(['cleared', undoStackCleared, redoStackCleared]))
    managers.set(peer, manager)
    return {}
  },
  /** Undoes, redoes, forgets or stops capturing. */
  undo (peer, method, ...args) {
    const manager = managers.get(peer)
    return announced(() => manager[method](...args.map(address => Array.isArray(address) ? find(docs.get(peer), address) : address)))
  },
  stacks (peer) {
    const { undoStack, redoStack } = managers.get(peer)
    return { undos: undoStack.length, redos: redoStack.length }
  },
  /** Observers that edit. */
  echo (peer) {
    const doc = docs.get(peer)
    const [plainText, list, map] = [doc.getText('plain'), doc.getArray('list'), doc.getMap('map')]
    plainText.observe(() => { if (list.length > 3) list.delete(0, 1) })
    list.observe(() => map.set('echo', list.length))
    return {}
  },
  apply (peer, update, origin = null) {
    twins.get(peer)?.apply(unbytes(update))
    return announced(() => Y.applyUpdate(docs.get(peer), unbytes(update), origin))
  },
  applyV2 (peer, update, origin = null) {
    twins.get(peer)?.applyV2(unbytes(update))
    return announced(() => Y.applyUpdateV2(docs.get(peer), unbytes(update), origin))
  },
  document (peer, roots) {
    const doc = docs.get(peer)
    const [state, stateV2] = lacking(doc, new Uint8Array(1))
    return {
      vector: bytes(Y.encodeStateVector(doc)),
      snapshot: bytes(Y.encodeSnapshot(Y.snapshot(doc))),
      pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
      structs: [...doc.store.clients.values()].reduce((n, list) => n + list.length, 0),
      store: bytes(placed(doc)),
      state,
      stateV2,
      content: json(content(doc, roots))
    }
  },
  /** In what the same document in ywasm is another one. */
  follow (peer, roots) {
    const twin = twins.get(peer)
    const deviations = twin.deviations(roots)
    const isKnown = deviations.length > 0 && twin.isAsOthers(roots)
    return { deviations: isKnown ? PASSED_OVER : JSON.stringify(deviations) }
  },
  ywasmState: peer => twins.get(peer).state(),
  since (peer, vector) {
    const [update, updateV2] = lacking(docs.get(peer), unbytes(vector))
    return { update, updateV2 }
  },
  snapshot (peer) {
    const snapshot = Y.snapshot(docs.get(peer))
    return { snapshot: bytes(Y.encodeSnapshot(snapshot)), snapshotV2: bytes(Y.encodeSnapshotV2(snapshot)) }
  },
  restore: (peer, snapshot) => ({
    state: bytes(Y.encodeStateAsUpdate(Y.createDocFromSnapshot(docs.get(peer), Y.decodeSnapshot(unbytes(snapshot)))))
  }),
  contains: (snapshot, update) => ({ contains: Y.snapshotContainsUpdate(Y.decodeSnapshot(unbytes(snapshot)), unbytes(update)) }),
  toV1: update => ({ update: bytes(Y.convertUpdateFormatV2ToV1(unbytes(update))) }),
  toV2: update => ({ update: bytes(Y.convertUpdateFormatV1ToV2(unbytes(update))) }),
  mergeV2: updates => ({ update: bytes(Y.mergeUpdatesV2(updates.map(unbytes))) }),
  diffV2: (update, vector) => ({ update: bytes(Y.diffUpdateV2(unbytes(update), unbytes(vector))) }),
  merge: updates => ({ update: bytes(Y.mergeUpdates(updates.map(unbytes))) }),
  diff: (update, vector) => ({ update: bytes(Y.diffUpdate(unbytes(update), unbytes(vector))) }),
  vector: update => ({ vector: bytes(Y.encodeStateVectorFromUpdate(unbytes(update))) }),
  position (peer, address, index, assoc) {
    const doc = docs.get(peer)
    const position = Y.createRelativePositionFromTypeIndex(find(doc, address), index, assoc)
    return { position: bytes(Y.encodeRelativePosition(position)), json: json(Y.relativePositionToJSON(position)) }
  },
  resolve (peer, position) {
    const found = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(unbytes(position)), docs.get(peer))
    return { index: found === null ? -1 : found.index }
  }
}

function answer ([command, ...args]) {
  try {
    return commands[command](...args)
  } catch (e) {
    return BROKEN_REDO.test(e.stack) ? { broke: e.stack } : { error: e.stack }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(JSON.parse(line).map(answer)) + '\n')
}
