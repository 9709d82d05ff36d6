// A load balancer for TCP connections: each goes to the next node whose /readyz is 200, and on to another when that one
// refuses it. What a connection carries, and when it ends, is the node's and the client's affair.
import { connect, createServer } from 'node:net'
import { until } from './until.mjs'

const CHECK_MS = 250

export class Balancer {
  #nodes
  #ready = new Set()
  /** Of the checks of a node: how many began, which is the newest that has ended, and how many failed in a row. */
  #health = new Map()
  #nodeAt = new Map()
  #open = new Set()
  #next = 0
  #server = createServer({ allowHalfOpen: true }, client => this.#forward(client, [...this.#nodes]))
  #checks

  /** @param nodes servers of server.mjs */
  static async start (nodes) {
    const balancer = new Balancer(nodes)
    await new Promise((resolve, reject) => balancer.#server.once('error', reject).listen(0, '127.0.0.1', resolve))
    balancer.#checks = setInterval(() => nodes.forEach(node => balancer.#check(node)), CHECK_MS)
    await until(() => balancer.#ready.size === nodes.length, 20_000, () => 'all nodes ready for the balancer')
    return balancer
  }

  constructor (nodes) { this.#nodes = nodes }

  get url () { return `http://127.0.0.1:${this.#server.address().port}` }
  get ws () { return `ws://127.0.0.1:${this.#server.address().port}` }

  sees (node) { return this.#ready.has(node) }

  /** The node that has the connection with this port on the client's side. */
  nodeAt (port) { return this.#nodeAt.get(port) }

  stop () {
    clearInterval(this.#checks)
    for (const socket of this.#open) socket.destroy()
    return new Promise(resolve => this.#server.close(resolve))
  }

  /** A node that refuses is out at once, one that does not answer after the second time. */
  async #check (node) {
    const health = this.#health.get(node) ?? { begun: 0, ended: 0, bad: 0 }
    this.#health.set(node, health)
    const number = ++health.begun
    const answer = await fetch(`${node.url}/readyz`, { signal: AbortSignal.timeout(5_000), headers: { connection: 'close' } }).catch(() => null)
    await answer?.arrayBuffer().catch(() => null)
    if (number < health.ended) return
    health.ended = number
    health.bad = answer?.ok ? 0 : health.bad + 1
    if (health.bad === 0) this.#ready.add(node)
    else if (answer || health.bad > 1) this.#ready.delete(node)
  }

  #forward (client, candidates) {
    const ready = candidates.filter(node => this.#ready.has(node))
    if (ready.length === 0) { client.destroy(); return }
    const node = ready[this.#next++ % ready.length]
    const upstream = connect({ port: node.ports.http, host: '127.0.0.1', allowHalfOpen: true })
    const refused = () => {
      this.#ready.delete(node)
      this.#forward(client, candidates.filter(other => other !== node))
    }
    upstream.once('error', refused)
    upstream.once('connect', () => {
      upstream.off('error', refused)
      this.#nodeAt.set(client.remotePort, node)
      this.#join(client, upstream)
    })
  }

  /** Whichever side breaks off, the other is cut; an orderly end is passed on. */
  #join (client, upstream) {
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      this.#open.add(from)
      from.setNoDelay(true)
      from.on('error', () => to.destroy())
      from.on('close', () => { this.#open.delete(from); to.destroy() })
      from.pipe(to)
    }
  }
}
