// How much one node holds: sockets that say nothing, a crowd that opens one large document at once, and very large edits.
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'

const CASES = ['idle', 'joins', 'pastes']
const options = given({
  cases: { type: 'string', default: CASES.join(',') },
  sockets: { type: 'string', default: '10000' },
  rooms: { type: 'string', default: '1000' },
  joins: { type: 'string', default: '300' },
  megabytes: { type: 'string', default: '20' },
  help: { type: 'boolean', default: false }
})
if (options.help) {
  console.log(`Usage: ./materi bench capacity [--cases ${CASES.join(',')}] [--sockets 10000] [--rooms 1000] [--joins 300] [--megabytes 20]

idle    opens sockets that say nothing, spread over rooms; what each costs the server in live heap, direct memory and
        resident memory (the heap after a full collection, by jcmd of the JDK)
joins   clients open one large document at the same time, once while nobody edits it and once while somebody does;
        joins a second, and how much the server's memory grew meanwhile
pastes  half a megabyte of formatted text is pasted and deleted in one document after another; how long what is typed
        in other documents takes to its readers meanwhile`)
  process.exit(0)
}
const cases = options.cases.split(',')
for (const name of cases) if (!CASES.includes(name)) refuse(`there is no case '${name}' (${CASES.join(', ')})`)

function refuse (why) {
  console.error(`materi: ${why} (./materi bench capacity --help)`)
  process.exit(2)
}

function given (known) {
  try {
    const { values } = parseArgs({ options: known })
    for (const name of ['sockets', 'rooms', 'joins', 'megabytes']) if (!/^[1-9]\d{0,5}$/.test(values[name])) refuse(`--${name} takes a whole number, not '${values[name]}'`)
    if (+values.megabytes > 60) refuse('a document may have 64 MiB (collab.room.document_bytes)')
    return values
  } catch (error) {
    return refuse(error.message)
  }
}

/** Bytes: resident, live heap, direct buffers. */
async function memory (server) {
  execFileSync('jcmd', [server.pid, 'GC.run'], { stdio: 'ignore' })
  const metrics = await (await fetch(`${server.operator}/metrics`)).text()
  const sum = pattern => [...metrics.matchAll(pattern)].reduce((total, [, value]) => total + +value, 0)
  return {
    resident: resident(server),
    heap: sum(/^jvm_memory_used_bytes\{[^}]*area="heap"[^}]*\} (\S+)/gm),
    direct: sum(/^jvm_buffer_memory_used_bytes\{[^}]*id="direct"[^}]*\} (\S+)/gm)
  }
}

/** How late event loops have come so far: how often by at most so many milliseconds, counted up. */
async function loopDelays (server) {
  const metrics = await (await fetch(`${server.operator}/metrics`)).text()
  return new Map([...metrics.matchAll(/^materi_collab_loop_delay_seconds_bucket\{.*?le="([^"]+)"\} (\S+)/gm)]
    .map(([, within, times]) => [+within.replace('+Inf', 'Infinity') * 1_000, +times]))
}

/** A bound of all that came between, and one of ninety-nine in a hundred of it. */
function latest (before, after) {
  const between = [...after].map(([within, times]) => [within, times - (before.get(within) ?? 0)]).sort(([one], [other]) => one - other)
  const all = between.at(-1)[1]
  return [1, 0.99].map(share => between.find(([, times]) => times >= all * share)[0])
}

const resident = server => +/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1] * 1024
const crowd = (work, onReady) => {
  const child = promisify(execFile)('node', [join(import.meta.dirname, 'crowd.mjs'), JSON.stringify(work)], { timeout: 300_000, maxBuffer: 1 << 20 })
  if (onReady) child.child.stdout.on('data', text => { if (`${text}`.includes('ready')) onReady(child.child) })
  return child
}

async function idle (server, ada) {
  const names = []
  for (let i = 0; i < +options.rooms; i++) names.push((await ada.createDocument(`idle ${i}`)).id)
  const open = async sockets => {
    let held
    await crowd({ kind: 'idle', url: `${server.ws}/collab`, token: ada.token, names, sockets }, child => {
      held = memory(server).finally(() => child.stdin.end())
    })
    return held
  }
  await open(Math.ceil(+options.sockets / 5))
  const before = await memory(server)
  const during = await open(+options.sockets)
  const each = key => ((during[key] - before[key]) / +options.sockets / 1000).toFixed(1)
  console.log(`idle: ${options.sockets} sockets in ${options.rooms} rooms; each takes ${each('heap')} kB of live heap, ${each('direct')} kB of direct memory, ${each('resident')} kB resident`)
}

async function joins (server, ada) {
  const { id } = await ada.createDocument('large')
  const work = { url: `${server.ws}/collab`, token: ada.token, names: [id] }
  await crowd({ ...work, kind: 'fill', megabytes: +options.megabytes })
  await crowd({ ...work, kind: 'joins', joins: Math.ceil(+options.joins / 5), edits: false })
  for (const edits of [false, true]) {
    const delays = await loopDelays(server)
    const before = resident(server)
    let most = before
    const timer = setInterval(() => { most = Math.max(most, resident(server)) }, 20)
    const { stdout } = await crowd({ ...work, kind: 'joins', joins: +options.joins, edits })
    clearInterval(timer)
    const { seconds, whole, slowest } = JSON.parse(stdout)
    const [worst, most99] = latest(delays, await loopDelays(server))
    console.log(`joins${edits ? ', somebody edits' : ''}: ${whole} of ${options.joins} had all ${options.megabytes} MB within ${seconds.toFixed(2)} s, ${(whole / seconds).toFixed(1)} a second; the slowest took ${slowest.toFixed(2)} s; resident memory grew by ${((most - before) / 1e6).toFixed(0)} MB; event loops were late by at most ${worst.toFixed(0)} ms, p99 ${most99.toFixed(0)} ms`)
  }
}

async function pastes (server, ada) {
  const names = []
  for (let i = 0; i < 40; i++) names.push((await ada.createDocument(`pasted ${i}`)).id)
  const work = { kind: 'pastes', url: `${server.ws}/collab`, token: ada.token }
  await crowd({ ...work, names: names.slice(0, 20) })
  const delays = await loopDelays(server)
  const { edits, bytes, p50, p99, most } = JSON.parse((await crowd({ ...work, names: names.slice(20) })).stdout)
  const [worst, most99] = latest(delays, await loopDelays(server))
  console.log(`pastes: ${edits} of ${(bytes / 1e6).toFixed(1)} MB and as many deletions; what others typed elsewhere was there after p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms, at most ${most.toFixed(1)} ms; event loops were late by at most ${worst.toFixed(0)} ms, p99 ${most99.toFixed(0)} ms`)
}

// The server's memory is to be its own, not what a JVM has not given back yet.
const server = await Server.start({ MATERI_DRAIN_TIMEOUT: '2s', MATERI_AUTH_ACCESS_TOKEN_TTL: '1h', MATERI_JAVA_OPTS: process.env.MATERI_JAVA_OPTS ?? '' })
try {
  const ada = await Rest.ada(server)
  for (const name of cases) await { idle, joins, pastes }[name](server, ada)
} finally {
  await server.stop()
}
