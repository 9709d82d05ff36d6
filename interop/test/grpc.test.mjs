// @grpc/grpc-js reads and writes content through CollabService.
import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { after, before, test } from 'node:test'
import grpc from '@grpc/grpc-js'
import loader from '@grpc/proto-loader'
import * as Y from 'yjs'
import { yWebsocket } from '../lib/editors.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'

const protos = resolve(import.meta.dirname, '../../proto/src/main/protobuf')
const { materi } = grpc.loadPackageDefinition(loader.loadSync('materi/collab/v1/collab.proto', { includeDirs: [protos], keepCase: true, enums: String, longs: String }))
let server
let collab
before(async () => {
  server = await Server.start()
  collab = new materi.collab.v1.CollabService(server.grpc, grpc.credentials.createInsecure())
}, { timeout: 120_000 })
after(async () => { collab?.close(); await server?.stop() })

const call = (method, request, token) => new Promise((resolve, reject) => {
  const metadata = new grpc.Metadata()
  if (token) metadata.set('authorization', `Bearer ${token}`)
  collab[method](request, metadata, { deadline: Date.now() + 10_000 }, (error, reply) => error ? reject(error) : resolve(reply))
})

test('content is read and edited through CollabService', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Wired', '# Wired\n\nSome words.')
  const content = await call('GetContent', { document_id: id, format: 'FORMAT_MARKDOWN' }, ada.token)
  assert.equal(content.content.toString().trim(), '# Wired\n\nSome words.')
  const reply = await call('ApplyEdits', { document_id: id, edits: [{ append: { content: 'More.', format: 'FORMAT_MARKDOWN' } }] }, ada.token)
  assert.ok(reply.changed && +reply.sequence > 0)
  const state = await call('GetState', { document_id: id }, ada.token)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, state.update)
  assert.match(doc.getXmlFragment('default').toString(), /More\./)
  const { blocks } = await call('ListBlocks', { document_id: id }, ada.token)
  assert.deepEqual(blocks.map(block => block.text), ['Wired', 'Some words.', 'More.'])
})

test('changes are streamed as they are committed', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Watched', 'one')
  const metadata = new grpc.Metadata()
  metadata.set('authorization', `Bearer ${ada.token}`)
  const stream = collab.Subscribe({ document_id: id, after_sequence: 0 }, metadata)
  const doc = new Y.Doc()
  const seen = new Promise((resolve, reject) => {
    stream.on('data', change => {
      Y.applyUpdate(doc, change.update)
      if (doc.getXmlFragment('default').toString().includes('two')) resolve()
    })
    stream.on('error', reject)
  })
  await ada.json('POST', `/api/v1/documents/${id}/edit`, { edits: [{ append: { content: 'two' } }] })
  await seen
  stream.removeAllListeners('error').on('error', () => {})
  stream.cancel()
})

test('a server has a document open both ways on one call, beside an editor at a socket', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Both ways')
  const socket = yWebsocket(server, id, ada.token)
  await socket.synced()
  socket.doc.getText('content').insert(0, 'socket')
  const metadata = new grpc.Metadata()
  metadata.set('authorization', `Bearer ${(await Rest.bob(server)).token}`)
  const stream = collab.Sync(metadata)
  const heard = []
  const doc = new Y.Doc()
  let ended = null
  stream.on('data', reply => {
    heard.push(reply)
    if (reply.missing || reply.update) Y.applyUpdate(doc, reply.missing ?? reply.update)
  })
  stream.on('error', error => { ended = error })
  stream.on('end', () => { ended ??= true })
  const first = name => until(() => heard.find(reply => reply[name] !== undefined)?.[name], 10_000, () => `${name}; heard ${JSON.stringify(heard)}, ended ${ended}`)
  stream.write({ open: { document_id: id, state_vector: Y.encodeStateVector(doc) } })
  assert.ok(!(await first('opened')).read_only)
  await first('synced')
  await until(() => doc.getText('content').toString() === 'socket', 10_000, () => 'what was there')
  doc.on('update', update => stream.write({ update: { number: 7, update } }))
  doc.getText('content').insert(0, 'server and ')
  assert.deepEqual({ ...await first('saved') }, { number: '7', saved: true })
  await until(() => socket.doc.getText('content').toString() === 'server and socket', 10_000, () => 'convergence')
  assert.equal((await ada.content(id)).text.trim(), 'server and socket')
  stream.end()
  await until(() => ended, 10_000, () => 'the end of the call')
  assert.equal(ended, true)
  const lost = collab.Sync(metadata)
  const refusal = new Promise(resolve => lost.on('error', resolve))
  lost.on('data', () => {})
  lost.write({ open: { document_id: '0197a3c0-0000-7000-8000-00000000dead' } })
  assert.match((await refusal).details, /^not_found: /)
  socket.close()
})

test('strangers, bad tokens and nonsense are refused by status', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Closed', 'secret')
  const stranger = await Rest.stranger(server)
  const refused = async (promise, code, text) => {
    const error = await promise.then(() => assert.fail('was not refused'), error => error)
    assert.equal(error.code, code, error.message)
    assert.match(error.details, text)
    assert.doesNotMatch(error.details, /\bat ai\.materi|Exception/)
  }
  await refused(call('GetContent', { document_id: id, format: 'FORMAT_TEXT' }), grpc.status.UNAUTHENTICATED, /^unauthenticated: /)
  await refused(call('GetContent', { document_id: id, format: 'FORMAT_TEXT' }, 'nonsense'), grpc.status.UNAUTHENTICATED, /^invalid_token: /)
  await refused(call('GetContent', { document_id: id, format: 'FORMAT_TEXT' }, stranger.token), grpc.status.NOT_FOUND, /^not_found: /)
  await refused(call('GetContent', { document_id: 'not a uuid', format: 'FORMAT_TEXT' }, ada.token), grpc.status.NOT_FOUND, /^not_found: /)
  await refused(call('ApplyUpdate', { document_id: id, update: Buffer.from([255, 255, 255, 255, 255, 1]) }, ada.token), grpc.status.INVALID_ARGUMENT, /^content_invalid: /)
})
