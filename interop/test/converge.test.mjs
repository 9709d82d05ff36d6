// Two y-websocket clients and two Hocuspocus providers in one document: random edits, disconnects, a token that expires
// and a permission that is withdrawn meanwhile.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hocuspocus, same, yWebsocket } from '../lib/editors.mjs'
import { random, seedOf } from '../lib/random.mjs'
import { Rest } from '../lib/rest.mjs'
import { Server } from '../lib/server.mjs'
import { until } from '../lib/until.mjs'
import * as Y from 'yjs'

const seed = seedOf('converge')
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
const words = ['tree ', 'of ', 'life ', 'ünïcode ', '👩‍🚀 ', 'x', '\n']
let server
before(async () => { server = await Server.start({ MATERI_AUTH_ACCESS_TOKEN_TTL: '10s' }) }, { timeout: 120_000 })
after(() => server?.stop())

function paragraph (dice) {
  const element = new Y.XmlElement('paragraph')
  element.insert(0, [new Y.XmlText(dice.pick(words))])
  return element
}

function edit (dice, doc) {
  const text = doc.getText('content')
  const map = doc.getMap('meta')
  const list = doc.getArray('list')
  const fragment = doc.getXmlFragment('default')
  switch (dice.below(11)) {
    case 0: if (text.length) { const at = dice.below(text.length); text.delete(at, Math.min(1 + dice.below(4), text.length - at)) } break
    case 1: map.set(`k${dice.below(5)}`, dice.below(1000)); break
    case 2: list.insert(dice.below(list.length + 1), [dice.below(1000), { deep: [true, null, 'x'] }]); break
    case 3: if (list.length) list.delete(dice.below(list.length), 1); break
    case 4: fragment.insert(dice.below(fragment.length + 1), [paragraph(dice)]); break
    case 5: if (fragment.length) fragment.get(dice.below(fragment.length)).get(0).insert(0, dice.pick(words), dice.below(2) ? { bold: {} } : {}); break
    case 6: if (fragment.length > 3) fragment.delete(dice.below(fragment.length), 1); else if (fragment.length) fragment.get(0).setAttribute('align', dice.pick(['left', 'right'])); break
    default: text.insert(dice.below(text.length + 1), dice.pick(words))
  }
}

const content = ({ doc }) => ({
  text: doc.getText('content').toString(), meta: doc.getMap('meta').toJSON(), list: doc.getArray('list').toJSON(), xml: doc.getXmlFragment('default').toString()
})

test('four editors on two wires converge through disconnects, expired tokens and others who are put out', { timeout: 120_000 }, async () => {
  const dice = random(seed)
  const ada = await Rest.ada(server)
  const bob = await Rest.bob(server)
  const guest = await Rest.stranger(server)
  await ada.json('POST', '/api/v1/workspaces/demo/members', { user_id: guest.session.user.id, role: 'editor' })
  const { id } = await ada.createDocument('Converging')
  const fresh = who => async () => (await Rest.login(server.url, `${who}@demo.materi.local`)).token
  const editors = [
    yWebsocket(server, id, ada.token), yWebsocket(server, id, bob.token),
    hocuspocus(server, id, fresh('ada')), hocuspocus(server, id, fresh('bob'))
  ]
  const guests = [yWebsocket(server, id, guest.token), hocuspocus(server, id, guest.token)]
  await Promise.all([...editors, ...guests].map(editor => editor.synced()))
  let writing = [...editors, ...guests]
  for (let step = 0; step < 450; step++) {
    const editor = dice.pick(writing)
    if (editors.includes(editor) && dice.below(60) === 0) {
      editor.offline()
      for (let i = 0; i < 5; i++) edit(dice, editor.doc)
      await pause(50)
      // A y-websocket client has its token in its parameters: it needs a fresh one once the old one has expired.
      if (editor.wire === 'y-websocket') editor.provider.params.token = await fresh('ada')()
      editor.online()
    } else {
      edit(dice, editor.doc)
    }
    if (dice.below(4) === 0) await pause(dice.below(40))
    if (step === 150) {
      await (await Rest.ada(server)).json('DELETE', `/api/v1/workspaces/demo/members/${guest.session.user.id}`)
      await until(() => !guests[0].provider.wsconnected, 20_000, () => 'the guest put out')
      writing = editors
    }
    if (step === 300) await comeBackTooLate(editors[0], dice, fresh('ada'))
  }
  await Promise.all(editors.map(editor => editor.synced()))
  await until(() => same(editors.map(editor => editor.doc)), 20_000, () => `equal documents, SEED=${seed}`)
  for (const editor of editors) assert.deepEqual(content(editor), content(editors[0]), `SEED=${seed}`)
  await Promise.all(editors.slice(2).map(editor => editor.saved()))
  const late = hocuspocus(server, id, fresh('bob'))
  await late.synced()
  assert.ok(same([late.doc, editors[0].doc]))
  for (const editor of [...editors, ...guests, late]) editor.close()
})

const claims = token => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))

/** Edits offline, comes back with a token that has expired, is told so for good, and comes back with a good one. */
async function comeBackTooLate (editor, dice, fresh) {
  editor.offline()
  for (let i = 0; i < 5; i++) edit(dice, editor.doc)
  const stale = editor.provider.params.token
  await until(() => claims(stale).exp * 1000 < Date.now() - 1_000, 20_000, () => 'the token expired')
  let code = null
  const told = event => { code ??= event?.code ?? null }
  editor.provider.on('connection-close', told)
  editor.online()
  await until(() => code !== null, 10_000, () => 'the stale token refused')
  assert.equal(code, 4401)
  editor.provider.off('connection-close', told)
  editor.offline()
  editor.provider.params.token = await fresh()
  editor.online()
  await editor.synced()
}

test('an editor whose membership is withdrawn is cut on both wires, and nobody else is', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const guest = await Rest.stranger(server)
  const guestId = guest.session.user.id
  await ada.json('POST', '/api/v1/workspaces/demo/members', { user_id: guestId, role: 'editor' })
  const { id } = await ada.createDocument('Withdrawn')
  const owner = hocuspocus(server, id, ada.token)
  const onHocuspocus = hocuspocus(server, id, guest.token)
  const onYWebsocket = yWebsocket(server, id, guest.token)
  await Promise.all([owner, onHocuspocus, onYWebsocket].map(editor => editor.synced()))
  let denied = false
  let closeCode = null
  onHocuspocus.provider.on('authenticationFailed', () => { denied = true })
  onHocuspocus.provider.on('close', () => { denied = true })
  onYWebsocket.provider.on('connection-close', event => { closeCode ??= event?.code })
  await (await Rest.ada(server)).json('DELETE', `/api/v1/workspaces/demo/members/${guestId}`)
  await until(() => denied && closeCode !== null, 20_000, () => `both cut (hocuspocus ${denied}, y-websocket ${closeCode})`)
  assert.ok([4403, 4404].includes(closeCode), `close code ${closeCode}`)
  onHocuspocus.doc.getText('content').insert(0, 'too late')
  owner.doc.getText('content').insert(0, 'still here')
  await owner.saved()
  assert.equal(owner.doc.getText('content').toString(), 'still here')
  for (const editor of [owner, onHocuspocus, onYWebsocket]) editor.close()
})

test('a viewer reads along but cannot write, on both wires', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const guest = await Rest.stranger(server)
  await ada.json('POST', '/api/v1/workspaces/demo/members', { user_id: guest.session.user.id, role: 'viewer' })
  const { id } = await ada.createDocument('Looked at')
  const owner = hocuspocus(server, id, ada.token)
  const viewers = [hocuspocus(server, id, guest.token), yWebsocket(server, id, guest.token)]
  await Promise.all([owner, ...viewers].map(editor => editor.synced()))
  assert.equal(viewers[0].provider.authorizedScope, 'readonly')
  for (const viewer of viewers) viewer.doc.getText('content').insert(0, 'graffiti')
  owner.doc.getText('content').insert(0, 'words')
  await owner.saved()
  await until(() => viewers.every(viewer => viewer.doc.getText('content').toString().includes('words')), 10_000, () => 'viewers see the owner')
  const late = hocuspocus(server, id, (await Rest.ada(server)).token)
  await late.synced()
  assert.equal(late.doc.getText('content').toString(), 'words')
  for (const editor of [owner, late, ...viewers]) editor.close()
})

test('presence carries the identity that the server knows, not the one a client claims', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const bob = await Rest.bob(server)
  const { id } = await ada.createDocument('Seen')
  const one = hocuspocus(server, id, ada.token)
  const two = yWebsocket(server, id, bob.token)
  await Promise.all([one.synced(), two.synced()])
  two.awareness.setLocalStateField('user', { name: 'Ada Lovelace', color: '#000000', id: 'somebody else' })
  const seen = await until(() => one.awareness.getStates().get(two.doc.clientID)?.user, 10_000, () => 'bob in the presence that ada sees')
  assert.equal(seen.name, bob.session.user.name)
  assert.equal(seen.id, bob.session.user.id)
  two.close()
  await until(() => !one.awareness.getStates().has(two.doc.clientID), 10_000, () => 'bob gone')
  one.close()
})

test('whoever opens a large document has all of it at once, also what was typed since others opened it', { timeout: 60_000 }, async () => {
  const ada = await Rest.ada(server)
  const { id } = await ada.createDocument('Large')
  const writer = hocuspocus(server, id, ada.token)
  await writer.synced()
  writer.doc.getText('content').insert(0, 'z'.repeat(500_000))
  for (const open of [yWebsocket, hocuspocus, yWebsocket, hocuspocus]) {
    writer.doc.getText('content').insert(0, 'typed ')
    writer.doc.getText('content').delete(100_000, 1)
    await writer.saved()
    const newcomer = open(server, id, ada.token)
    await newcomer.synced()
    assert.equal(newcomer.doc.getText('content').toString(), writer.doc.getText('content').toString())
    assert.equal(newcomer.doc.store.pendingStructs, null)
    newcomer.close()
  }
  writer.close()
})
