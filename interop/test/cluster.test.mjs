// Three nodes behind a load balancer, with the certificates that docker/make-keys makes; editors of both wires type through
// the balancer all the while. One node is restarted in order, another is killed: its editors go on at another node, those of
// the others notice nothing, and every edit that anybody typed is there once, in every replica and on every node.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { Balancer } from '../lib/balancer.mjs'
import { hocuspocus, same, yWebsocket } from '../lib/editors.mjs'
import { Rest } from '../lib/rest.mjs'
import { freePorts, Server } from '../lib/server.mjs'
import { Services } from '../lib/services.mjs'
import { until } from '../lib/until.mjs'

const names = ['one', 'two', 'three']
const BACK_MS = 10_000 // promised: 2 s
const GONE_MS = 20_000 // promised: 10 s; an editor by itself forgets others after 30 s
const RENEWED_MS = 25_000 // editors say every 15 s that they are there, and ignore what they were told before they were cut
const keys = mkdtempSync(join(tmpdir(), 'materi-keys-'))
let services
let nodes = []
let balancer
let ada

before(async () => {
  execFileSync(resolve(import.meta.dirname, '../../docker/make-keys'), [keys, ...names])
  services = await Services.start()
  const ports = await freePorts(names.length)
  const started = await Promise.allSettled(names.map((name, i) => Server.start({
    ...services.env,
    MATERI_CLUSTER_ENABLED: 'true',
    MATERI_CLUSTER_PORT: String(ports[i]),
    MATERI_CLUSTER_MEMBERS: ports.map(port => `127.0.0.1:${port}`).join(','),
    MATERI_CLUSTER_TLS_CERT: join(keys, `${name}.crt`),
    MATERI_CLUSTER_TLS_KEY: join(keys, `${name}.key`),
    MATERI_CLUSTER_TLS_CA: join(keys, 'authority.crt'),
    MATERI_AUTH_KEY_ENCRYPTION_KEY_FILE: join(keys, 'key-encryption-key'),
    MATERI_DRAIN_NOTICE: '2s',
    MATERI_JAVA_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx400m' // three start at once
  })))
  nodes = started.filter(one => one.status === 'fulfilled').map(one => one.value)
  for (const one of started) if (one.status === 'rejected') throw one.reason
  balancer = await Balancer.start(nodes)
  ada = await Rest.ada(nodes[0])
}, { timeout: 480_000 })

after(async () => {
  await balancer?.stop()
  await Promise.all(nodes.map(node => node.stop()))
  await services?.stop()
  rmSync(keys, { recursive: true, force: true })
}, { timeout: 60_000 })

/** An editor that types marks, and notes for how long it was away each time, and whose presence was taken from it. */
class Typist {
  sent = []
  away = []
  missed = []
  #gone = 0
  #timer

  constructor (editor, name) {
    this.editor = editor
    this.name = name
    editor.awareness.setLocalStateField('cursor', name)
    editor.awareness.on('change', ({ removed }) => this.missed.push(...removed))
    const { provider } = editor
    if (editor.wire === 'hocuspocus') {
      provider.on('disconnect', () => this.#left())
      provider.on('synced', () => this.#back())
    } else {
      provider.on('status', ({ status }) => { if (status === 'disconnected') this.#left() })
      provider.on('sync', synced => { if (synced) this.#back() })
    }
  }

  #left () { this.#gone ||= Date.now() }

  #back () {
    if (this.#gone) this.away.push(Date.now() - this.#gone)
    this.#gone = 0
  }

  get here () { return !this.#gone }

  get node () {
    const { provider } = this.editor
    const socket = this.editor.wire === 'hocuspocus' ? provider.configuration.websocketProvider.webSocket : provider.ws
    return balancer.nodeAt(socket?._socket?.localPort)
  }

  start () {
    const text = this.editor.doc.getText('content')
    this.#timer = setInterval(() => {
      const mark = `<${this.name}-${this.sent.length}>`
      this.sent.push(mark)
      text.insert(text.length, mark)
    }, 50)
  }

  stop () { clearInterval(this.#timer) }

  /** Until so many more of this one's edits have reached the other. */
  reaches (other, more) {
    const mark = () => this.sent[goal]
    const goal = this.sent.length + more
    return until(() => mark() && other.editor.doc.getText('content').toString().includes(mark()), BACK_MS,
      () => `edits of ${this.name} at ${other.name}`)
  }
}

/** One editor of each wire on each node, as the balancer deals them out. */
async function typists (id) {
  const all = []
  for (const open of [yWebsocket, hocuspocus]) {
    for (let i = 0; i < names.length; i++) {
      const typist = new Typist(open(balancer, id, ada.token), `${open.name}${i}`)
      await typist.editor.synced()
      all.push(typist)
    }
  }
  for (const node of nodes) assert.ok(all.some(typist => typist.node === node), 'the balancer gives every node somebody')
  return all
}

const seesAll = (typist, all) => all.every(other => typist.editor.awareness.getStates().get(other.editor.doc.clientID)?.cursor === other.name)

async function back (own, from) {
  await until(() => own.every(typist => typist.here && typist.away.length > 0), BACK_MS + 10_000, () => 'everybody back')
  for (const typist of own) {
    assert.equal(typist.away.length, 1, `${typist.name} was sent away once: ${typist.away}`)
    assert.ok(typist.node && typist.node !== from, `${typist.name} is on another node`)
    assert.ok(typist.away[0] < BACK_MS, `${typist.name} was away for ${typist.away[0]} ms`)
  }
  return own.map(typist => typist.away[0]).join(', ')
}

/** Everything that was typed stands once, in order, in every replica, in a new one from each node, and in REST. */
async function allIsThere (id, typed, alive) {
  for (const typist of typed) typist.stop()
  await until(() => same(typed.map(typist => typist.editor.doc)), 20_000, () => 'equal replicas')
  const text = typed[0].editor.doc.getText('content').toString()
  for (const { name, sent } of typed) {
    const found = text.match(new RegExp(`<${name}-\\d+>`, 'g')) ?? []
    assert.deepEqual(found.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })), sent, `edits of ${name}`)
  }
  await Promise.all(typed.filter(typist => typist.editor.saved).map(typist => typist.editor.saved()))
  for (const node of alive) {
    const reader = hocuspocus(node, id, ada.token)
    await reader.synced()
    await until(() => same([reader.doc, typed[0].editor.doc]), 10_000, () => 'the same for a newcomer')
    reader.close()
    const rest = new Rest(node.url, ada.token)
    await until(async () => (await rest.content(id)).text.trim() === text.trim(), 10_000, () => 'the same in REST')
  }
  return typed.reduce((sum, { sent }) => sum + sent.length, 0)
}

test('a node that is restarted sends its editors to another, and nobody loses anything', { timeout: 120_000 }, async () => {
  const { id } = await ada.createDocument('Restarted')
  const all = await typists(id)
  for (const typist of all) typist.start()
  const [first] = nodes
  const own = all.filter(typist => typist.node === first)
  const others = all.filter(typist => typist.node !== first)
  await others[0].reaches(own[0], 3)

  const began = Date.now()
  const ended = first.terminate()
  const away = await back(own, first)
  const done = Date.now() - began
  await own[0].reaches(others[0], 3)
  await others[0].reaches(own[0], 3)
  await ended
  const stopped = Date.now() - began
  assert.deepEqual(others.flatMap(typist => typist.missed), [], 'nobody is seen to leave')
  await until(() => all.every(typist => seesAll(typist, all)), RENEWED_MS, () => 'everybody in everybody\'s presence')
  await first.boot()
  await until(() => balancer.sees(first), 10_000, () => 'the restarted node back behind the balancer')
  const newcomer = new Typist(yWebsocket(first, id, ada.token), 'newcomer')
  await newcomer.editor.synced()
  newcomer.start()
  await newcomer.reaches(others[0], 3)
  await others[0].reaches(newcomer, 3)

  const typed = await allIsThere(id, [...all, newcomer], nodes)
  assert.deepEqual(others.flatMap(typist => typist.away), [], 'the editors of other nodes notice nothing')
  for (const typist of [...all, newcomer]) typist.editor.close()
  console.log(`restart: away ${away} ms, all back ${done} ms and ended ${stopped} ms after SIGTERM; ${typed} edits, none lost`)
})

test('a node that is killed takes nothing with it but its presence', { timeout: 120_000 }, async () => {
  const { id } = await ada.createDocument('Killed')
  const all = await typists(id)
  const victim = nodes[1]
  const ghost = new Typist(yWebsocket(victim, id, ada.token), 'ghost')
  await ghost.editor.synced()
  await until(() => [...all, ghost].every(typist => seesAll(typist, [...all, ghost])), 10_000, () => 'everybody in everybody\'s presence')
  for (const typist of all) typist.start()
  const own = all.filter(typist => typist.node === victim)
  const others = all.filter(typist => typist.node !== victim)
  await others[0].reaches(own[0], 3)

  const began = Date.now()
  const killed = victim.kill()
  ghost.editor.close() // it says goodbye to a node that is not there any more
  await others[0].reaches(others.at(-1), 3)
  const away = await back(own, victim)
  await killed
  await until(() => others.every(typist => !typist.editor.awareness.getStates().has(ghost.editor.doc.clientID)), GONE_MS,
    () => 'the presence of the dead node gone')
  const gone = Date.now() - began
  await until(() => all.every(typist => seesAll(typist, all)), RENEWED_MS, () => 'everybody in everybody\'s presence again')

  const typed = await allIsThere(id, all, nodes.filter(node => node !== victim))
  assert.deepEqual(others.flatMap(typist => typist.away), [], 'the editors of other nodes notice nothing')
  for (const typist of all) typist.editor.close()
  console.log(`kill: away ${away} ms, presence of the dead node gone after ${gone} ms; ${typed} edits, none lost`)
})
