// Wrong input at the gRPC port of a running node. Every method of the contracts is tried, as reflection and the .proto files
// name them.
import assert from 'node:assert/strict'
import { connect as connectHttp2, constants } from 'node:http2'
import { connect } from 'node:net'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import grpc from '@grpc/grpc-js'
import loader from '@grpc/proto-loader'
import { forgedTokens } from '../lib/forged.mjs'
import { assertNoInnards, each, Siege } from '../lib/siege.mjs'
import { malformedUpdates, strangeUpdates } from '../lib/updates.mjs'

const protos = resolve(import.meta.dirname, '../../proto/src/main/protobuf')
const files = readdirSync(protos, { recursive: true }).filter(name => name.endsWith('.proto'))
const definitions = loader.loadSync(files, { includeDirs: [protos], keepCase: true, enums: String, longs: String })
const methods = Object.entries(definitions).filter(([, definition]) => !definition.format).flatMap(([service, definition]) =>
  Object.entries(definition).map(([name, method]) => ({ service, name, ...method, fields: fieldsOf(method.requestType.type.field, method.requestType) })))
const { status } = grpc
/** Whoever calls needs no token; auth.proto names them. */
const open = ['Register', 'Login', 'Refresh', 'GetJwks', 'GetRegistration', 'ValidateToken', 'RedeemTicket']
/** Nodes alone call these, whoever's token comes along. */
const internal = ['RegisterDocument', 'WithdrawDocument', 'SetDocumentState']
const nobody = '0197a3c0-0000-7000-8000-00000000dead'
/** A refusal of what a caller did; nothing that says that the server failed. */
const refusals = ['INVALID_ARGUMENT', 'NOT_FOUND', 'FAILED_PRECONDITION', 'PERMISSION_DENIED', 'UNAUTHENTICATED', 'ABORTED', 'ALREADY_EXISTS', 'OUT_OF_RANGE', 'RESOURCE_EXHAUSTED', 'UNIMPLEMENTED'].map(name => status[name])

let siege
let client
let own

before(async () => {
  siege = await Siege.begin()
  client = new grpc.Client(siege.server.grpc, grpc.credentials.createInsecure(), { 'grpc.max_send_message_length': -1, 'grpc-node.max_session_memory': 64 })
  const ada = await siege.ada()
  const { id } = await ada.json('POST', '/api/v1/workspaces', { name: 'Ada alone', slug: 'ada-alone' }, 201)
  const document = (await ada.json('POST', '/api/v1/documents', { title: 'Secret', workspace_id: id, content: 'A secret that is well kept.' }, 201)).id
  const generation = (await ada.json('POST', '/api/v1/ai/generations', { action: 'summary', document_id: document })).id
  const version = (await ada.json('POST', `/api/v1/documents/${document}/versions`, { name: 'Kept' }, 201)).id
  const link = (await ada.json('POST', `/api/v1/documents/${document}/links`, { label: 'For the board' }, 201)).id
  own = { workspace: id, document_id: document, version_id: version, link_id: link, generation_id: generation, user_id: ada.session.user.id }
}, { timeout: 120_000 })
after(() => { client?.close(); return siege?.end() })

function fieldsOf (fields) {
  return fields.map(field => ({ name: field.name, type: field.type, repeated: field.label === 'LABEL_REPEATED' }))
}

function metadata (token, more = {}) {
  const all = new grpc.Metadata()
  if (token !== undefined) all.set('authorization', `Bearer ${token}`)
  for (const [key, value] of Object.entries(more)) all.set(key, value)
  return all
}

/** Calls with these very bytes; what comes is {code, details}, 0 for an answer or a first item. */
function call (method, message, { token, headers, deadline = 10_000 } = {}) {
  const path = method.path ?? method
  const all = metadata(token, headers)
  const told = { deadline: Date.now() + deadline }
  const identity = given => given
  return new Promise(resolve => {
    if (method.responseStream) {
      const stream = client.makeServerStreamRequest(path, identity, identity, Buffer.from(message), all, told)
      stream.on('data', () => { stream.cancel(); resolve({ code: 0, details: '' }) })
      stream.on('error', error => resolve({ code: error.code, details: error.details }))
      stream.on('end', () => resolve({ code: 0, details: '' }))
    } else {
      client.makeUnaryRequest(path, identity, identity, Buffer.from(message), all, told, (error, reply) => resolve(error ? { code: error.code, details: error.details } : { code: 0, details: '', reply }))
    }
  })
}

const send = (method, fields, options) => call(method, method.requestSerialize(fields), options)

function assertRefused (answer, codes, what) {
  const told = `${what}: ${status[answer.code]} ${answer.details}`
  assert.ok(codes.map(code => typeof code === 'string' ? status[code] : code).includes(answer.code), told)
  if (answer.code !== 0) assertNoInnards(answer.details, told)
}

const named = name => methods.find(method => method.name === name)
/** A message that names ada's things wherever it can. */
const aboutAda = method => Object.fromEntries(method.fields.filter(field => own[field.name]).map(field => [field.name, own[field.name]]))

test('bytes that are no message, and messages without their fields, are refused by every method', { timeout: 60_000 }, async () => {
  const garbage = { noise: Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 89 + 11) % 256)), 'all ones': Buffer.alloc(50, 0xff), 'a length past the end': Buffer.from([0x0a, 0x7f, 1]), 'a group without end': Buffer.from([0x0b, 0x0b, 0x0b]), 'field zero': Buffer.from([0x00, 0x00]), 'groups nested without end': Buffer.alloc(100_000, 0x0b), 'a number without end': Buffer.from([0x08, ...Array(11).fill(0xff)]), 'broken UTF-8': Buffer.from([0x0a, 2, 0xc3, 0x28]) }
  const { token } = await siege.bob()
  await each(methods.flatMap(method => Object.entries(garbage).map(([what, bytes]) => ({ method, what, bytes }))), async ({ method, what, bytes }) => {
    // Messages have unknown fields by right, and a method without text takes any.
    const answer = await call(method, bytes, { token })
    assertRefused(answer, what === 'broken UTF-8' ? [0, ...refusals] : ['INVALID_ARGUMENT'], `${method.name}, ${what}`)
  }, 16)
  const answered = ['GetJwks', 'GetRegistration', 'GetMe', 'ListWorkspaces', 'ListDocuments', 'GetCapabilities']
  await each(methods.filter(method => method.name !== 'Logout'), async method => {
    const answer = await call(method, Buffer.alloc(0), { token: (await siege.bob()).token })
    assertRefused(answer, answered.includes(method.name) ? [0] : refusals, `${method.name}, an empty message`)
  }, 16)
  await siege.survived()
})

test('every field of every message refuses what is no value of it', { timeout: 60_000 }, async () => {
  const texts = ['x', ' ', '\0', '\ud7ff\u202e', '../../etc/passwd', "' or 1=1 --", nobody, '1-1-1-1-1', 'x'.repeat(100_000), '{"a":1}', '=', '-1']
  const cases = methods.filter(method => method.name !== 'Logout').flatMap(method => method.fields.filter(field => ['TYPE_STRING', 'TYPE_BYTES', 'TYPE_ENUM', 'TYPE_INT32', 'TYPE_UINT64'].includes(field.type)).flatMap(field => {
    const values = field.type === 'TYPE_STRING' ? texts : field.type === 'TYPE_BYTES' ? [Buffer.alloc(0), Buffer.alloc(100, 0xff), Buffer.from('{')] : field.type === 'TYPE_ENUM' ? [0, 99, -1] : field.type === 'TYPE_UINT64' ? ['9223372036854775807', '18446744073709551615'] : [-1, 2147483647, -2147483648]
    return values.map(value => ({ method, field, value }))
  }))
  assert.ok(cases.length > 400, `${cases.length} cases`)
  await each(cases, async ({ method, field, value }) => {
    const answer = await send(method, { ...(method.fields.some(one => one.name === 'document_id') ? { document_id: siege.ledger } : {}), ...(/Workspace|Member/.test(method.name) ? { workspace: nobody } : {}), [field.name]: field.repeated ? [value] : value },
      { token: (await siege.bob()).token, deadline: method.responseStream ? 2_000 : 10_000 })
    assertRefused(answer, [0, ...(method.responseStream ? ['DEADLINE_EXCEEDED'] : []), ...refusals], `${method.name} ${field.name} = ${String(value).slice(0, 30)}`)
  }, 16)
  await siege.survived()
})

test('what belongs to others is not there for any method', { timeout: 60_000 }, async () => {
  const before = await (await siege.ada()).content(own.document_id)
  const addressed = methods.filter(method => Object.keys(aboutAda(method)).length > 0 && !open.includes(method.name))
  assert.ok(addressed.length > 20, `${addressed.length} methods`)
  const filled = { format: 'FORMAT_MARKDOWN', content: Buffer.from('Mine now.'), initial: true, update: Buffer.from([0, 0]), edits: [{ append: { content: 'Mine.', format: 'FORMAT_MARKDOWN' } }], action: 'summary', agent_name: 'Mallory', end: true, role: 'ROLE_EDITOR', state: 'DOCUMENT_STATE_PURGED', name: 'Mine', title: 'Mine' }
  await each(addressed, async method => {
    const { token, session } = await siege.mallory()
    const message = { ...Object.fromEntries(method.fields.filter(field => filled[field.name] !== undefined && !(field.name === 'action' && method.name === 'Authorize')).map(field => [field.name, field.name === 'content' && field.type === 'TYPE_STRING' ? 'Mine.' : filled[field.name]])), ...aboutAda(method) }
    if (method.name === 'Authorize') Object.assign(message, { user_id: session.user.id, action: 'ACTION_READ' })
    const answer = await send(method, message, { token })
    const what = `${method.name} ${JSON.stringify(Object.keys(message))}`
    if (method.name === 'Authorize' && answer.code === 0) assert.ok(!method.responseDeserialize(answer.reply).allowed, what)
    else assertRefused(answer, [internal.includes(method.name) ? 'PERMISSION_DENIED' : 'NOT_FOUND'], what)
  })
  assertRefused(await send(named('Authorize'), { user_id: own.user_id, document_id: own.document_id, action: 'ACTION_READ' }, { token: (await siege.mallory()).token }), ['PERMISSION_DENIED'], 'asking for somebody else')
  assert.deepEqual(await (await siege.ada()).content(own.document_id), before)
  await siege.survived()
})

test('nobody passes for a node', { timeout: 30_000 }, async () => {
  const ada = await siege.ada()
  const passes = ['', 'x', ada.token, '0'.repeat(64), 'f'.repeat(64), 'x'.repeat(4000)]
  await each(internal.flatMap(name => passes.map(pass => ({ name, pass }))), async ({ name, pass }) =>
    assertRefused(await send(named(name), aboutAda(named(name)), { token: ada.token, headers: { 'materi-node': pass } }), ['PERMISSION_DENIED'], `${name} as ${pass.slice(0, 9)}`))
  assert.equal((await ada.json('GET', `/api/v1/documents/${own.document_id}`)).id, own.document_id)
  await siege.survived()
})

test('updates and edits that are none are refused, and nothing is written', { timeout: 60_000 }, async () => {
  const { id } = await (await siege.ada()).createDocument('Aimed at', 'Untouched.')
  const before = await (await siege.ada()).content(id)
  await each(Object.entries(malformedUpdates), async ([what, update]) => {
    const { token } = await siege.bob()
    assertRefused(await send(named('ApplyUpdate'), { document_id: id, update }, { token }), ['INVALID_ARGUMENT'], what)
    assertRefused(await send(named('ReplaceContent'), { document_id: id, format: 'FORMAT_YJS', content: update, initial: true }, { token }), refusals, what)
  })
  for (const vector of [Buffer.from([0xff]), Buffer.alloc(100, 0xff), Buffer.from([5, 1])]) assertRefused(await send(named('GetState'), { document_id: id, state_vector: vector }, { token: (await siege.bob()).token }), ['INVALID_ARGUMENT'], 'a state vector')
  for (const edit of [{}, { insert: {} }, { insert: { target: {}, content: 'x' } }, { replace: { target: { block: 'x' } } }, { delete: { target: { range: { block: '1:1', from: 4294967295, to: 4294967295 } } } }, { delete: { target: { quote: {} } } }, { append: { content: 'x', format: 'FORMAT_YJS' } }, { append: { content: 'x', format: 99 } }]) {
    const answer = await send(named('ApplyEdits'), { document_id: id, edits: [edit] }, { token: (await siege.bob()).token })
    assertRefused(answer, refusals, JSON.stringify(edit))
  }
  assertRefused(await send(named('ApplyEdits'), { document_id: id, edits: Array(1001).fill({ append: { content: 'x' } }) }, { token: (await siege.bob()).token }), ['INVALID_ARGUMENT'], '1001 edits')
  for (const writing_id of ['', 'x', nobody]) for (const name of ['WriteText', 'EndWriting']) assertRefused(await send(named(name), { writing_id, text: 'x' }, { token: (await siege.bob()).token }), ['NOT_FOUND', 'INVALID_ARGUMENT'], `${name} ${writing_id}`)
  assert.deepEqual(await (await siege.ada()).content(id), before)
  await each(Object.entries(strangeUpdates), async ([what, update]) => {
    const { id: other } = await (await siege.ada()).createDocument(what)
    assertRefused(await send(named('ApplyUpdate'), { document_id: other, update }, { token: (await siege.bob()).token }), [0, ...refusals], what)
    assertRefused(await send(named('GetContent'), { document_id: other, format: 'FORMAT_MARKDOWN' }, { token: (await siege.bob()).token }), [0, ...refusals], what)
  })
  await siege.survived()
})

test('messages over the bound, methods that are not there and deadlines have their status', { timeout: 60_000 }, async () => {
  const { token } = await siege.bob()
  // Announced only: a Node client that holds so much unsent refuses by itself.
  for (const name of ['ReplaceContent', 'Login', 'Subscribe']) assert.equal((await http2({ ':path': named(name).path }, Buffer.from([0, 1, 0, 0, 1]))).grpc, String(status.RESOURCE_EXHAUSTED), name)
  for (const path of ['/materi.collab.v1.CollabService/NoSuchMethod', '/no.such.Service/Method', '/x', '//', '/materi.collab.v1.CollabService/', '/MATERI.COLLAB.V1.COLLABSERVICE/GETCONTENT', `/${'x'.repeat(3000)}/y`]) {
    assertRefused(await call(path, Buffer.alloc(0), { token }), ['UNIMPLEMENTED'], path.slice(0, 60))
  }
  for (const name of ['Subscribe', 'GetContent']) {
    const answer = await send(named(name), { document_id: siege.ledger, format: 'FORMAT_MARKDOWN', after_sequence: '9000000' }, { token, deadline: name === 'Subscribe' ? 300 : 1 })
    assertRefused(answer, ['DEADLINE_EXCEEDED', ...(name === 'GetContent' ? [0] : [])], `${name} in no time`)
  }
  for (const headers of [{ 'x-request-id': '../../' }, { traceparent: '00-0-0-00' }, { 'x-request-id': 'x'.repeat(5000) }, { 'materi-problem-bin': Buffer.from([1]) }, { baggage: 'x'.repeat(8000) }]) {
    assertRefused(await send(named('GetMe'), {}, { token: (await siege.bob()).token, headers }), [0], JSON.stringify(headers).slice(0, 60))
  }
  assertRefused(await send(named('GetMe'), {}, { token, headers: { big: 'x'.repeat(20_000) } }), refusals.concat(status.INTERNAL, status.UNAVAILABLE, status.UNKNOWN), 'metadata over the bound')
  await siege.survived()
})

/** One request on a connection of its own: HTTP/2, but gRPC only as far as the caller likes. */
function http2 (headers, ...pieces) {
  return new Promise(resolve => {
    const session = connectHttp2(`http://${siege.server.grpc}`)
    const ended = {}
    const done = () => { session.destroy(); resolve(ended) }
    session.on('error', done)
    session.on('close', done)
    session.setTimeout(5_000, done)
    const request = session.request({ ':method': 'POST', ':path': '/materi.auth.v1.AuthService/GetJwks', 'content-type': 'application/grpc', te: 'trailers', ...headers }, { endStream: false })
    request.on('response', answer => Object.assign(ended, { http: answer[':status'], grpc: answer['grpc-status'], details: answer['grpc-message'] }))
    request.on('trailers', trailers => Object.assign(ended, { grpc: trailers['grpc-status'], details: trailers['grpc-message'] }))
    request.on('error', () => {})
    request.on('close', () => { ended.rst = request.rstCode; done() })
    request.resume()
    for (const piece of pieces) request.write(piece)
    request.end()
  })
}

test('HTTP/2 that is no gRPC, and frames that are no messages, are refused one by one', { timeout: 60_000 }, async () => {
  const empty = Buffer.from([0, 0, 0, 0, 0])
  const cases = {
    'no message': [{}], 'half a prefix': [{}, Buffer.from([0, 0])], 'a length past the end': [{}, Buffer.from([0, 0, 0, 0, 9, 1])], 'a length of 4 GiB': [{}, Buffer.from([0, 255, 255, 255, 255, 1])], 'two messages': [{}, empty, empty], 'a thousand messages': [{}, Buffer.concat(Array(1000).fill(empty))],
    'a flag of nonsense': [{}, Buffer.from([7, 0, 0, 0, 0])], 'compressed by nothing': [{}, Buffer.from([1, 0, 0, 0, 0])], 'compressed by gzip': [{ 'grpc-encoding': 'gzip' }, Buffer.from([1, 0, 0, 0, 1, 0])], 'compressed by nonsense': [{ 'grpc-encoding': 'nonsense' }, empty],
    'another content type': [{ 'content-type': 'application/json' }, '{}'], 'no content type': [{ 'content-type': '' }, empty], 'gRPC for the web': [{ 'content-type': 'application/grpc-web' }, empty], 'JSON in gRPC': [{ 'content-type': 'application/grpc+json' }, Buffer.from([0, 0, 0, 0, 2, 0x7b, 0x7d])],
    'another method': [{ ':method': 'GET' }], 'a path of nonsense': [{ ':path': '/%zz/%' }, empty], 'no path': [{ ':path': '*' }, empty], 'another authority': [{ ':authority': '[::' }, empty],
    ...Object.fromEntries(['', 'x', '-1S', '1', 'S', '1.5S', '999999999999999S', '99999999H', '0n', '1X'].map(timeout => [`a timeout of '${timeout}'`, [{ 'grpc-timeout': timeout }, empty]]))
  }
  await each(Object.entries(cases), async ([what, [headers, ...pieces]]) => {
    const ended = await http2(headers, ...pieces)
    const told = `${what}: ${JSON.stringify(ended)}`
    assert.ok(ended.http === undefined || ended.http < 500 || ended.grpc !== undefined, told)
    assert.ok(![status.INTERNAL, status.UNKNOWN, status.DATA_LOSS].includes(+ended.grpc), told)
    assertNoInnards(ended.details ?? '', told)
  })
  const session = connectHttp2(`http://${siege.server.grpc}`)
  session.on('error', () => {})
  for (let i = 0; i < 150 && !session.destroyed; i++) {
    const request = session.request({ ':method': 'POST', ':path': '/materi.auth.v1.AuthService/GetJwks', 'content-type': 'application/grpc', te: 'trailers' })
    request.on('error', () => {})
    request.close(constants.NGHTTP2_CANCEL)
  }
  session.destroy()
  await siege.survived()
})

test('garbage on the port hurts nobody', { timeout: 60_000 }, async () => {
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
  const frame = (type, flags, stream, ...payload) => Buffer.from([payload.length >> 16, (payload.length >> 8) & 255, payload.length & 255, type, flags, 0, 0, 0, stream, ...payload])
  const settings = frame(4, 0, 0)
  const pieces = {
    noise: [Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256))], 'HTTP/1.1': ['GET / HTTP/1.1\r\nHost: x\r\n\r\n'], 'gRPC over HTTP/1.1': ['POST /materi.auth.v1.AuthService/GetJwks HTTP/1.1\r\nHost: x\r\nContent-Type: application/grpc\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0'], 'the web over HTTP/1.1': ['POST /materi.auth.v1.AuthService/GetJwks HTTP/1.1\r\nHost: x\r\nContent-Type: application/grpc-web\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0'], 'an upgrade': ['GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: !!!\r\n\r\n'], 'a TLS greeting': [Buffer.from('16030100c8010000c40303', 'hex')], 'half a preface': [preface.slice(0, 10)],
    'a preface and noise': [preface, Buffer.alloc(500, 0xff)], 'a preface twice': [preface, settings, preface], 'a huge frame': [preface, settings, Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1])], 'headers that are none': [preface, settings, frame(1, 5, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)], 'data of no stream': [preface, settings, frame(0, 0, 9, 1, 2, 3)], 'an even stream': [preface, settings, frame(1, 5, 2, 0x82)],
    'settings of nonsense': [preface, frame(4, 0, 0, 0, 4, 255, 255, 255, 255)], 'settings cut short': [preface, frame(4, 0, 0, 1, 2, 3)], 'a window of zero': [preface, settings, frame(8, 0, 0, 0, 0, 0, 0)], 'windows beyond all bounds': [preface, settings, frame(8, 0, 0, 0x7f, 0xff, 0xff, 0xff), frame(8, 0, 0, 0x7f, 0xff, 0xff, 0xff)], 'a priority of itself': [preface, settings, frame(2, 0, 1, 0, 0, 0, 1, 1)],
    'five hundred settings': [preface, Buffer.concat(Array(500).fill(settings))], 'five hundred pings': [preface, settings, Buffer.concat(Array(500).fill(frame(6, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8)))], 'continuations without end': [preface, settings, frame(1, 1, 1, 0x82), Buffer.concat(Array(500).fill(frame(9, 0, 1)))]
  }
  await each(Object.entries(pieces), async ([what, bytes]) => new Promise((resolve, reject) => {
    const socket = connect(siege.server.ports.grpc, '127.0.0.1')
    let heard = ''
    const done = () => {
      socket.destroy()
      try {
        assert.doesNotMatch(heard, /HTTP\/1\.1 5\d\d|\bat [\w$.]+\(|java\.|\w+Exception/, what)
        resolve()
      } catch (failure) { reject(failure) }
    }
    socket.setTimeout(700, done)
    socket.on('data', data => { heard += data.toString('latin1') })
    socket.on('close', done)
    socket.on('error', done)
    for (const piece of bytes) socket.write(piece)
  }), 16)
  await siege.survived()
})

test('every method refuses a missing and a bad token', { timeout: 60_000 }, async () => {
  const forged = forgedTokens((await siege.ada()).token, await (await fetch(`${siege.server.url}/.well-known/jwks.json`)).json())
  const secured = methods.filter(method => !open.includes(method.name))
  assert.ok(secured.length > 25, `${secured.length} methods`)
  const tokens = { ...forged, expired: await siege.expiredToken(), empty: '', absent: undefined, long: 'x'.repeat(9000) }
  await each(secured.flatMap(method => Object.entries(tokens).map(([what, token]) => ({ method, what, token }))), async ({ method, what, token }) =>
    assertRefused(await send(method, aboutAda(method), { token }), [internal.includes(method.name) ? 'PERMISSION_DENIED' : 'UNAUTHENTICATED'], `${method.name}, ${what}`), 16)
  for (const headers of [{ authorization: 'Basic YWRhOmFkYQ==' }, { authorization: '' }, { authorization: 'Bearer' }, { 'authorization-bin': Buffer.from([0xff]) }]) {
    assertRefused(await send(named('GetMe'), {}, { headers }), ['UNAUTHENTICATED'], JSON.stringify(headers))
  }
  for (const token of Object.values(forged)) assertRefused(await send(named('ValidateToken'), { token }), ['UNAUTHENTICATED'], 'ValidateToken')
  for (const ticket of ['', 'x', '\0', 'x'.repeat(9000)]) assertRefused(await send(named('RedeemTicket'), { ticket, document_id: own.document_id }), ['UNAUTHENTICATED', 'INVALID_ARGUMENT'], 'RedeemTicket')
  await siege.survived()
})
