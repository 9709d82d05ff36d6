// A document of ywasm that follows one of yjs: it is given every update that the other receives and announces.
//
// ywasm 0.18.3 deviates from yjs in some ways that are known; each has its place here, named "Known:", and no other
// deviation is passed over. crdt/README.md lists them with their smallest histories.
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import W from 'ywasm'

const yjsKinds = { array: Y.Array, map: Y.Map, text: Y.Text, fragment: Y.XmlFragment }

export class Twin {
  #leader
  #doc = new W.YDoc({})
  /** What it was given, each as what does so to a document of yjs. */
  #given = []
  /** What it threw; after that it cannot be asked any more. */
  #failure = null

  constructor (leader) {
    this.#leader = leader
  }

  apply (update) {
    if (this.#leavesHole(Y.decodeUpdate(update))) return
    this.#given.push(doc => Y.applyUpdate(doc, update))
    this.#attempt(() => W.applyUpdate(this.#doc, update, undefined))
  }

  applyV2 (update) {
    if (this.#leavesHole(Y.decodeUpdateV2(update))) return
    this.#given.push(doc => Y.applyUpdateV2(doc, update))
    this.#attempt(() => W.applyUpdateV2(this.#doc, update, undefined))
  }

  /**
   * Known: ywasm takes what comes after a hole in a client's clocks as if there were none, and never takes what fills it.
   * What leaves one it is not given; it gets that as its leader announces it.
   */
  #leavesHole ({ structs }) {
    const ends = new Map()
    return structs.some(struct => {
      const { client, clock } = struct.id
      const end = ends.get(client) ?? Y.getState(this.#leader.store, client)
      ends.set(client, clock + struct.length)
      return struct instanceof Y.Skip || clock > end
    })
  }

  #attempt (f) {
    if (this.#failure !== null) return
    try {
      f()
    } catch (e) {
      this.#failure = String(e?.stack ?? e)
    }
  }

  /** What it encodes, by the command that takes it. Known: in format v2 ywasm writes the length of bytes twice. */
  state () {
    const v1 = W.encodeStateAsUpdate(this.#doc, undefined)
    const hasBytes = Y.decodeUpdate(v1).structs.some(struct => struct.content instanceof Y.ContentBinary)
    const state = { apply: Buffer.from(v1).toString('base64') }
    if (!hasBytes) state.applyV2 = Buffer.from(W.encodeStateAsUpdateV2(this.#doc, undefined)).toString('base64')
    return state
  }

  /** Where it is another one than its leader: [what, in yjs, in ywasm] each. */
  deviations (roots) {
    if (this.#failure !== null) return [['failure', null, this.#failure]]
    this.#deleteRest(Y.snapshot(this.#leader).ds)
    return this.#deviationsFrom(this.#leader, roots)
  }

  /**
   * Whether yjs, given the same updates as this, ends as this does, and not as the leader: what is undone may come back
   * elsewhere for who undid it.
   */
  isAsOthers (roots) {
    const other = new Y.Doc()
    for (const apply of this.#given) apply(other)
    return this.#deviationsFrom(other, roots).length === 0
  }

  #deviationsFrom (doc, roots) {
    const found = []
    const compare = (what, yjs, ywasm) => {
      if (JSON.stringify(yjs) !== JSON.stringify(ywasm)) found.push([what, yjs, ywasm])
    }
    const wanted = Y.snapshot(doc)
    const { ds, sv } = this.#snapshot()
    compare('state vector', clocks(wanted.sv), clocks(sv))
    compare('delete set', runs(wanted.ds), runs(ds))
    for (const [name, kind] of roots) compare(name, ofYjs(doc.get(name, yjsKinds[kind])), ofYwasm(this.#root(name, kind)))
    return found
  }

  #snapshot () {
    return Y.decodeSnapshot(W.encodeSnapshotV1(W.snapshot(this.#doc)))
  }

  /**
   * Known: of a run of deletions that begins with a collected struct ywasm leaves out the rest. It is told that once more,
   * and again what a told run, whose beginning was collected with what an earlier one deleted, leaves out in its turn.
   */
  #deleteRest (wanted) {
    let before
    let missing = lacking(wanted, this.#snapshot().ds)
    do {
      before = units(missing)
      this.#tellRest(missing)
      missing = lacking(wanted, this.#snapshot().ds)
    } while (this.#failure === null && units(missing) > 0 && units(missing) < before)
  }

  #tellRest (missing) {
    if (missing.length === 0) return
    const { structs } = Y.decodeUpdate(W.encodeStateAsUpdate(this.#doc, undefined))
    for (const { client, run, clock, len } of missing) {
      const isRest = structs.some(struct => struct instanceof Y.GC && struct.id.client === client &&
        run.clock < struct.id.clock + struct.length && struct.id.clock < clock)
      if (isRest) this.#attempt(() => W.applyUpdate(this.#doc, deletionOf(client, clock, len), undefined))
    }
  }

  #root (name, kind) {
    switch (kind) {
      case 'text': return this.#doc.getText(name)
      case 'array': return this.#doc.getArray(name)
      case 'map': return this.#doc.getMap(name)
      default: return this.#doc.getXmlFragment(name)
    }
  }

  free () {
    if (this.#failure === null) this.#doc.free()
  }
}

const sorted = entries => [...entries].sort(([a], [b]) => a < b ? -1 : 1)

const clocks = vector => [...vector].filter(([, clock]) => clock > 0).sort(([a], [b]) => a - b)

const runs = ({ clients }) =>
  [...clients].sort(([a], [b]) => a - b).map(([client, list]) => [client, list.map(({ clock, len }) => [clock, len])])

/** What a delete set has and another lacks, by the run that it is part of. */
function lacking (wanted, present) {
  const out = []
  for (const [client, list] of wanted.clients) {
    for (const run of list) {
      let clock = run.clock
      const end = run.clock + run.len
      for (const had of [...present.clients.get(client) ?? [], { clock: end, len: 0 }]) {
        const until = Math.min(had.clock, end)
        if (clock < until) out.push({ client, run, clock, len: until - clock })
        clock = Math.max(clock, had.clock + had.len)
      }
    }
  }
  return out
}

const units = ranges => ranges.reduce((sum, { len }) => sum + len, 0)

/** An update that deletes a range and does nothing else. */
function deletionOf (client, clock, length) {
  const encoder = encoding.createEncoder()
  for (const n of [0, 1, client, 1, clock, length]) encoding.writeVarUint(encoder, n)
  return encoding.toUint8Array(encoder)
}

/** A value, the same of both but for types. Known: ywasm keeps no order of keys, and no -0. */
function plain (v, ofType) {
  if (v === undefined) return { undefined: 1 }
  if (typeof v === 'bigint') return { bigint: String(v) }
  if (v === 0) return 0
  if (v === null || typeof v !== 'object') return v
  if (v instanceof Uint8Array) return { bytes: [...v] }
  if (Array.isArray(v)) return v.map(x => plain(x, ofType))
  return ofType(v) ?? { object: plainEntries(Object.entries(v), ofType) }
}

const plainEntries = (entries, ofType) => sorted(entries).map(([k, v]) => [k, plain(v, ofType)])

const plainDelta = (delta, ofType) =>
  delta.map(({ insert, attributes }) => [plain(insert, ofType), plainEntries(Object.entries(attributes ?? {}), ofType)])

const ofYjs = v => plain(v, yjsType)

function yjsType (v) {
  if (v instanceof Y.Doc) return { doc: v.guid }
  if (v instanceof Y.XmlElement) {
    return { element: v.nodeName, attributes: names(v.getAttributes()), children: v.toArray().map(ofYjs) }
  }
  if (v instanceof Y.XmlFragment) return { children: v.toArray().map(ofYjs) }
  if (v instanceof Y.XmlText) {
    return { text: plainDelta(v.toDelta(), yjsType), attributes: names(v.getAttributes()) }
  }
  if (v instanceof Y.Text) return { text: plainDelta(v.toDelta(), yjsType) }
  if (v instanceof Y.Array) return { array: v.toArray().map(ofYjs) }
  if (v instanceof Y.Map) return { map: plainEntries(v.entries(), yjsType) }
}

const ofYwasm = v => plain(v, ywasmType)

function ywasmType (v) {
  if (v instanceof W.YDoc) return { doc: v.guid }
  if (v instanceof W.YXmlElement) {
    return { element: v.name(), attributes: names(v.attributes()), children: children(v) }
  }
  if (v instanceof W.YXmlFragment) return { children: children(v) }
  if (v instanceof W.YXmlText) {
    return { text: plainDelta(v.toDelta(), ywasmType), attributes: names(v.attributes()) }
  }
  if (v instanceof W.YText) return { text: plainDelta(v.toDelta(), ywasmType) }
  if (v instanceof W.YArray) return { array: [...v.values()].map(ofYwasm) }
  if (v instanceof W.YMap) return { map: plainEntries(Object.entries(v.entries()), ywasmType) }
}

/** Names alone. Known: ywasm shows every value as a string of its own. */
const names = attributes => Object.keys(attributes).sort()

function children (parent) {
  const out = []
  for (let node = parent.firstChild(); node !== undefined; node = node.nextSibling()) out.push(ofYwasm(node))
  return out
}
