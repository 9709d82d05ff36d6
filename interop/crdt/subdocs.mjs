// Sub-documents of yjs as an oracle: a line of standard input is a JSON array [command, ...arguments], and is answered with
// a line of JSON, {"error"} when the command failed. Bytes travel as base64. An instance is named by its guid and a number,
// in the order in which this script comes to see those of the same guid; what happens to documents is told by these names.
import * as Y from 'yjs'
import { createInterface } from 'node:readline'

console.log = console.error = () => {}

const peers = new Map()
const managers = new Map()
const instances = new Map()
const names = new Map()
const counts = new Map()
const watched = new Set()
const log = []

const bytes = b => Buffer.from(b).toString('base64')
const unbytes = s => new Uint8Array(Buffer.from(s, 'base64'))

function name (sub) {
  if (names.has(sub)) return names.get(sub)
  const n = counts.get(sub.guid) ?? 0
  counts.set(sub.guid, n + 1)
  const given = sub.guid + '/' + n
  names.set(sub, given)
  instances.set(given, sub)
  sub.on('destroy', () => log.push(['destroy', given]))
  return given
}

/** Notes what happens to the sub-documents of a document. */
function watch (doc, as) {
  if (watched.has(doc)) return
  watched.add(doc)
  doc.on('subdocs', ({ loaded, added, removed }) =>
    log.push(['subdocs', as, [...loaded].map(name), [...added].map(name), [...removed].map(name)]))
}

/** A value: {"$doc": [guid, options]} is a sub-document to be made, {"$map": {...}} a map. */
function value (v) {
  if (v !== null && typeof v === 'object') {
    if ('$doc' in v) {
      const sub = new Y.Doc({ guid: v.$doc[0], ...v.$doc[1] })
      name(sub)
      return sub
    }
    if ('$map' in v) return new Y.Map(Object.entries(v.$map).map(([k, x]) => [k, value(x)]))
  }
  return v
}

const operations = {
  set: (peer, key, v) => peers.get(peer).getMap('map').set(key, value(v)),
  unset: (peer, key) => peers.get(peer).getMap('map').delete(key),
  push: (peer, values) => peers.get(peer).getArray('list').push(values.map(value)),
  delete: (peer, index, length) => peers.get(peer).getArray('list').delete(index, length),
  load: sub => instances.get(sub).load(),
  destroy: sub => instances.get(sub).destroy(),
  write: (sub, text) => instances.get(sub).getText('text').insert(0, text),
  nest (sub, key, v) {
    watch(instances.get(sub), sub)
    instances.get(sub).getMap('map').set(key, value(v))
  },
  undo: peer => { managers.get(peer).undo() },
  redo: peer => { managers.get(peer).redo() },
  together: (peer, steps) => peers.get(peer).transact(() => steps.forEach(run)),
  apply: (peer, update) => Y.applyUpdate(peers.get(peer), unbytes(update), 'remote')
}

const run = ([operation, ...args]) => operations[operation](...args)

const commands = {
  reset () {
    for (const all of [peers, managers, instances, names, counts, watched]) all.clear()
    return {}
  },
  create (peer, client, collectionid) {
    const doc = new Y.Doc({ collectionid })
    doc.clientID = client
    doc.on('update', u => log.push(['update', peer, bytes(u)]))
    doc.on('updateV2', u => log.push(['updateV2', peer, bytes(u)]))
    watch(doc, peer)
    // Asking for a new array is a transaction of its own, which a manager would take for a step.
    doc.getMap('map')
    doc.getArray('list')
    peers.set(peer, doc)
    managers.set(peer, new Y.UndoManager(doc, { captureTimeout: 0 }))
    return {}
  },
  /** Does something and answers what was heard meanwhile. */
  run (step) {
    log.length = 0
    run(step)
    return { log: [...log] }
  },
  state (peer) {
    const doc = peers.get(peer)
    const { undoStack, redoStack } = managers.get(peer)
    return {
      state: bytes(Y.encodeStateAsUpdate(doc)),
      stateV2: bytes(Y.encodeStateAsUpdateV2(doc)),
      guids: [...doc.getSubdocGuids()],
      subs: [...doc.getSubdocs()].map(name),
      entries: [...doc.getMap('map').entries()].map(([k, v]) => [k, v instanceof Y.Doc ? name(v) : null]),
      values: doc.getArray('list').toArray().map(v => v instanceof Y.Doc ? name(v) : null),
      steps: [undoStack.length, redoStack.length]
    }
  },
  /** All that is known of an instance; its content when some was written. */
  instance (sub, hasContent) {
    const doc = instances.get(sub)
    return {
      guid: doc.guid,
      gc: doc.gc,
      autoLoad: doc.autoLoad,
      shouldLoad: doc.shouldLoad,
      meta: doc.meta,
      collectionid: doc.collectionid,
      destroyed: doc.isDestroyed,
      held: doc._item !== null,
      content: hasContent ? bytes(Y.encodeStateAsUpdate(doc)) : null,
      client: hasContent ? doc.clientID : 0
    }
  },
  merge: updates => ({ update: bytes(Y.mergeUpdates(updates.map(unbytes))) }),
  toV2: update => ({ update: bytes(Y.convertUpdateFormatV1ToV2(unbytes(update))) })
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer
  try {
    const [command, ...args] = JSON.parse(line)
    answer = commands[command](...args)
  } catch (e) {
    answer = { error: e.stack }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
