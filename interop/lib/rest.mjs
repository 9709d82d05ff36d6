// The REST API as one user sees it.
import assert from 'node:assert/strict'

export class Rest {
  constructor (url, token = null) {
    this.url = url
    this.token = token
  }

  /** Signs in; the demo users share one password. */
  static async login (url, email, password = 'materi-demo-1') {
    const rest = new Rest(url)
    rest.session = await rest.json('POST', '/api/v1/auth/login', { email, password })
    rest.token = rest.session.access_token
    return rest
  }

  static ada (server) { return Rest.login(server.url, 'ada@demo.materi.local') }
  static bob (server) { return Rest.login(server.url, 'bob@demo.materi.local') }

  static strangersPassword = 'correct horse battery staple 7'

  /** A user who belongs to nothing. */
  static async stranger (server) {
    const rest = new Rest(server.url)
    const email = `stranger-${Date.now()}-${Math.floor(Math.random() * 1e6)}@example.org`
    rest.session = await rest.json('POST', '/api/v1/auth/register', { email, password: Rest.strangersPassword, name: 'Stranger' }, 201)
    rest.token = rest.session.access_token
    return rest
  }

  request (method, path, { body, headers = {} } = {}) {
    return fetch(this.url + path, {
      method,
      body: body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body !== undefined && !(body instanceof Uint8Array) ? { 'content-type': 'application/json' } : {}),
        ...headers
      }
    })
  }

  async json (method, path, body, status) {
    const response = await this.request(method, path, { body })
    const text = await response.text()
    assert.ok(status ? response.status === status : response.ok, `${method} ${path} answered ${response.status}: ${text}`)
    return text ? JSON.parse(text) : null
  }

  createDocument (title, content) {
    return this.json('POST', '/api/v1/documents', { title, workspace_id: 'demo', ...(content === undefined ? {} : { content }) }, 201)
  }

  async content (id, format = 'text') {
    const response = await this.request('GET', `/api/v1/documents/${id}/content?format=${format}`)
    const text = await response.text()
    assert.equal(response.status, 200, text)
    return { text, etag: response.headers.get('etag') }
  }

  putContent (id, markdown, headers) {
    return this.request('PUT', `/api/v1/documents/${id}/content?format=markdown`, { body: markdown, headers: { 'content-type': 'text/markdown', ...headers } })
  }
}
