// A PostgreSQL and a Redis that belong to no node; they end with this process, however it ends.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { until } from './until.mjs'

const starter = resolve(import.meta.dirname, '../with-services')

export class Services {
  #child

  static async start () {
    const services = new Services()
    // The command beside the services reads its input until that ends, and with it the services.
    const child = spawn(starter, ['sh', '-c', 'echo "$DATABASE_URL $REDIS_URL"; exec cat >/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] })
    services.#child = child
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => { said += text })
    const [, DATABASE_URL, REDIS_URL] = await until(() => {
      if (child.exitCode !== null) throw new Error(`the services ended with ${child.exitCode}:\n${said}`)
      return said.match(/(postgres:\S+) (redis:\S+)\n/)
    }, 120_000, () => `services; they said:\n${said}`)
    services.env = { DATABASE_URL, REDIS_URL }
    return services
  }

  async stop () {
    this.#child.stdin.end()
    await until(() => this.#child.exitCode !== null || this.#child.signalCode !== null, 30_000, () => 'end of the services')
  }
}
