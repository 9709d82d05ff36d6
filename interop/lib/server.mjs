// A Materi node as a child process, on ports and in a data folder of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { until } from './until.mjs'

const root = resolve(import.meta.dirname, '../..')

/** How many times as long to wait as usual: for a long run beside other work. */
export const patience = +(process.env.PATIENCE ?? 1)

/** Three nodes that start at once on two busy cores take their time. */
const READY_MS = 180_000 * patience
const ENDED_MS = 20_000 * patience

/** Those that systems give to outgoing connections lie above: a client could be given the port of a server that is down. */
const PORTS = { first: 12_000, end: 32_000, tries: 1_000 }

const listen = port => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject).listen(port, '127.0.0.1', () => resolve(server))
})

/** Different ports that were free a moment ago. */
export async function freePorts (count) {
  const servers = []
  for (let tries = 0; servers.length < count && tries < PORTS.tries; tries++) {
    const port = PORTS.first + Math.floor(Math.random() * (PORTS.end - PORTS.first))
    const server = await listen(port).catch(failure => { if (failure.code !== 'EADDRINUSE') throw failure })
    if (server) servers.push(server)
  }
  const ports = servers.map(server => server.address().port)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  if (servers.length < count) throw new Error(`there are no ${count} free ports`)
  return ports
}

export class Server {
  #child
  #output = ''
  #env

  /** @param env variables beside those of this process, e.g. MATERI_AUTH_ACCESS_TOKEN_TTL */
  static async start (env = {}) {
    const server = new Server(await freePorts(3), mkdtempSync(join(tmpdir(), 'materi-')), env)
    try {
      await server.boot()
    } catch (failure) {
      server.#child.kill('SIGKILL')
      throw failure
    }
    return server
  }

  constructor ([http, grpc, operator], data, env) {
    this.ports = { http, grpc, operator }
    this.data = data
    this.#env = env
  }

  get url () { return `http://127.0.0.1:${this.ports.http}` }
  get ws () { return `ws://127.0.0.1:${this.ports.http}` }
  get grpc () { return `127.0.0.1:${this.ports.grpc}` }
  get operator () { return `http://127.0.0.1:${this.ports.operator}` }
  get output () { return this.#output }
  get pid () { return +readFileSync(join(this.data, 'pid'), 'utf8') }

  async boot () {
    const { http, grpc, operator } = this.ports
    const child = spawn(join(root, 'materi'), ['serve', '--no-build', '--data', this.data, '--http-port', http, '--grpc-port', grpc,
      '--operator-port', operator, '--pid-file', join(this.data, 'pid')], { env: { ...process.env, ...this.#env }, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => { this.#output = (this.#output + text).slice(-1_000_000) })
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${this.#output.slice(-4000)}`)
      return (await fetch(`${this.url}/readyz`).catch(() => null))?.ok
    }, READY_MS, () => `ready server; it said:\n${this.#output.slice(-4000)}`)
  }

  /** SIGKILL, then wait until the process is gone. */
  async kill () {
    process.kill(this.pid, 'SIGKILL')
    await this.#ended()
  }

  /** SIGTERM, then wait for the orderly end. */
  async terminate () {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM')
    await this.#ended()
  }

  /** As {@link terminate}, then forget the data. */
  async stop () {
    await this.terminate()
    rmSync(this.data, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
  }

  #ended () {
    return until(() => this.#child.exitCode !== null || this.#child.signalCode !== null, ENDED_MS, () => 'end of the server')
  }
}
