// A node under hostile input, and what has to stay true meanwhile: a healthy client goes on, nothing acknowledged is lost,
// nothing is answered that the contract does not know, and the log stays calm.
import assert from 'node:assert/strict'
import { Agent, request as httpRequest } from 'node:http'
import { hocuspocus, yWebsocket } from './editors.mjs'
import { Rest } from './rest.mjs'
import { Server } from './server.mjs'
import { until } from './until.mjs'

/** What an answer, a close reason or a status message never holds: the frames and names of a Java program. */
const innards = /\bat [\w$.]+\(|\b(?:java|javax|sun|jdk|io|com|org|ai)\.[a-z]+\.[\w.]+|\w+(?:Exception|Error)\b|\.java\b/
const alarm = /^\d\d:\d\d:\d\d\.\d{3} ERROR .*$|^\s+at [\w$./]+\(.*$|^Exception in .*$/m

/** Seconds. */
const tokenTtl = 7
const agent = new Agent({ keepAlive: true, maxSockets: 8 })

export function assertNoInnards (text, where) {
  assert.doesNotMatch(String(text), innards, where)
}

export class Siege {
  #people = new Map()
  #marks = []
  #read = 0

  static async begin () {
    const siege = new Siege()
    siege.server = await Server.start({
      MATERI_AUTH_ACCESS_TOKEN_TTL: `${tokenTtl}s`,
      // What is counted here are refusals, not requests.
      MATERI_API_LIMITS_SIGN_IN_PER_MINUTE: '100000',
      MATERI_API_LIMITS_ACCOUNT_PER_MINUTE: '100000',
      MATERI_API_LIMITS_USER_PER_MINUTE: '1000000',
      MATERI_API_LIMITS_WORKSPACE_PER_MINUTE: '1000000',
      MATERI_API_LIMITS_ADDRESS_PER_MINUTE: '1000000',
      MATERI_COLLAB_WIRE_AUTH_TIMEOUT: '8s',
      // It lives for some seconds only: compiling at length would cost more than it brings.
      MATERI_JAVA_OPTS: '-XX:TieredStopAtLevel=1'
    })
    const ada = await siege.ada()
    siege.expiring = { token: ada.token, at: Date.now() + (tokenTtl + 1) * 1000 }
    const mallory = await Rest.stranger(siege.server)
    siege.#people.set('mallory', { rest: mallory, email: mallory.session.user.email, password: Rest.strangersPassword, since: Date.now() })
    siege.ledger = (await ada.createDocument('Ledger')).id
    siege.writer = hocuspocus(siege.server, siege.ledger, async () => (await siege.ada()).token)
    siege.reader = yWebsocket(siege.server, siege.ledger, ada.token)
    await Promise.all([siege.writer.synced(), siege.reader.synced()])
    return siege
  }

  async end () {
    this.writer?.close()
    this.reader?.close()
    agent.destroy()
    await this.server?.stop()
  }

  /** Owns the workspace `demo`. */
  ada () { return this.#person('ada', 'ada@demo.materi.local') }
  /** Edits in the workspace `demo`. */
  bob () { return this.#person('bob', 'bob@demo.materi.local') }
  /** Belongs to nothing. */
  mallory () { return this.#person('mallory') }

  /** Signed in, with a token that is good for a while yet. */
  async #person (name, email) {
    const known = this.#people.get(name)
    if (known && Date.now() - known.since < tokenTtl * 400) return known.rest
    const rest = await Rest.login(this.server.url, email ?? known.email, known?.password)
    this.#people.set(name, { ...known, email: email ?? known.email, rest, since: Date.now() })
    return rest
  }

  /** A token of ada's that was good once. */
  async expiredToken () {
    await until(() => Date.now() > this.expiring.at, 15_000, () => 'end of a token')
    return this.expiring.token
  }

  /** Types one mark as the healthy client, until it is acknowledged. */
  async type () {
    const mark = `<${this.#marks.length}>`
    const text = this.writer.doc.getText('content')
    text.insert(text.length, mark)
    await this.writer.saved()
    this.#marks.push(mark)
  }

  /** After a family of attacks: the node is well, and all that it ever acknowledged is there. */
  async survived () {
    await this.type()
    const { text } = await (await this.bob()).content(this.ledger)
    assert.equal(text.trim(), this.#marks.join(''), 'what was acknowledged')
    await until(() => this.reader.doc.getText('content').toString() === this.#marks.join(''), 10_000, () => 'the reader on the other wire')
    for (const door of [this.server.url, this.server.operator]) await until(async () => (await fetch(`${door}/readyz`)).status === 200, 10_000, () => `${door}/readyz`)
    this.assertCalmLog()
  }

  assertCalmLog () {
    const news = this.server.output.slice(this.#read)
    this.#read = this.server.output.length
    const at = news.search(alarm)
    assert.ok(at < 0, `the log says:\n${news.slice(Math.max(0, at), at + 3000)}`)
  }

  /** Header fields as they are given, and a body of bytes: what `fetch` would mend is sent as it is. */
  send (method, path, { token, headers = {}, body, base = this.server.url } = {}) {
    const { hostname, port } = new URL(base)
    // Node sends the body of a DELETE without a word about its length, which is a second request then.
    const announced = body === undefined || Object.keys(headers).some(name => /^(content-length|transfer-encoding)$/i.test(name))
    const length = announced ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    return new Promise((resolve, reject) => {
      const request = httpRequest({ agent, hostname, port, method, path, headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...length, ...headers }, timeout: 20_000 })
      request.on('error', reject)
      request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path}`)))
      request.on('upgrade', (response, socket) => {
        socket.destroy()
        resolve({ what: `${method} ${path.slice(0, 200)}`, status: response.statusCode, headers: response.headers, body: '' })
      })
      request.on('response', response => {
        const chunks = []
        response.on('data', chunk => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => resolve({ what: `${method} ${path.slice(0, 200)}`, status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }))
      })
      if (body !== undefined && body.length > 100_000) request.flushHeaders()
      request.end(body)
    })
  }

  /** @param answer as {@link send} gives it; `status` may be a list */
  assertProblem (answer, status, code, where = answer.what) {
    const told = `${where}: ${answer.status} ${answer.body.slice(0, 600)}`
    assert.ok([status].flat().includes(answer.status), `${told} (expected ${status})`)
    assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/, told)
    const problem = JSON.parse(answer.body)
    assert.equal(problem.status, answer.status, told)
    if (this.problemCodes) assert.ok(this.problemCodes.includes(problem.code), told)
    if (code) assert.ok([code].flat().includes(problem.code), `${told} (expected ${code})`)
    assert.ok(problem.request_id && problem.title && problem.detail, told)
    this.assertHonest(answer)
    return problem
  }

  /** Not a 5xx, and no look inside; for answers that may also be a success. */
  assertHonest (answer) {
    const told = `${answer.what}: ${answer.status} ${answer.body.slice(0, 600)}`
    assert.ok(answer.status < 500 || answer.status === 501, told)
    if (answer.status >= 400) assertNoInnards(answer.body, told)
  }
}

/** Runs the cases in small groups at a time, and tells all that failed together. */
export async function each (cases, attempt, atOnce = 8) {
  const failures = []
  const waiting = [...cases]
  const worker = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      await attempt(one).catch(failure => failures.push(failure))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  if (failures.length === 1) throw failures[0]
  if (failures.length) assert.fail(`${failures.length} of ${cases.length} cases:\n${failures.slice(0, 40).map(failure => failure.message).join('\n')}`)
}
