// Wrong input at the REST door and the operator's port of a running node. What is sent is made from openapi.yaml, so that
// no route is forgotten.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Contract } from '../lib/contract.mjs'
import { forgedTokens } from '../lib/forged.mjs'
import { each, Siege } from '../lib/siege.mjs'

const nobody = '0197a3c0-0000-7000-8000-00000000dead'
const json = { 'content-type': 'application/json' }
let siege
let contract
let operations
/** What is ada's alone. */
let own

before(async () => {
  siege = await Siege.begin()
  contract = new Contract(await (await fetch(`${siege.server.url}/openapi.json`)).json())
  siege.problemCodes = contract.problemCodes
  operations = contract.operations()
  const ada = await siege.ada()
  const workspace = await ada.json('POST', '/api/v1/workspaces', { name: 'Ada alone', slug: 'ada-alone' }, 201)
  const document = await ada.json('POST', '/api/v1/documents', { title: 'Secret', workspace_id: workspace.id, content: 'A secret that is well kept.' }, 201)
  const generation = await ada.json('POST', '/api/v1/ai/generations', { action: 'summary', document_id: document.id })
  const version = await ada.json('POST', `/api/v1/documents/${document.id}/versions`, { name: 'Kept' }, 201)
  own = { workspace: workspace.id, slug: workspace.slug, document: document.id, version: version.id, generation: generation.id, user: ada.session.user.id }
}, { timeout: 120_000 })
after(() => siege?.end())

/** The path of an operation with ids in it: those of ada's own things, unless others are given. */
function pathOf (operation, ids = {}) {
  return operation.path.replace(/\{(\w+)\}/g, (_, name) => {
    if (name === 'user_id') return ids.user ?? own.user
    if (name === 'version_id') return own.version
    if (ids.id) return ids.id
    return operation.path.includes('/workspaces/') ? own.workspace : operation.path.includes('/generations/') ? own.generation : own.document
  })
}

/** A request that is right in all but its ids. */
function rightly (operation) {
  if (operation.id === 'replaceContent') return { body: 'Mine now.', headers: { 'content-type': 'text/markdown', 'if-match': '"1-1-markdown"' } }
  if (!operation.body && operation.media.includes('application/octet-stream')) return { body: Buffer.from([0, 0]), headers: { 'content-type': 'application/octet-stream' } }
  return operation.body ? { body: JSON.stringify(operation.body.example ?? {}), headers: json } : {}
}

const bodied = () => operations.filter(operation => operation.body)

/** Signing in and out works without a token, and refuses a wrong body after that. */
const send = async (operation, options = {}) => siege.send(operation.method, options.path ?? pathOf(operation),
  { token: operation.id === 'logout' ? undefined : (await siege.ada()).token, ...options })

test('a body that is no JSON, or not all of it, is refused by every operation', { timeout: 60_000 }, async () => {
  const bodies = {
    'cut short': '{"a":', 'single quotes': "{'a':1}", 'a trailing comma': '{"a":1,}', 'two values': '{}{}', 'not a number': '{"a":NaN}', 'a comment': '{/* */}',
    'a byte order mark': '\ufeff{}', 'a raw newline in text': '{"a":"\n"}', 'no JSON': '<xml/>', blank: ' ', 'a NUL': '\0', 'broken UTF-8': Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
    'UTF-16': Buffer.from('{}', 'utf16le'), 'too deep': '{"a":'.repeat(70) + '1' + '}'.repeat(70), 'very deep': '['.repeat(200_000), 'a number without end': `{"a":${'9'.repeat(5000)}}`,
    'a name without end': `{"${'a'.repeat(5000)}":1}`
  }
  await each(bodied().flatMap(operation => Object.entries(bodies).map(([name, body]) => ({ operation, name, body }))), async ({ operation, name, body }) =>
    siege.assertProblem(await send(operation, { headers: json, body }), 400, 'malformed_json', `${operation.id}, ${name}`))
  const values = { list: '[]', text: '"a"', number: '7', null: 'null', 'a name twice': '{"a":1,"a":2}', 'half a surrogate pair': '{"a":"\\ud800"}', 'a NUL in text': '{"a":"\\u0000"}', unknown: '{"no_such_field":1}' }
  await each(bodied().flatMap(operation => Object.entries(values).map(([name, body]) => ({ operation, name, body }))), async ({ operation, name, body }) =>
    siege.assertProblem(await send(operation, { headers: json, body }), 422, 'invalid_field', `${operation.id}, ${name}`))
  await siege.survived()
})

test('every field of every body refuses every other type and what is out of bounds, and names itself', { timeout: 60_000 }, async () => {
  const cases = bodied().flatMap(operation => contract.places(operation.body.schema).flatMap(([place, schema, required]) =>
    contract.wrong(schema, required).map(value => ({ operation, place, value, body: JSON.stringify(contract.bodyWith(operation.body.schema, place, value)) }))))
  assert.ok(cases.length > 500, `${cases.length} cases`)
  await each(cases, async ({ operation, place, value, body }) => {
    const answer = await send(operation, { headers: json, body })
    const where = `${operation.id} #/${place.join('/')} = ${JSON.stringify(value)?.slice(0, 40)}: ${answer.status} ${answer.body.slice(0, 200)}`
    if (body.length > 2 ** 20) return siege.assertProblem(answer, 413, 'too_large', where)
    const problem = siege.assertProblem(answer, 422, undefined, where)
    const pointer = `#/${place.join('/')}`
    assert.ok(!problem.pointer || pointer.startsWith(problem.pointer) || problem.pointer.startsWith(pointer), where)
    if (problem.code === 'invalid_field') assert.ok(problem.pointer && !problem.field, where)
  })
  await siege.survived()
})

test('bodies of another kind, encoded, or over the bound are refused by every operation', { timeout: 60_000 }, async () => {
  const big = Buffer.alloc(2 ** 20 + 1, 0x20)
  await each(bodied().flatMap(operation => ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', 'application/xml', ';', 'x'.repeat(500), undefined]
    .map(type => ({ operation, type }))), async ({ operation, type }) =>
    siege.assertProblem(await send(operation, { headers: type ? { 'content-type': type } : {}, body: '{}' }), 415, 'unsupported_media_type', `${operation.id}, ${type}`))
  await each(bodied(), async operation => {
    siege.assertProblem(await send(operation, { headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync('{}') }), 415, 'unsupported_media_type', `${operation.id}, gzip`)
    siege.assertProblem(await send(operation, { headers: { ...json, 'content-length': String(big.length) }, body: big }), 413, 'too_large', `${operation.id}, announced`)
    siege.assertProblem(await send(operation, { headers: { ...json, 'transfer-encoding': 'chunked' }, body: big }), 413, 'too_large', `${operation.id}, in chunks`)
  })
  await siege.survived()
})

test('what belongs to others is not there, on every path that has an id', { timeout: 60_000 }, async () => {
  const mallory = await siege.mallory()
  const before = await (await siege.ada()).content(own.document)
  const addressed = operations.filter(operation => operation.path.includes('{'))
  await each(addressed.flatMap(operation => [pathOf(operation), pathOf(operation, { user: mallory.session.user.id }), ...(operation.path.includes('/workspaces/') ? [pathOf(operation, { id: own.slug })] : [])]
    .map(path => ({ operation, path }))), async ({ operation, path }) =>
    siege.assertProblem(await siege.send(operation.method, path, { token: (await siege.mallory()).token, ...rightly(operation) }), 404, 'not_found', `${operation.id} ${path}`))
  const inBodies = [
    ['/api/v1/documents', { title: 'x', workspace_id: own.workspace }], ['/api/v1/documents', { title: 'x', workspace_id: own.slug }], ['/api/v1/documents', { title: 'x', workspace_id: nobody }],
    ['/api/v1/auth/tickets', { document_id: own.document }], ['/api/v1/auth/tickets', { document_id: nobody }],
    ['/api/v1/ai/generations', { action: 'summary', document_id: own.document }], ['/api/v1/ai/generations', { action: 'summary', document_id: own.document, target: { end: true }, stream: true }]
  ]
  for (const [path, body] of inBodies) siege.assertProblem(await siege.send('POST', path, { token: mallory.token, headers: json, body: JSON.stringify(body) }), 404, 'not_found', `${path} ${JSON.stringify(body)}`)
  for (const query of [`workspace_id=${own.workspace}`, `workspace_id=${own.slug}`]) siege.assertProblem(await siege.send('GET', `/api/v1/documents?${query}`, { token: mallory.token }), 404, 'not_found', query)
  const under = await siege.send('GET', `/api/v1/documents?parent_id=${own.document}`, { token: mallory.token })
  assert.ok(under.status === 404 || JSON.parse(under.body).items.length === 0, under.body)
  // A parent in a workspace of others is no more there than one that never was.
  const { id: mine } = await mallory.json('POST', '/api/v1/workspaces', { name: 'Mallory' }, 201)
  const [theirs, none] = await Promise.all([own.document, nobody].map(parent_id => siege.send('POST', '/api/v1/documents', { token: mallory.token, headers: json, body: JSON.stringify({ title: 'x', workspace_id: mine, parent_id }) })))
  const [theirProblem, noProblem] = [siege.assertProblem(theirs, [404, 409, 422]), siege.assertProblem(none, [404, 409, 422])]
  assert.deepEqual([theirProblem.code, theirProblem.detail], [noProblem.code, noProblem.detail])
  assert.deepEqual(await (await siege.ada()).content(own.document), before)
  const { items } = await (await siege.ada()).json('GET', `/api/v1/workspaces/${own.workspace}/members`)
  assert.deepEqual(items.map(member => member.user.id), [own.user])
  await siege.survived()
})

test('ids that are none, and ids of nothing, are 404 on every path', { timeout: 60_000 }, async () => {
  const ids = [nobody, nobody.toUpperCase(), '0', '-1', 'not-an-id', '1-1-1-1-1', `${nobody}0`, 'null', '%20', '%00', '%0a', '..', '..%2f..', '%2e%2e', '%F0%9F%92%A9', '%27%20or%201=1', 'x'.repeat(3000), '{id}', '*', ';', '%ff']
  await each(operations.filter(operation => operation.path.includes('{')).flatMap(operation => ids.map(id => ({ operation, id }))), async ({ operation, id }) => {
    const answer = await send(operation, { path: pathOf(operation, { id }), ...rightly(operation) })
    siege.assertProblem(answer, [400, 404, 405], ['not_found', 'invalid_request', 'method_not_allowed'], `${operation.id} ${id.slice(0, 40)}: ${answer.status}`)
    if (id === nobody) assert.equal(answer.status, 404, operation.id)
  })
  await each(operations.filter(operation => operation.path.includes('{user_id}')).flatMap(operation => ids.filter(id => !id.includes('.')).map(user => ({ operation, user }))), async ({ operation, user }) =>
    siege.assertProblem(await send(operation, { path: pathOf(operation, { user }), ...rightly(operation) }), [400, 404, 422], ['not_found', 'invalid_request', 'unknown_user', 'invalid_field'], `${operation.id} ${user.slice(0, 40)}`))
  for (const path of ['/api', '/api/v1', '/api/v1/', '/api/v2/documents', '/api/v1/documents/%', '/api/v1/%zz', '/api/v1//documents', '/api/v1/documents/..', '/api/v1/../../etc/passwd', '/api/v1/documents;x=1', '/%2e%2e/%2e%2e/etc/passwd', '/..%5c..%5cwindows', '/assets/%00', '/assets/..%2f..%2fmateri.jar', '/.well-known/', '/.well-known/x', '/%', '/%c0%ae%c0%ae/']) {
    for (const method of ['GET', 'POST', 'DELETE', 'TRACE', 'PROPFIND']) {
      const answer = await siege.send(method, path, { token: (await siege.ada()).token })
      siege.assertHonest(answer)
      assert.ok(answer.status >= 400 || (method === 'GET' && /html/.test(answer.headers['content-type'])), `${answer.what}: ${answer.status}`)
    }
  }
  await siege.survived()
})

test('query parameters refuse what they do not mean', { timeout: 60_000 }, async () => {
  const bad = {
    limit: ['0', '-1', '101', '1e2', '1.0', '0x10', '99999999999999999999', 'x', '%00', '%D9%A3'], trashed: ['yes', '1', 'TRUE', '%00'], permanent: ['yes', '1', '%00'], format: ['pdf', 'MARKDOWN', '%00', 'x'.repeat(3000)],
    cursor: ['x', '=', '%00', 'AAAA', '%ff', 'x'.repeat(3000), Buffer.from('{"id":1}').toString('base64url'), Buffer.alloc(40, 255).toString('base64url')],
    parent_id: ['x', '%00', 'Root', nobody + '0'], q: ['x'.repeat(201), '%00', 'x'.repeat(3000)], workspace_id: ['%00', '%20', 'x'.repeat(3000)]
  }
  const cases = operations.flatMap(operation => operation.parameters.filter(parameter => parameter.in === 'query' && bad[parameter.name]).flatMap(({ name }) => bad[name].map(value => ({ operation, name, value }))))
  assert.ok(cases.length > 80, `${cases.length} cases`)
  await each(cases, async ({ operation, name, value }) => {
    const right = rightly(operation)
    const answer = await send(operation, { ...right, path: `${pathOf(operation)}?${name}=${value}` })
    const problem = siege.assertProblem(answer, [400, 404], ['invalid_request', 'not_found'], `${operation.id} ${name}=${value.slice(0, 40)}`)
    if (answer.status === 400 && !/%/.test(value)) assert.equal(problem.parameter, name, `${operation.id} ${name}=${value.slice(0, 40)}`)
  })
  // The stream of a document has no end to wait for.
  await each(operations.filter(operation => operation.method === 'GET' && operation.id !== 'streamDocument').flatMap(operation => ['%zz', 'limit=%zz', 'limit=%', 'a=%c3%28', '&&&===&', 'limit', '?'.repeat(100), Array.from({ length: 1000 }, (_, i) => `p${i}=1`).join('&')].map(query => ({ operation, query }))), async ({ operation, query }) =>
    siege.assertHonest(await send(operation, { path: `${pathOf(operation)}?${query}` })))
  const { next } = await (await siege.ada()).json('GET', '/api/v1/documents?limit=1')
  siege.assertProblem(await siege.send('GET', `/api/v1/documents?limit=1&trashed=true&cursor=${next}`, { token: (await siege.ada()).token }), 400, 'invalid_request', 'a cursor of another list')
  await siege.survived()
})

test('header fields refuse what they do not mean', { timeout: 60_000 }, async () => {
  const bad = {
    'If-Match': ['x', '"', '""x', '"a" "b"', 'W/', '*,*', Array(40).fill('"a"').join(','), `"${'a'.repeat(5000)}"`, '"\u00e9'], 'If-None-Match': ['x', '"', 'W/x', Array(40).fill('"a"').join(',')],
    'Idempotency-Key': ['', ' ', 'a b', 'é', 'x'.repeat(256)], 'Last-Event-ID': ['x', '-1', '1'.repeat(19), '1.5', '0x1', '1 2'], Accept: ['application/pdf', 'x', '*/*;q=0', ';q=NaN', ',,,', 'text/markdown;q=2']
  }
  const cases = operations.flatMap(operation => operation.parameters.filter(parameter => parameter.in === 'header' && bad[parameter.name]).flatMap(({ name }) => bad[name].map(value => ({ operation, name, value }))))
  assert.ok(cases.length > 60, `${cases.length} cases`)
  await each(cases, async ({ operation, name, value }) => {
    const right = rightly(operation)
    const answer = await send(operation, { ...right, headers: { ...right.headers, [name.toLowerCase()]: value } })
    siege.assertProblem(answer, name === 'Accept' ? [406] : [400], ['invalid_request', 'not_acceptable'], `${operation.id} ${name}: ${value.slice(0, 40)}`)
  })
  const content = `/api/v1/documents/${own.document}/content`
  const put = async (headers, body = 'x') => siege.send('PUT', content, { token: (await siege.ada()).token, headers: { 'content-type': 'text/markdown', ...headers }, body })
  siege.assertProblem(await put({}), 428, 'precondition_required')
  siege.assertProblem(await put({ 'if-match': '*' }), 428, 'precondition_required')
  for (const base of ['x', '"a", "b"', 'W/"a"', '*']) siege.assertProblem(await put({ 'if-match': '*', 'materi-base': base }), [400, 409], ['invalid_request', 'base_unknown'], `Materi-Base ${base}`)
  siege.assertProblem(await put({ 'if-match': '*', 'materi-base': '"1-1-markdown-of-another"' }), 409, 'base_unknown')
  for (const tag of ['"x"', '"1-0-markdown"', '"999999999999999999999-1-markdown"', '"-1--1-markdown"', 'W/"1-1-markdown"']) siege.assertProblem(await put({ 'if-match': tag }), 412, 'etag_mismatch', tag)
  for (const range of ['bytes=0-', 'bytes=5-1', 'x']) siege.assertHonest(await siege.send('GET', content, { token: (await siege.ada()).token, headers: { range } }))
  for (const header of ['x-request-id', 'traceparent', 'origin', 'x-forwarded-for', 'forwarded', 'host', 'expect', 'cookie', 'accept-encoding', 'if-modified-since', 'materi-client']) {
    for (const value of ['', '\u00e9\u00ff', '../../', "'; drop table x; --", 'x'.repeat(3000), '${jndi:ldap://127.0.0.1/x}', '00-00000000000000000000000000000000-0000000000000000-00']) {
      siege.assertHonest(await siege.send('GET', content, { token: (await siege.ada()).token, headers: { [header]: value } }))
    }
  }
  await siege.survived()
})

test('content that is not what its format says is refused, and what is deep or large is bounded', { timeout: 60_000 }, async () => {
  const ada = await siege.ada()
  const { id } = await ada.createDocument('Poured into', 'One paragraph.')
  const deepHtml = '<div>'.repeat(20_000) + 'x' + '</div>'.repeat(20_000)
  const nest = (depth, inner = { type: 'paragraph' }) => { let text = JSON.stringify(inner); for (let i = 0; i < depth; i++) text = `{"type":"blockquote","content":[${text}]}`; return `{"type":"doc","content":[${text}]}` }
  const poured = [
    ['application/json', '{'], ['application/json', '[]'], ['application/json', 'null'], ['application/json', '7'], ['application/json', '{"type":"page"}'], ['application/json', '{"type":"doc","content":{}}'],
    ['application/json', '{"type":"doc","content":[null]}'], ['application/json', '{"type":"doc","content":[{"type":7}]}'], ['application/json', '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":7}]}]}'],
    ['application/json', '{"type":"doc","content":[{"type":"paragraph","attrs":[]}]}'], ['application/json', '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":7}]}]}'],
    ['application/json', nest(101)], ['application/json', nest(990)], ['application/json', nest(100_000)], ['application/json', Buffer.from([0xff, 0xfe])],
    ['application/json', '{"type":"doc","content":[{"type":"heading","attrs":{"level":1e999},"content":[]}]}'], ['application/json', '{"type":"doc","content":[{"type":"text","text":"loose"}]}'],
    ['application/octet-stream', Buffer.from([0xff])], ['application/octet-stream', Buffer.alloc(0)], ['application/octet-stream', Buffer.from([1, 1, 1, 0])], ['application/octet-stream', Buffer.alloc(1000, 0xff)], ['application/octet-stream', 'text'],
    ['text/markdown', Buffer.from([0xc3, 0x28])], ['text/html', Buffer.from([0xc3, 0x28])], ['text/plain', Buffer.from([0xff])],
    ['text/markdown', '>'.repeat(20_000) + 'x'], ['text/markdown', '['.repeat(50_000)], ['text/markdown', '*'.repeat(50_000) + 'a'], ['text/markdown', '`'.repeat(50_000)], ['text/markdown', '- '.repeat(5_000) + 'x'], ['text/markdown', '![['.repeat(20_000)], ['text/markdown', '<'.repeat(50_000)],
    ['text/markdown', '|'.repeat(20_000) + '\n' + '|-'.repeat(20_000)], ['text/markdown', '&#x0;&#x110000;&#xd800;\0'], ['text/html', deepHtml], ['text/html', '<'.repeat(100_000)], ['text/html', '<table>'.repeat(2_000)], ['text/html', '<p ' + 'a=1 '.repeat(20_000) + '>x'],
    ['text/html', '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>'], ['text/html', '<svg><math><annotation-xml>'.repeat(2_000)], ['text/html', '&'.repeat(50_000)]
  ]
  await each(poured, async ([type, body]) => {
    const where = `${type} ${String(body).slice(0, 60)}`
    const { etag } = await (await siege.ada()).content(id, 'markdown')
    const answer = await siege.send('PUT', `/api/v1/documents/${id}/content`, { token: (await siege.ada()).token, headers: { 'content-type': type, 'if-match': '*', 'materi-base': etag }, body })
    if (answer.status >= 400) siege.assertProblem(answer, [400, 409, 413, 422], undefined, where)
  }, 1)
  const html = await ada.request('GET', `/api/v1/documents/${id}/content?format=html`).then(answer => answer.text())
  assert.doesNotMatch(html, /<script|onerror|javascript:/i)
  for (const format of ['markdown', 'html', 'text', 'prosemirror', 'yjs']) siege.assertHonest(await siege.send('GET', `/api/v1/documents/${id}/content?format=${format}`, { token: (await siege.ada()).token }))
  const { etag } = await (await siege.ada()).content(id, 'text')
  siege.assertProblem(await siege.send('PUT', `/api/v1/documents/${id}/content`, { token: (await siege.ada()).token, headers: { 'content-type': 'text/plain', 'if-match': etag, 'content-length': String(2 ** 24 + 1) }, body: Buffer.alloc(2 ** 24 + 1, 0x61) }), 413, 'too_large')
  for (const [body, status, code] of [
    [{ edits: [] }, 422], [{ edits: [{}] }, 422], [{ edits: [{ append: { content: 'x' }, delete: { target: { block: '1:1' } } }] }, 422], [{ edits: [{ delete: { target: { block: '1:1', quote: { exact: 'x' } } } }] }, 422],
    [{ edits: [{ delete: { target: { block: 'x' } } }] }, [409, 422]], [{ edits: [{ delete: { target: { block: '99999999999999999999:1' } } }] }, [409, 422]], [{ edits: [{ delete: { target: { block: '-1:-1' } } }] }, [409, 422]],
    [{ edits: [{ delete: { target: { quote: { exact: 'nowhere to be found' } } } }] }, 409, 'quote_not_found'], [{ edits: [{ delete: { target: { range: { block: '1:1', from: 5, to: 1 } } } }] }, [409, 422]], [{ edits: [{ append: { content: 'x', format: 'yjs' } }] }, [415, 422]]
  ]) siege.assertProblem(await siege.send('POST', `/api/v1/documents/${id}/edit`, { token: (await siege.ada()).token, headers: json, body: JSON.stringify(body) }), status, code, JSON.stringify(body))
  await siege.survived()
})

test('what the contract allows but nothing here can do says so', { timeout: 60_000 }, async () => {
  const post = async (path, body) => siege.send('POST', path, { token: (await siege.ada()).token, headers: json, body: JSON.stringify(body) })
  siege.assertProblem(await post('/api/v1/ai/generations', { prompt: 'Write a poem.' }), 501, 'unsupported_action')
  siege.assertProblem(await post('/api/v1/ai/generations', { prompt: 'x', model: 'no/such' }), 422, 'unknown_model')
  siege.assertProblem(await post('/api/v1/ai/generations', { action: 'dance', document_id: own.document }), [422, 501])
  siege.assertProblem(await post('/api/v1/ai/generations', { action: 'summary', document_id: own.document, target: { after_block: '1:1' } }), 409, 'block_unknown')
  siege.assertProblem(await post('/api/v1/ai/generations', { action: 'summary', document_id: own.document, target: { replace_quote: 'nowhere' } }), 409, 'quote_not_found')
  siege.assertProblem(await post('/api/v1/workspaces/demo/members', { user_id: nobody, role: 'viewer' }), 422, 'unknown_user')
  siege.assertProblem(await post('/api/v1/workspaces/demo/members', { email: 'x@y.example', user_id: nobody, role: 'viewer' }), 422)
  siege.assertProblem(await post('/api/v1/auth/login', { email: "' or 1=1 --", password: 'x' }), [401, 422])
  siege.assertProblem(await post('/api/v1/auth/register', { email: 'ada@demo.materi.local', password: 'correct horse battery staple 7' }), 409, 'email_taken')
  const key = { 'idempotency-key': 'once' }
  const send = async body => siege.send('POST', '/api/v1/documents', { token: (await siege.ada()).token, headers: { ...json, ...key }, body: JSON.stringify(body) })
  assert.equal((await send({ title: 'Once', workspace_id: 'demo' })).status, 201)
  siege.assertProblem(await send({ title: 'Twice', workspace_id: 'demo' }), 422, 'idempotency_mismatch')
  await siege.survived()
})

/** Says these bytes and hears what comes back until the node hangs up, or goes on listening for a while after its answer. */
function say (port, ...pieces) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    const done = () => { socket.destroy(); resolve(heard) }
    socket.setTimeout(600, done)
    socket.on('data', data => { heard += data.toString('latin1') })
    socket.on('close', done)
    socket.on('error', error => error.code === 'ECONNRESET' || error.code === 'EPIPE' ? done() : reject(error))
    for (const piece of pieces) socket.write(piece)
  })
}

test('what is no HTTP, or too much of it, is refused on both ports and hurts nobody', { timeout: 60_000 }, async () => {
  const head = 'GET /api/v1/auth/registration HTTP/1.1\r\nHost: x\r\n'
  const post = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
  const pieces = {
    'random bytes': [Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256))], 'a TLS greeting': [Buffer.from('16030100c8010000c40303', 'hex')], 'an HTTP/2 preface': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], 'no version': ['GET /\r\n\r\n'],
    'a version of its own': ['GET / HTTP/9.9\r\nHost: x\r\n\r\n'], 'no method': [' / HTTP/1.1\r\n\r\n'], 'an absolute target': ['GET http://other/api/v1/auth/registration HTTP/1.1\r\nHost: x\r\n\r\n'], 'a target that is a star': ['OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'],
    'an authority as target': ['CONNECT other:443 HTTP/1.1\r\nHost: x\r\n\r\n'], 'a target without slash': ['GET api HTTP/1.1\r\nHost: x\r\n\r\n'], 'a target with a blank': ['GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'], 'a target of raw bytes': [Buffer.from('GET /\xff\xfe\x00 HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1')],
    'a header without colon': [`${head}nonsense\r\n\r\n`], 'a header with a NUL': [`${head}a: \0\r\n\r\n`], 'a folded header': [`${head}a: b\r\n c\r\n\r\n`], 'no host': ['GET /healthz HTTP/1.1\r\n\r\n'], 'two hosts': [`${head}Host: y\r\n\r\n`], 'a host of nonsense': ['GET /healthz HTTP/1.1\r\nHost: [::\r\n\r\n'],
    'a length that is none': [`${post}Content-Length: x\r\n\r\n{}`], 'a negative length': [`${post}Content-Length: -1\r\n\r\n{}`], 'two lengths': [`${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`], 'a signed length': [`${post}Content-Length: +2\r\n\r\n{}`], 'a huge length': [`${post}Content-Length: 99999999999999999999\r\n\r\n{}`],
    'length and chunks': [`${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`], 'an unknown coding': [`${post}Transfer-Encoding: gzip\r\n\r\n{}`], 'chunked twice': [`${post}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
    'a chunk size that is none': [`${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`], 'a chunk size without end': [`${post}Transfer-Encoding: chunked\r\n\r\n${'0'.repeat(9000)}`], 'a huge chunk': [`${post}Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n{}`], 'a body that stops': [`${post}Content-Length: 100\r\n\r\n{"email"`],
    'trailers without end': [`${post}Transfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(5000)}`], 'a bad expectation': [`${post}Content-Length: 2\r\nExpect: wonders\r\n\r\n{}`], 'an upgrade to nonsense': [`${head}Connection: Upgrade\r\nUpgrade: nonsense\r\n\r\n`], 'an upgrade to HTTP/2': [`${head}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`],
    'many at once': [`${head}\r\n`.repeat(100)], 'a hundred refusals at once': ['GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100)], 'only line ends': ['\r\n'.repeat(5000)]
  }
  await each([siege.server.ports.http, siege.server.ports.operator].flatMap(port => Object.entries(pieces).map(([name, bytes]) => ({ port, name, bytes }))), async ({ port, name, bytes }) => {
    const heard = await say(port, ...bytes)
    for (const [, status] of heard.matchAll(/HTTP\/1\.[01] (\d{3})/g)) assert.ok(+status < 500, `${name}: ${heard.slice(0, 600)}`)
    assert.doesNotMatch(heard, /\bat [\w$.]+\(|Exception/, name)
  }, 16)
  for (const base of [siege.server.url, siege.server.operator]) {
    siege.assertProblem(await siege.send('GET', `/healthz?${'x'.repeat(9000)}`, { base }), 414, 'uri_too_long')
    siege.assertProblem(await siege.send('GET', '/healthz', { base, headers: { 'x-long': 'x'.repeat(9000) } }), 431, 'headers_too_large')
    siege.assertProblem(await siege.send('GET', '/healthz', { base, headers: Object.fromEntries(Array.from({ length: 800 }, (_, i) => [`x-${i}`, 'xxxxx'])) }), 431, 'headers_too_large')
  }
  await siege.survived()
})

test('the operator\'s port refuses what it does not serve', { timeout: 60_000 }, async () => {
  const base = siege.server.operator
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    assert.equal((await siege.send('GET', path, { base })).status, 200, path)
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'BREW']) siege.assertProblem(await siege.send(method, path, { base, body: '{}' }), 405, 'method_not_allowed')
  }
  for (const path of ['/', '/api/v1/documents', '/metrics/x', '/metrics/..%2f..', '/%', '/%zz', '/%00', '/env', '/heapdump', '/actuator', '/yjs/x', '/collab']) siege.assertProblem(await siege.send('GET', path, { base }), [400, 404], ['not_found', 'invalid_request'], path)
  assert.doesNotMatch((await siege.send('GET', '/metrics', { base })).body, new RegExp(own.document), 'no ids in metrics')
  await siege.survived()
})

test('every secured operation refuses every bad token', { timeout: 60_000 }, async () => {
  const forged = forgedTokens((await siege.ada()).token, await (await fetch(`${siege.server.url}/.well-known/jwks.json`)).json())
  const headers = [{}, { authorization: '' }, { authorization: 'Bearer' }, { authorization: 'Bearer ' }, { authorization: 'Basic YWRhOmFkYQ==' }, { authorization: 'Bearer é' }, { authorization: `Bearer ${'x'.repeat(5000)}` }]
  const cases = operations.filter(operation => operation.secured).flatMap(operation => [
    ...headers.map(given => ({ operation, headers: given, name: JSON.stringify(given).slice(0, 40) })),
    ...Object.entries(forged).map(([name, token]) => ({ operation, headers: { authorization: `Bearer ${token}` }, name })),
    { operation, headers: { authorization: `Bearer ${siege.expiring.token}` }, name: 'expired', late: true }
  ])
  await siege.expiredToken()
  await each(cases, async ({ operation, headers, name }) => {
    const right = rightly(operation)
    const answer = await siege.send(operation.method, pathOf(operation), { ...right, headers: { ...right.headers, ...headers } })
    siege.assertProblem(answer, 401, ['unauthenticated', 'invalid_token'], `${operation.id}, ${name}: ${answer.status}`)
    assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer/, `${operation.id}, ${name}`)
  })
  const logout = operations.find(operation => operation.id === 'logout')
  for (const [name, token] of Object.entries(forged)) siege.assertProblem(await siege.send('POST', logout.path, { token }), 401, undefined, `logout, ${name}`)
  const refresh = operations.find(operation => operation.id === 'refresh')
  for (const token of ['x', '..', '\u00e9', forged['alg none'], 'r_' + 'A'.repeat(43)]) {
    siege.assertProblem(await siege.send('POST', refresh.path, { headers: json, body: JSON.stringify({ refresh_token: token }) }), 401, 'invalid_token', `refresh ${token}`)
    siege.assertProblem(await siege.send('POST', refresh.path, { headers: { 'materi-client': 'browser', cookie: `materi_refresh=${encodeURIComponent(token)}` } }), 401, 'invalid_token', `cookie ${token}`)
  }
  const stream = operations.find(operation => operation.id === 'streamGeneration')
  const { ticket } = await (await siege.ada()).json('POST', '/api/v1/auth/tickets', { document_id: siege.ledger }, 201)
  for (const query of ['ticket=x', `ticket=x&document_id=${own.document}`, `ticket=${ticket}`, `ticket=${ticket}&document_id=x`, `ticket=${ticket}&document_id=${own.document}`, `ticket=${'t'.repeat(3000)}&document_id=${own.document}`, `ticket=%00&document_id=${own.document}`]) {
    siege.assertProblem(await siege.send('GET', `${pathOf(stream)}?${query}`), [400, 401, 404], undefined, query)
  }
  await siege.survived()
})
