// Generations over REST: event streams with one end, without a model and with one, into the live document and not.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hocuspocus } from '../lib/editors.mjs'
import { Model } from '../lib/model.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

const folder = mkdtempSync(join(tmpdir(), 'materi-model-'))
let model
let server
before(async () => {
  model = await Model.start()
  writeFileSync(join(folder, 'model.yaml'), `ai:
  providers:
    - name: scripted
      base_url: ${model.url}
      models: [small]
`)
  server = await Server.start({ MATERI_CONFIG: join(folder, 'model.yaml') })
}, { timeout: 120_000 })
after(async () => {
  await server?.stop()
  await model?.stop()
  rmSync(folder, { recursive: true })
})

/** The events of an event stream as they come: {id, event, data}. */
async function * events (response) {
  assert.equal(response.status, 200, response.ok ? '' : await response.text())
  assert.match(response.headers.get('content-type'), /^text\/event-stream/)
  let rest = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    rest += chunk
    for (let end; (end = rest.indexOf('\n\n')) >= 0; rest = rest.slice(end + 2)) {
      const fields = Object.fromEntries(rest.slice(0, end).split('\n').filter(line => /^\w+:/.test(line)).map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]))
      if (fields.event) yield { ...fields, data: JSON.parse(fields.data) }
    }
  }
}

async function all (response) {
  const list = []
  for await (const event of events(response)) list.push(event)
  return list
}

const ENDS = ['done', 'error', 'cancelled']
const text = list => list.filter(({ event }) => event === 'delta').map(({ data }) => data.text).join('')
const start = (rest, body, options) => rest.request('POST', '/api/v1/ai/generations', { body: { stream: true, ...body }, ...options })
const RIVER = '# Rivers\n\nA river carries water from the hills to the sea. It was warm.\n\n## Deltas\n\nWhere the river meets the sea, the water slows and a delta grows.'

test('a summary without a model is made of the document’s own sentences, each naming its block', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Rivers', RIVER)
  const list = await all(await start(ada, { action: 'summary', document_id: id, model: 'local/extractive' }))
  assert.equal(list[0].event, 'meta')
  assert.deepEqual(list.map(({ event }) => event).filter(event => ENDS.includes(event)), ['done'])
  assert.equal(list.at(-1).event, 'done')
  assert.deepEqual(list.map(({ id }) => +id), list.map((_, i) => i + 1))
  const citations = list.filter(({ event }) => event === 'citation')
  assert.ok(citations.length > 0)
  for (const { data } of citations) {
    assert.match(data.block, /^\d+:\d+$/)
    assert.ok(RIVER.includes(data.quote), data.quote)
  }
})

test('an answer of a model is streamed, and can be read again from any event on', { timeout: 60_000 }, async () => {
  model.script({ pieces: ['One ', 'two ', 'three.'] })
  const ada = await Rest.ada(server)
  const list = await all(await start(ada, { prompt: 'Count.' }))
  assert.equal(text(list), 'One two three.')
  const generation = list[0].data.id
  const again = await all(await ada.request('GET', `/api/v1/ai/generations/${generation}/stream`, { headers: { 'last-event-id': list[1].id } }))
  assert.deepEqual(again, list.slice(2))
  const stored = await ada.json('GET', `/api/v1/ai/generations/${generation}`)
  assert.equal(stored.status, 'done')
  assert.equal(stored.text, 'One two three.')
  const bob = await Rest.bob(server)
  assert.equal((await bob.request('GET', `/api/v1/ai/generations/${generation}`)).status, 404)
})

test('JSON is answered when no stream is asked for', { timeout: 60_000 }, async () => {
  model.script({ pieces: ['All at once.'] })
  const ada = await Rest.ada(server)
  const generation = await ada.json('POST', '/api/v1/ai/generations', { prompt: 'Say it.', stream: false })
  assert.equal(generation.text, 'All at once.')
  assert.equal(generation.status, 'done')
})

test('an agent types into the live document while a person types too', { timeout: 60_000 }, async () => {
  model.script({ pieces: ['## From ', 'the agent\n\n', 'It writes ', '**bold** ', 'words.\n\n- one\n', '- two\n'], everyMs: 400 })
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Shared', 'A person was here.')
  const editor = hocuspocus(server, id, ada.token)
  await editor.synced()
  const agents = () => [...editor.awareness.getStates().values()].filter(state => state.user?.agent)
  const stream = start(ada, { prompt: 'Write.', document_id: id, target: { end: true } }).then(all)
  await until(() => agents().length === 1, 10_000, () => 'the agent in presence')
  assert.equal(agents()[0].user.name, 'Aria')
  const words = editor.doc.getXmlFragment('default').get(0).get(0)
  for (let i = 0; i < 10; i++) {
    words.insert(words.length, ` typed${i}`)
    await new Promise(resolve => setTimeout(resolve, 30))
  }
  assert.equal((await stream).at(-1).event, 'done')
  await until(() => agents().length === 0, 10_000, () => 'the agent gone')
  await editor.saved()
  const served = (await ada.content(id, 'markdown')).text
  assert.equal(served.trim(), `A person was here.${Array.from({ length: 10 }, (_, i) => ` typed${i}`).join('')}\n\n## From the agent\n\nIt writes **bold** words.\n\n- one\n- two`)
  editor.close()
})

test('a cut upstream is an error, never a clean end', { timeout: 60_000 }, async () => {
  model.script({ pieces: ['Half of '], cut: true })
  const ada = await Rest.ada(server)
  const list = await all(await start(ada, { prompt: 'Cut.' }))
  assert.deepEqual(list.map(({ event }) => event).filter(event => ENDS.includes(event)), ['error'])
  assert.equal(list.at(-1).data.code, 'provider_error')
  assert.doesNotMatch(list.at(-1).data.detail, /Exception|\bat /)
})

test('DELETE cancels, and so does a client that leaves', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  model.script({ pieces: Array.from({ length: 300 }, (_, i) => `${i} `), everyMs: 50 })
  const abandoned = model.abandoned
  const stream = events(await start(ada, { prompt: 'Count for long.' }))
  const { value: meta } = await stream.next()
  await stream.next()
  assert.equal((await ada.request('DELETE', `/api/v1/ai/generations/${meta.data.id}`)).ok, true)
  let last = null
  for await (const event of stream) last = event
  assert.equal(last.event, 'cancelled')
  await until(() => model.abandoned === abandoned + 1, 10_000, () => 'the provider’s stream closed')

  const leaving = new AbortController()
  const response = await fetch(`${server.url}/api/v1/ai/generations`, {
    method: 'POST', signal: leaving.signal, headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ prompt: 'Count again.', stream: true })
  })
  const left = events(response)
  const { value } = await left.next()
  await left.next()
  leaving.abort()
  await until(() => model.abandoned === abandoned + 2, 10_000, () => 'the provider’s stream closed after the client left')
  await until(async () => (await ada.json('GET', `/api/v1/ai/generations/${value.data.id}`)).status === 'cancelled', 10_000, () => 'cancelled')
})

test('what cannot be done is refused with the right problem', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const bob = await Rest.stranger(server)
  const { id } = await ada.createDocument('Closed', RIVER)
  const refused = async (rest, body, status, code) => {
    const response = await start(rest, body)
    const problem = await response.json()
    assert.deepEqual([response.status, problem.code], [status, code], JSON.stringify(problem))
  }
  await refused(ada, { prompt: 'x', model: 'local/extractive' }, 501, 'unsupported_action')
  await refused(ada, { prompt: 'x', model: 'nobody/knows' }, 422, 'unknown_model')
  await refused(ada, {}, 422, 'invalid_field')
  await refused(ada, { prompt: 'x', action: 'summary' }, 422, 'invalid_field')
  await refused(ada, { action: 'dance', document_id: id }, 422, 'invalid_field')
  await refused(ada, { prompt: 'x', document_id: 'nonsense' }, 422, 'invalid_field')
  await refused(bob, { action: 'summary', document_id: id }, 404, 'not_found')
})
