// Materi, which commits every edit, beside Hocuspocus, which stores nothing, and its acknowledgements beside a bare relay that does
// nothing but commit: same load, same machine, interleaved.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'

const SHAPES = {
  '100x10': { docs: 100, editors: 10, writers: 1, rate: 10, beside: 'hocuspocus' },
  '20x50': { docs: 20, editors: 50, writers: 5, rate: 10, beside: 'hocuspocus' },
  '1x1000': { docs: 1, editors: 1000, writers: 1, rate: 10, beside: 'hocuspocus' },
  '1x1000-cursors': { docs: 1, editors: 1000, writers: 1, rate: 10, cursors: true },
  'acks-2000': { docs: 200, editors: 1, writers: 1, rate: 10, beside: 'bare' },
  'acks-10000': { docs: 1000, editors: 1, writers: 1, rate: 10, beside: 'bare' },
  'acks-2000-slow': { docs: 200, editors: 1, writers: 1, rate: 10, beside: 'bare', commitDelayUs: 10_000 }
}
const gateway = join(import.meta.dirname, '../../gateway/target')
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java'
const classPath = ['-cp', `${gateway}/test-classes:${gateway}/materi.jar:${gateway}/lib/*`]
const LINES = [
  ['edit to peers p50 ms', run => run.p50], ['edit to peers p95 ms', run => run.p95], ['edit to peers p99 ms', run => run.p99],
  ['acknowledged a second', run => run.acknowledged.aSecond || null], ['acknowledged p50 ms', run => run.acknowledged.p50], ['acknowledged p95 ms', run => run.acknowledged.p95],
  ['acknowledged p99 ms', run => run.acknowledged.p99],
  ['presence p50 ms', run => run.presence.p50], ['presence p95 ms', run => run.presence.p95],
  ['presence states, 1000s', run => run.presence.count ? run.presence.count / 1000 : null],
  ['socket open p95 ms', run => run.openP95], ['CPU a message µs', run => run.cpuPerMessageUs],
  ['CPU a message µs, all', run => run.cpuAllPerMessageUs], ['server CPU %', run => run.cpuPercent],
  ['load client late p99 ms', run => run.clientLate], ['load client a message µs', run => run.clientPerMessageUs],
  ['stolen of the machine %', run => run.stolenPercent], ['resident MB', run => run.rssMb]
]
const options = given({
  rounds: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '10' },
  warmup: { type: 'string', default: '5' },
  'warm-rounds': { type: 'string', default: '3' },
  shapes: { type: 'string', default: Object.keys(SHAPES).join(',') },
  help: { type: 'boolean', default: false }
})
if (options.help) {
  console.log(`Usage: ./materi bench collab [--rounds 3] [--seconds 10] [--warmup 5] [--warm-rounds 3] [--shapes ${Object.keys(SHAPES).join(',')}]

The first three shapes are beside Hocuspocus. The fourth is Materi's alone: cursors that move once a second in all editors
of one document. The last three are how long it takes until an edit is acknowledged, after its commit, at 2,000 and 10,000
edits a second, and at 2,000 when every commit takes 10 ms longer (commit_delay of PostgreSQL). They are beside a bare relay:
sockets and a group commit on a PostgreSQL of its own, no document, nobody to know, nothing to check. What that takes, the
machine takes; the rest is Materi's.

A shape is documents x editors; each writer makes 10 edits a second. Latency is from an edit to its sight by every
other editor of the document. Each load runs --warmup seconds before it counts, and each shape begins with
--warm-rounds rounds that do not count, since a JVM compiles what it runs often. CPU is that of the server's process a
delivered message ("all": with its PostgreSQL and Redis). A ratio under 1 means that Materi takes less. What is stolen of
the machine, others on the same hardware took: latencies rise with it.`)
  process.exit(0)
}
const shapes = options.shapes.split(',')
for (const shape of shapes) if (!SHAPES[shape]) refuse(`there is no shape '${shape}' (${Object.keys(SHAPES).join(', ')})`)

function refuse (why) {
  console.error(`materi: ${why} (./materi bench collab --help)`)
  process.exit(2)
}

function given (known) {
  try {
    const { values } = parseArgs({ options: known })
    for (const name of ['rounds', 'seconds', 'warmup', 'warm-rounds']) if (!/^\d{1,4}$/.test(values[name])) refuse(`--${name} takes a whole number, not '${values[name]}'`)
    return values
  } catch (error) {
    return refuse(error.message)
  }
}

/** The client is one process for all loads, so that it is as warm as the servers are. */
const client = spawn(java, ['-XX:+UseSerialGC', '-Xmx512m', ...classPath, 'ai.materi.gateway.bench.collab.CollabLoad'], { stdio: ['pipe', 'pipe', 'inherit'] })
const answers = createInterface({ input: client.stdout })[Symbol.asyncIterator]()

async function load (target, names, { editors, writers, rate, cursors }) {
  const work = { ...target, names, editors, writers, rate, cursors, seconds: +options.seconds, warmup: +options.warmup }
  const before = processorTime()
  client.stdin.write(`${JSON.stringify(work)}\n`)
  const { value, done } = await answers.next()
  if (done) throw new Error('the load client ended')
  const after = processorTime()
  return { ...JSON.parse(value), stolenPercent: 100 * (after.stolen - before.stolen) / (after.all - before.all) }
}

/** Of all processors together: what another machine on the same hardware took of it ("steal"), and everything. */
function processorTime () {
  const times = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].trim().split(/ +/).slice(1, 9).map(Number)
  return { stolen: times[7], all: times.reduce((sum, time) => sum + time) }
}

/** Has an embedded PostgreSQL wait for so long in every commit. */
function delayCommits (data, microseconds) {
  const postgres = join(data, 'postgres')
  appendFileSync(join(postgres, 'postgresql.auto.conf'), `commit_delay = ${microseconds}\ncommit_siblings = 0\n`)
  process.kill(+readFileSync(join(postgres, 'postmaster.pid'), 'utf8').split('\n')[0], 'SIGHUP')
}

/** A server that is measured beside Materi. It prints its port when it listens. */
class Peer {
  static async start (title, command, data) {
    const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    const [port] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended.then(([code]) => { throw new Error(`${title} ended with ${code}`) })])
    return Object.assign(new Peer(), { title, child, ended, data, target: { url: `ws://127.0.0.1:${port}`, token: 'x', pid: child.pid } })
  }

  async stop () {
    if (!this.data) return this.child.kill()
    this.child.stdin.end()
    await this.ended
    rmSync(this.data, { recursive: true })
  }
}

const PEERS = {
  hocuspocus: () => Peer.start('Hocuspocus', ['node', join(import.meta.dirname, 'hocuspocus.mjs')]),
  bare: () => {
    const data = mkdtempSync(join(tmpdir(), 'materi-bare-'))
    return Peer.start('bare', [java, ...classPath, 'ai.materi.gateway.bench.collab.BareRelay', data], data)
  }
}
const peers = {}
const materi = await Server.start({ MATERI_DRAIN_TIMEOUT: '2s' })
try {
  for (const name of new Set(shapes.map(shape => SHAPES[shape].beside).filter(Boolean))) peers[name] = await PEERS[name]()
  const median = (runs, of) => runs.map(of).sort((a, b) => a - b)[runs.length >> 1]
  const number = value => value === null || Number.isNaN(value) ? '-' : value.toFixed(value < 10 ? 2 : 1)
  for (const shape of shapes) {
    const peer = peers[SHAPES[shape].beside]
    const runs = { Materi: [], ...(peer && { [peer.title]: [] }) }
    for (const data of [materi.data, peer?.data].filter(Boolean)) delayCommits(data, SHAPES[shape].commitDelayUs ?? 0)
    for (let round = 1 - options['warm-rounds']; round <= +options.rounds; round++) {
      const ada = await Rest.ada(materi)
      const names = []
      for (let i = 0; i < SHAPES[shape].docs; i++) names.push((await ada.createDocument(`bench ${shape} ${i}`)).id)
      const targets = { Materi: { url: `${materi.ws}/collab`, token: ada.token, pid: materi.pid }, ...(peer && { [peer.title]: peer.target }) }
      const said = []
      for (const [title, target] of Object.entries(targets)) {
        const run = await load(target, names, SHAPES[shape])
        if (round > 0) runs[title].push(run)
        said.push(`${title} p95 ${number(run.p95 ?? run.acknowledged.p95)} ms`)
      }
      process.stderr.write(`${shape} ${round > 0 ? 'round' : 'warm-up'} ${round > 0 ? round : round + +options['warm-rounds']}: ${said.join(', ')}\n`)
    }
    console.log(`\n${shape} (${options.rounds} rounds of ${options.seconds} s, medians)`)
    console.log(`${''.padEnd(24)}${'Materi'.padStart(12)}${peer ? `${peer.title.padStart(12)}${'ratio'.padStart(8)}` : ''}`)
    for (const [label, of] of LINES) {
      const ours = median(runs.Materi, of)
      if (ours === null) continue
      const theirs = peer && median(runs[peer.title], of)
      console.log(`${label.padEnd(24)}${number(ours).padStart(12)}${peer ? `${number(theirs).padStart(12)}${number(ours / theirs).padStart(8)}` : ''}`)
    }
    for (const [title, all] of Object.entries(runs)) {
      const missing = all.reduce((sum, run) => sum + run.due - run.delivered, 0)
      const closed = all.reduce((sum, run) => sum + run.closed, 0)
      const unacknowledged = all.reduce((sum, run) => sum + run.unacknowledged, 0)
      if (missing > 0 || unacknowledged > 0 || closed) console.log(`${title}: ${missing} messages not delivered in time, ${unacknowledged} edits not acknowledged, ${closed} sockets closed`)
    }
  }
} finally {
  client.stdin.end()
  for (const peer of Object.values(peers)) await peer.stop()
  await materi.stop()
}
