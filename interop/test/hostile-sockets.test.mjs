// Wrong input on both wires of a running node: what is no frame, no message or no update, tokens and documents of others,
// too much of everything, and a hundred sockets of rubbish at once while somebody writes.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as decoding from 'lib0/decoding'
import * as Y from 'yjs'
import { forgedTokens } from '../lib/forged.mjs'
import { random, seedOf } from '../lib/random.mjs'
import { assertNoInnards, each, Siege } from '../lib/siege.mjs'
import { until } from '../lib/until.mjs'
import { malformedUpdates, strangeDocuments, strangeUpdates } from '../lib/updates.mjs'
import { bytes, Collab, MESSAGE, raw, Wire, Yjs } from '../lib/wire.mjs'

const seed = seedOf('hostile-sockets')
const nobody = '0197a3c0-0000-7000-8000-00000000dead'
const malformed = { code: 4400, reason: 'malformed message' }
const huge = 2 ** 53 - 1
const mebibyte = 2 ** 20
let siege
let forged
/** Where both sides meet: a document with a witness who hears all that is told in it. */
let field
let witness
/** Says nothing, from the beginning. */
let silent
/** Ada's alone. */
let secret

before(async () => {
  siege = await Siege.begin()
  const ada = await siege.ada()
  forged = forgedTokens(ada.token, await (await fetch(`${siege.server.url}/.well-known/jwks.json`)).json())
  field = (await ada.createDocument('Battlefield', 'Some words.')).id
  const { id } = await ada.json('POST', '/api/v1/workspaces', { name: 'Ada alone' }, 201)
  secret = (await ada.json('POST', '/api/v1/documents', { title: 'Secret', workspace_id: id, content: 'Well kept.' }, 201)).id
  witness = await Collab.attach(siege.server, field, ada.token)
  silent = await Wire.open(`${siege.server.ws}/collab`)
}, { timeout: 120_000 })
after(() => { witness?.kill(); return siege?.end() })

/** What the witness heard is what a server says, and nobody was told to leave. */
function assertWitness () {
  assert.equal(witness.ended, null)
  for (const message of witness.all()) {
    assert.ok([MESSAGE.sync, MESSAGE.awareness, MESSAGE.auth, MESSAGE.stateless, MESSAGE.pong].includes(message.type), JSON.stringify(message))
    if (message.reason) assert.fail(JSON.stringify(message))
  }
}

function assertEnd (wire, { code, reason }, what) {
  assert.ok([code].flat().includes(wire.ended?.code), `${what}: ${JSON.stringify(wire.ended)}, expected ${code}`)
  if (reason) assert.equal(wire.ended.reason, reason, what)
  assertNoInnards(wire.ended.reason, what)
}

async function survived () {
  assertWitness()
  await siege.survived()
}

const bobs = async () => (await siege.bob()).token
const name = parts => bytes(field, ...parts)

test('Hocuspocus: what is no message ends the socket with 4400', { timeout: 60_000 }, async () => {
  const cases = {
    'an empty frame': new Uint8Array(), 'one byte that is no ping': Uint8Array.of(0), 'another': Uint8Array.of(0xff), 'a name cut short': bytes(raw(36, 0x30)), 'a name of a huge length': bytes(huge, raw(1, 2, 3)),
    'a length without end': new Uint8Array(20).fill(0xff), 'a name that is too long': bytes('n'.repeat(257), MESSAGE.sync, 0, [0]), 'no type': bytes(field), 'a type cut short': name([raw(0x80)]), 'a huge type': name([huge]), 'type 256': name([256]),
    'sync without a step': name([MESSAGE.sync]), 'a step without a payload': name([MESSAGE.sync, 2]), 'a payload of a huge length': name([MESSAGE.sync, 2, huge, raw(1, 2, 3)]), 'a payload of a length beyond 2^53': name([MESSAGE.sync, 2, raw(Array(9).fill(0xff))]),
    'awareness of a huge length': name([MESSAGE.awareness, huge]), 'a token of a huge length': name([MESSAGE.auth, 0, huge]), 'a token that is too long': name([MESSAGE.auth, 0, 'x'.repeat(20_000)]), 'an answer to nothing': name([MESSAGE.auth, 2, 'read-write']), 'a refusal from a client': name([MESSAGE.auth, 1, 'no'])
  }
  await each(Object.entries(cases), async ([what, message]) => {
    const wire = await Collab.attach(siege.server, field, await bobs())
    wire.send(message)
    await wire.until(() => wire.ended, what)
    assertEnd(wire, malformed, what)
  })
  await survived()
})

test('Hocuspocus: a message that means nothing ends one document, and not the socket', { timeout: 60_000 }, async () => {
  const awareness = (...parts) => [MESSAGE.awareness, bytes(...parts)]
  const cases = {
    ...Object.fromEntries([6, 8, 10, 11, 42, 255].map(type => [`type ${type}`, [type, 'forged']])),
    'an unknown step': [MESSAGE.sync, 3, [0]], 'another': [MESSAGE.syncReply, 255, [0]],
    'a state vector that is none': [MESSAGE.sync, 0, [0xff]], 'a state vector of more than there is': [MESSAGE.sync, 0, bytes(huge)], 'a state vector cut short': [MESSAGE.sync, 0, bytes(3, 1, 1)],
    'presence that is none': [MESSAGE.awareness, [0xff]], 'presence of more than there are': awareness(huge), 'presence that is no JSON': awareness(1, 91, 1, '{'), 'presence that is a number': awareness(1, 92, 1, '7'), 'presence that is a list': awareness(1, 93, 1, '[]'),
    'presence that is a blank null': awareness(1, 94, 1, ' null'), 'presence that is nothing': awareness(1, 95, 1, ''), 'presence that is two values': awareness(1, 96, 1, '{} {}'), 'presence that is very deep': awareness(1, 97, 1, '{"a":'.repeat(2000) + '1' + '}'.repeat(2000)),
    ...Object.fromEntries(Object.entries(malformedUpdates).map(([what, update]) => [`an update: ${what}`, [MESSAGE.sync, 2, update]])),
    ...Object.fromEntries(Object.entries(malformedUpdates).slice(0, 8).map(([what, update]) => [`a step 2: ${what}`, [MESSAGE.sync, 1, update]]))
  }
  await each(Object.entries(cases), async ([what, parts]) => {
    const wire = await Collab.attach(siege.server, field, await bobs())
    wire.say(...parts)
    await wire.until(() => wire.dismissal || wire.ended, what)
    assert.equal(wire.dismissal, 'malformed message', `${what}: ${JSON.stringify(wire.ended)}`)
    assert.ok(await wire.answers(), what)
    wire.say(MESSAGE.sync, 0, [0])
    wire.say(MESSAGE.auth, 0, await bobs())
    await wire.until(() => wire.all().filter(message => message.scope).length === 2, `${what}: a second admission`)
    wire.kill()
  })
  await survived()
})

test('Hocuspocus: what is well formed and strange hurts nobody', { timeout: 60_000 }, async () => {
  const bob = await Collab.attach(siege.server, field, await bobs())
  for (const json of ['{"a":1e999}', '{"a":-1e999}', `{"a":${'9'.repeat(900)}}`, '{"user":null}', '{"user":[]}', '{"user":7,"name":{},"color":[]}', '{"user":{"id":"x","agent":true}}', '{"a":"\\ud800"}', '{"__proto__":{"x":1}}', '{"a":"\\u0000"}', '{}', 'null']) {
    bob.say(MESSAGE.awareness, bytes(1, 900, bob.heard.length + Math.floor(performance.now()), json))
  }
  bob.say(MESSAGE.awareness, bytes(1, 900, huge, '{"last":true}'))
  bob.say(MESSAGE.awareness, bytes(1, huge, 1, '{}'))
  bob.say(MESSAGE.awareness, bytes(...[2000, ...Array.from({ length: 2000 }, (_, i) => [10_000 + i, 1, '{}']).flat()]))
  bob.say(MESSAGE.awareness, bytes(1, 901, 1, JSON.stringify({ big: 'x'.repeat(20_000) })))
  for (let i = 0; i < 50; i++) bob.say(MESSAGE.queryAwareness)
  const before = witness.all().filter(message => message.type === MESSAGE.stateless).length
  const said = () => witness.all().filter(message => message.type === MESSAGE.stateless).map(({ words }) => words).slice(before)
  bob.say(MESSAGE.stateless, 'x'.repeat(100_000))
  bob.say(MESSAGE.stateless, [0x61, 0xc3, 0x28, 0xff, 0xed, 0xa0, 0x80])
  bob.say(MESSAGE.stateless, '')
  for (let i = 0; i < 2000; i++) bob.say(MESSAGE.stateless, `word ${i}`)
  await witness.until(() => said().includes('word 0'), 'what bob says')
  assert.ok(said()[0].startsWith('a\ufffd('), said()[0])
  assert.equal(said()[1], '')
  assert.ok(said().length < 1000 && said().every(words => words.length < 100), `${said().length} said`)
  bob.say(MESSAGE.auth, 0, 'no token')
  bob.say(MESSAGE.auth, 0, '')
  assert.ok(await bob.answers())
  assert.equal(bob.dismissal, undefined)
  await each(Object.entries(strangeUpdates), async ([what, update]) => {
    const { id } = await (await siege.ada()).createDocument(what)
    const wire = await Collab.attach(siege.server, id, await bobs())
    wire.say(MESSAGE.sync, 2, update)
    wire.say(MESSAGE.sync, 2, update)
    await wire.until(() => wire.dismissal || wire.ended || wire.all().filter(message => message.type === MESSAGE.syncStatus).length === 2, what)
    assert.ok(await wire.answers(), what)
    const { token } = await siege.bob()
    for (const format of ['markdown', 'yjs']) siege.assertHonest(await siege.send('GET', `/api/v1/documents/${id}/content?format=${format}`, { token }))
    wire.kill()
  })
  bob.kill()
  await survived()
})

test('Hocuspocus: nobody speaks for others', { timeout: 60_000 }, async () => {
  const document = new Y.Doc()
  witness.say(MESSAGE.awareness, bytes(1, document.clientID, 1, JSON.stringify({ user: { name: 'Ada' }, cursor: 'here' })))
  const bob = await Collab.attach(siege.server, field, await bobs())
  const presence = wire => Object.fromEntries(wire.all().filter(message => message.type === MESSAGE.awareness).flatMap(({ payload }) => {
    const decoder = decoding.createDecoder(payload)
    return Array.from({ length: decoding.readVarUint(decoder) }, () => [decoding.readVarUint(decoder), [decoding.readVarUint(decoder), JSON.parse(decoding.readVarString(decoder))]])
  }))
  await bob.until(() => presence(bob)[document.clientID], 'ada\'s presence')
  bob.say(MESSAGE.awareness, bytes(1, document.clientID, 2, JSON.stringify({ cursor: 'elsewhere' })))
  bob.say(MESSAGE.awareness, bytes(1, document.clientID, huge, 'null'))
  bob.say(MESSAGE.awareness, bytes(1, 77, 1, JSON.stringify({ user: { id: 'ada', name: 'Ada', color: '#000000', agent: true }, name: 'Ada' })))
  await witness.until(() => presence(witness)[77], 'bob\'s presence')
  const me = (await siege.bob()).session.user
  assert.deepEqual(presence(witness)[77][1], { user: { id: me.id, name: me.name, color: me.color }, name: me.name })
  assert.equal(presence(witness)[document.clientID][1].cursor, 'here')
  bob.say(MESSAGE.broadcastStateless, 'to everybody')
  await bob.until(() => bob.dismissal, 'the end of the document')
  // A token of somebody else does not change who a socket is.
  const other = await Collab.attach(siege.server, field, await bobs())
  other.say(MESSAGE.auth, 0, (await siege.ada()).token)
  await other.until(() => other.dismissal, 'the end of the document')
  assert.equal(other.dismissal, 'no access')
  bob.kill()
  other.kill()
  await survived()
})

test('Hocuspocus: a reader\'s edits are answered with 0 and go nowhere', { timeout: 60_000 }, async () => {
  const mallory = await siege.mallory()
  await (await siege.ada()).json('PUT', `/api/v1/documents/${field}/grants/${mallory.session.user.id}`, { role: 'viewer' })
  const before = await (await siege.ada()).content(field)
  const wire = await Collab.attach(siege.server, field, mallory.token)
  assert.equal(wire.all().find(message => message.scope).scope, 'readonly')
  const graffiti = new Y.Doc()
  graffiti.getXmlFragment('default').insert(0, [new Y.XmlElement('graffiti')])
  graffiti.getText('content').insert(0, 'graffiti')
  for (const step of [1, 2]) wire.say(MESSAGE.sync, step, Y.encodeStateAsUpdate(graffiti))
  wire.say(MESSAGE.syncReply, 2, Y.encodeStateAsUpdate(graffiti))
  await wire.until(() => wire.all().filter(message => message.type === MESSAGE.syncStatus).length === 3, 'three answers')
  assert.deepEqual(wire.all().filter(message => message.type === MESSAGE.syncStatus).map(message => message.status), [0, 0, 0])
  await each(Object.values(malformedUpdates), async update => {
    const reader = await Collab.attach(siege.server, field, (await siege.mallory()).token)
    reader.say(MESSAGE.sync, 1, update)
    reader.say(MESSAGE.sync, 2, update)
    await reader.until(() => reader.dismissal || reader.all().filter(message => message.type === MESSAGE.syncStatus).length === 2, 'a refusal')
    assert.ok(reader.all().every(message => message.type !== MESSAGE.syncStatus || message.status === 0))
    reader.kill()
  })
  const silent = await Yjs.attach(siege.server, field, (await siege.mallory()).token)
  silent.send(bytes(MESSAGE.sync, 2, Y.encodeStateAsUpdate(graffiti)))
  assert.ok(await silent.answers())
  silent.kill()
  assert.deepEqual(await (await siege.ada()).content(field), before)
  await (await siege.ada()).json('DELETE', `/api/v1/documents/${field}/grants/${mallory.session.user.id}`)
  await wire.until(() => wire.dismissal, 'the end of the document')
  assert.equal(wire.dismissal, 'no such document')
  wire.kill()
  await survived()
})

test('Hocuspocus: too much of everything is cut off', { timeout: 60_000 }, async () => {
  const flood = async (what, expected, ...messages) => {
    const wire = new Collab(`${siege.server.ws}/collab`)
    await wire.opened
    wire.name = field
    for (const message of messages) wire.send(message)
    await wire.until(() => wire.ended, what)
    assertEnd(wire, expected, what)
  }
  const early = bytes(field, MESSAGE.sync, 0, [0])
  await flood('501 messages before a token', { code: 1013 }, ...Array(501).fill(early))
  await flood('9 MiB before a token', { code: 1013 }, ...Array(9).fill(bytes(field, MESSAGE.sync, 2, new Uint8Array(mebibyte))))
  await flood('501 messages of as many documents', malformed, ...Array.from({ length: 501 }, (_, i) => bytes(`document-${i}`, MESSAGE.sync, 0, [0])))
  await flood('a frame over the bound', { code: 1009 }, bytes(field, MESSAGE.sync, 2, new Uint8Array(8 * mebibyte)))
  await flood('a frame over every bound', { code: 1009 }, new Uint8Array(17 * mebibyte))
  await silent.until(() => silent.ended, 'the end of a socket that never said who it is')
  assertEnd(silent, { code: 4401, reason: 'session ended' }, 'silence')
  // Thousands of names, each with a token that is refused: each is denied, and none is kept.
  const wire = await Collab.attach(siege.server, field, await bobs())
  const denials = () => wire.all().filter(message => message.name?.startsWith('no-document-'))
  for (let i = 0; i < 3000; i++) {
    wire.send(bytes(`no-document-${i}`, MESSAGE.auth, 0, 'x'))
    if (i % 100 === 99) await wire.until(() => wire.ended || denials().length > i, 'denials')
  }
  assert.equal(wire.ended, null)
  assert.ok(denials().every(message => message.reason))
  wire.kill()
  await survived()
})

test('y-websocket: what is no message ends the socket with 4400, and what is strange hurts nobody', { timeout: 60_000 }, async () => {
  const cases = {
    'an empty frame': new Uint8Array(), 'a number without end': new Uint8Array(20).fill(0xff), 'a huge type': bytes(huge), ...Object.fromEntries([4, 5, 6, 7, 8, 9, 10, 255, 256].map(type => [`type ${type}`, bytes(type, 'x')])),
    'sync without a step': bytes(0), 'a step without a payload': bytes(0, 2), 'an unknown step': bytes(0, 3, [0]), 'a payload of a huge length': bytes(0, 2, huge, raw(1)), 'a state vector that is none': bytes(0, 0, [0xff]), 'a state vector of more than there is': bytes(0, 0, bytes(huge)),
    'awareness of a huge length': bytes(1, huge), 'presence that is none': bytes(1, [0xff]), 'presence that is no JSON': bytes(1, bytes(1, 91, 1, '{')), 'presence that is a blank null': bytes(1, bytes(1, 94, 1, ' null')), 'presence that is very deep': bytes(1, bytes(1, 97, 1, '['.repeat(15_000))),
    ...Object.fromEntries(Object.entries(malformedUpdates).map(([what, update]) => [`an update: ${what}`, bytes(0, 2, update)]))
  }
  await each(Object.entries(cases), async ([what, message]) => {
    const wire = await Yjs.attach(siege.server, field, await bobs())
    wire.send(message)
    await wire.until(() => wire.ended, what)
    assertEnd(wire, malformed, what)
  })
  await each(Object.entries(strangeUpdates), async ([what, update]) => {
    const { id } = await (await siege.ada()).createDocument(what)
    const wire = await Yjs.attach(siege.server, id, await bobs())
    wire.send(bytes(0, 2, update))
    wire.send(bytes(2, 0, 'a token'))
    if (!await wire.answers()) assertEnd(wire, malformed, what)
    wire.kill()
  })
  await survived()
})

test('frames that break RFC 6455, and frames over the bounds, end the socket on both wires', { timeout: 60_000 }, async () => {
  const mask = [1, 2, 3, 4]
  const scribbles = {
    'a reserved bit': [[0xc2, 0x81, ...mask, 0]], 'an unknown opcode': [[0x83, 0x81, ...mask, 0]], 'an unknown control': [[0x8b, 0x80, ...mask]], 'a ping in pieces': [[0x09, 0x80, ...mask]], 'a long ping': [[0x89, 0xfe, 0x01, 0x00, ...mask, ...Array(256).fill(0)]],
    'no mask': [[0x82, 0x01, 0x00]], 'a continuation of nothing': [[0x80, 0x81, ...mask, 0]], 'a message within a message': [[0x02, 0x81, ...mask, 0], [0x82, 0x81, ...mask, 0]], 'a length of 2^63': [[0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...mask]], 'a length of 2^40': [[0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, ...mask]],
    'a length that is longer than need be': [[0x82, 0xfe, 0x00, 0x01, ...mask, 0]], 'a close with one byte': [[0x88, 0x81, ...mask, 0]], 'a close with an odd code': [[0x88, 0x82, ...mask, 0, 0]], 'a close with broken UTF-8': [[0x88, 0x84, ...mask, 0x03 ^ 1, 0xe8 ^ 2, 0xc3 ^ 3, 0x28 ^ 4]], 'HTTP once more': ['GET / HTTP/1.1\r\nHost: x\r\n\r\n'], noise: [Array.from({ length: 2000 }, (_, i) => (i * 31 + 7) % 256)]
  }
  const doors = [['Hocuspocus', async () => Collab.attach(siege.server, field, await bobs())], ['y-websocket', async () => Yjs.attach(siege.server, field, await bobs())]]
  await each(doors.flatMap(([door, open]) => Object.entries(scribbles).map(([what, pieces]) => ({ what: `${door}, ${what}`, open, pieces }))), async ({ what, open, pieces }) => {
    const wire = await open()
    wire.scribble(...pieces)
    await wire.until(() => wire.ended, what)
    assert.ok(wire.ended.code >= 1000 && wire.ended.code !== 4408 && wire.ended.code !== 1011, `${what}: ${JSON.stringify(wire.ended)}`)
    assertNoInnards(wire.ended.reason, what)
  })
  for (const [door, open] of doors) {
    const told = [['text', malformed, wire => wire.socket.send('text')], ['empty text', malformed, wire => wire.socket.send('')], ['a frame over the bound', { code: 1009 }, wire => wire.send(new Uint8Array(8 * mebibyte + 1))], ['a frame over every bound', { code: 1009 }, wire => wire.send(new Uint8Array(17 * mebibyte))],
      ['a message over the bound in pieces', { code: 1009 }, wire => { for (let i = 0; i < 9; i++) wire.socket.send(new Uint8Array(mebibyte), { fin: false }) }]]
    for (const [what, expected, say] of told) {
      const wire = await open()
      say(wire)
      await wire.until(() => wire.ended, `${door}, ${what}`)
      assertEnd(wire, expected, `${door}, ${what}`)
    }
    const endless = await open()
    for (let i = 0; i < 5000; i++) endless.socket.send(new Uint8Array(), { fin: false })
    for (let i = 0; i < 500; i++) endless.socket.ping()
    await endless.until(() => endless.ended || endless.socket.bufferedAmount === 0, `${door}, endless empty pieces`)
    endless.kill()
  }
  await survived()
})

test('an upgrade that is none, or from elsewhere, is refused before it is a socket', { timeout: 60_000 }, async () => {
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }
  const paths = ['/collab', '/collab/', '/collab/x', `/yjs/${field}`, '/yjs', '/yjs/', '/yjs/a/b/c']
  await each(paths.flatMap(path => ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'].map(method => ({ path, method }))), async ({ path, method }) => {
    const answer = await siege.send(method, path)
    assert.ok(answer.status >= 400 && answer.status < 500, `${answer.what}: ${answer.status}`)
    siege.assertHonest(answer)
  })
  for (const path of ['/collab', `/yjs/${field}`]) {
    for (const [what, headers] of Object.entries({
      'another version': { ...upgrade, 'sec-websocket-version': '99' }, 'no version': { ...upgrade, 'sec-websocket-version': 'x' }, 'another protocol': { ...upgrade, upgrade: 'h2c' }, 'an origin elsewhere': { ...upgrade, origin: 'http://evil.example' }, 'an origin of nonsense': { ...upgrade, origin: '\u00ff' }, 'no origin at all': { ...upgrade, origin: 'null' }
    })) {
      const answer = await siege.send('GET', path, { headers })
      assert.ok(answer.status >= 400 && answer.status < 500, `${path}, ${what}: ${answer.status}`)
      siege.assertHonest(answer)
    }
    for (const query of ['?token=%zz', '?token=%', '?%ff=%ff', '?token=%c3%28', `?${'a&'.repeat(3000)}`, '?token=a&token=b']) {
      const wire = new Wire(siege.server.ws + path + query)
      const refusal = await wire.opened.then(() => null, failure => failure)
      if (refusal) assert.ok(refusal.status >= 400 && refusal.status < 500, `${path}${query.slice(0, 20)}: ${refusal.message}`)
      wire.kill()
    }
  }
  await survived()
})

test('documents that are no text are stored, served and summarised without harm', { timeout: 60_000 }, async () => {
  await each(Object.entries(strangeDocuments), async ([what, update]) => {
    const { id } = await (await siege.ada()).createDocument(what)
    const wire = await Collab.attach(siege.server, id, await bobs())
    wire.say(MESSAGE.sync, 2, update)
    await wire.until(() => wire.dismissal || wire.ended || wire.all().some(message => message.type === MESSAGE.syncStatus), what)
    assert.equal(wire.dismissal, undefined, what)
    const { token } = await siege.bob()
    const content = `/api/v1/documents/${id}/content`
    const ask = async (method, path, headers, body) => {
      const answer = await siege.send(method, path, { token, headers, body })
      answer.what = `${what}: ${answer.what}`
      if (answer.status >= 400) siege.assertProblem(answer, [400, 409, 413, 415, 422])
      return answer
    }
    for (const format of ['markdown', 'html', 'text', 'prosemirror', 'yjs']) {
      const answer = await ask('GET', `${content}?format=${format}`)
      if (format === 'html' && answer.status === 200) assert.doesNotMatch(answer.body, /<script|javascript:/i, what)
      if (format === 'markdown' && answer.status === 200) await ask('PUT', content, { 'content-type': 'text/markdown', 'if-match': answer.headers.etag }, 'Now it is text.')
    }
    const json = { 'content-type': 'application/json' }
    await ask('POST', `/api/v1/documents/${id}/edit`, json, JSON.stringify({ edits: [{ append: { content: 'The end.' } }] }))
    await ask('POST', '/api/v1/ai/generations', json, JSON.stringify({ action: 'summary', document_id: id, target: { end: true } }))
    assert.ok(await wire.answers(), what)
    wire.kill()
  }, 4)
  await survived()
})

test('Hocuspocus: bad tokens and documents of others are denied, and the socket stays', { timeout: 60_000 }, async () => {
  const expired = await siege.expiredToken()
  const stranger = (await siege.mallory()).token
  const { ticket } = await (await siege.bob()).json('POST', '/api/v1/auth/tickets', { document_id: siege.ledger }, 201)
  const ended = [...Object.entries(forged), ['expired', expired], ['empty', ''], ['a ticket of another document', ticket], ['a NUL', '\0'], ['long', 'x'.repeat(9000)]].map(([what, token]) => [what, field, token, 'session ended'])
  const absent = [['foreign', secret], ['of nothing', nobody], ['a path', '../../etc/passwd'], ['empty', ''], ['a NUL', '\0'], ['with a session', `${secret}\0session`], ['short', '1-1-1-1-1'], ['long', 'x'.repeat(256)]].map(([what, document]) => [what, document, stranger, 'no such document'])
  await each([...ended, ...absent], async ([what, document, token, reason]) => {
    const wire = new Collab(`${siege.server.ws}/collab`)
    await wire.opened
    wire.name = document
    wire.say(MESSAGE.auth, 0, token)
    wire.say(MESSAGE.sync, 0, [0])
    await wire.until(() => wire.denial || wire.ended, what)
    assert.equal(wire.denial, reason, `${what}: ${JSON.stringify(wire.ended)}`)
    wire.say(MESSAGE.sync, 2, bytes(0, 0))
    assert.ok(await wire.answers(), what)
    assert.deepEqual(wire.all().filter(message => [MESSAGE.sync, MESSAGE.syncStatus, MESSAGE.awareness].includes(message.type)), [], what)
    wire.kill()
  })
  await survived()
})

/** How a y-websocket socket with these credentials ends. */
async function endOf (url, options) {
  const wire = new Wire(url, options)
  await wire.opened
  await wire.until(() => wire.ended, url.slice(0, 120))
  assert.notEqual(wire.ended.code, 4408)
  assert.deepEqual(wire.heard, [], 'nothing was told before')
  return wire
}

test('y-websocket: bad tokens end with 4401 and documents of others with 4404', { timeout: 60_000 }, async () => {
  const at = (document, query) => `${siege.server.ws}/yjs/${document}${query === undefined ? '' : `?token=${encodeURIComponent(query)}`}`
  const expired = await siege.expiredToken()
  const stranger = (await siege.mallory()).token
  const { ticket } = await (await siege.bob()).json('POST', '/api/v1/auth/tickets', { document_id: siege.ledger }, 201)
  const ended = [...Object.entries(forged), ['expired', expired], ['empty', ''], ['absent', undefined], ['a ticket of another document', ticket], ['a NUL', '\0']]
  await each(ended, async ([what, token]) => assertEnd(await endOf(at(field, token)), { code: 4401, reason: 'session ended' }, what))
  for (const [what, options] of Object.entries({
    'a header of nonsense': { headers: { authorization: 'Bearer x' } }, 'a basic header': { headers: { authorization: 'Basic eDp5' } }, 'a subprotocol of nonsense': { protocols: ['materi', 'bearer.x'] }, 'a forged subprotocol': { protocols: ['materi', `bearer.${forged['alg none']}`] }
  })) assertEnd(await endOf(at(field), options), { code: 4401 }, what)
  for (const document of [secret, nobody, 'x', '1-1-1-1-1', '', `${field}/more`, `${field}x`, '%00', '..%2f..', 'x'.repeat(2000)]) {
    for (const token of [stranger, await bobs()]) {
      if (document.startsWith(field) && document.endsWith('/more')) continue
      assertEnd(await endOf(at(document, token)), { code: 4404, reason: 'no such document' }, document.slice(0, 60))
    }
  }
  await survived()
})

test('a hundred sockets of rubbish do not keep anybody from writing', { timeout: 60_000 }, async () => {
  const dice = random(seed)
  const samples = [bytes(field, 0, 0, [0]), bytes(field, 1, bytes(1, 5, 1, '{}')), bytes(field, 0, 2, strangeDocuments['attributes of every kind']), bytes(field, 2, 0, forged['alg none']), bytes(0, 0, [0]), bytes(0, 2, strangeDocuments['a table that is none']), ...Object.values(malformedUpdates).map(update => bytes(field, 0, 2, update))]
  const rubbish = () => {
    const message = Uint8Array.from(dice.pick(samples))
    for (let i = dice.below(6); i > 0 && message.length; i--) message[dice.below(message.length)] = dice.below(256)
    return dice.below(5) ? message.subarray(0, dice.below(3) ? message.length : dice.below(message.length + 1)) : Uint8Array.from({ length: dice.below(200) }, () => dice.below(256))
  }
  const token = await bobs()
  const began = Date.now()
  let written = 0
  let ends = 0
  const enough = () => Date.now() - began > 3_000 && written > 10 && ends > 50
  const goesOn = () => !enough() && Date.now() - began < 30_000
  const attacker = async index => {
    while (goesOn()) {
      const wire = index % 2 ? new Yjs(`${siege.server.ws}/yjs/${field}?token=${token}`) : new Collab(`${siege.server.ws}/collab`)
      if (!await wire.opened.then(() => true, () => false)) continue
      if (index % 2 === 0 && dice.below(2)) wire.send(bytes(field, MESSAGE.auth, 0, token))
      for (let i = 0; i < 30 && !wire.ended && goesOn(); i++) {
        wire.send(rubbish())
        await new Promise(resolve => setTimeout(resolve, 10 + dice.below(30)))
      }
      if (wire.ended) {
        ends++
        assert.ok([4400, 4401, 1006, 1009, 1013].includes(wire.ended.code), JSON.stringify(wire.ended))
        assertNoInnards(wire.ended.reason)
      }
      wire.kill()
    }
  }
  const writer = async () => {
    while (goesOn()) {
      await siege.type()
      written++
    }
  }
  await Promise.all([writer(), ...Array.from({ length: 100 }, (_, index) => attacker(index))]).catch(failure => { throw new Error(`SEED=${seed}: ${failure.message}`, { cause: failure }) })
  assert.ok(enough(), `${written} edits, ${ends} ends, SEED=${seed}`)
  await survived()
})
