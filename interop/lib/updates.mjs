// Yjs updates that are none, or that yjs would never write.
import * as Y from 'yjs'
import { bytes, raw } from './wire.mjs'

const huge = 2 ** 53 - 1
const overlong = raw(Array(10).fill(0xff))
/** One struct of one client, and no deletions. */
const struct = (...content) => bytes(1, 1, 7, 0, ...content, 0)

/** Bytes that no document may take; by what is wrong with them. */
export const malformedUpdates = {
  empty: new Uint8Array(),
  'one byte': Uint8Array.of(1),
  noise: Uint8Array.from({ length: 200 }, (_, i) => (i * 97 + 13) % 256),
  'all ones': new Uint8Array(300).fill(0xff),
  'more clients than there are bytes': bytes(huge, 0),
  'more structs than there are bytes': bytes(1, huge, 7, 0),
  'a number without end': bytes(overlong),
  'a number beyond 2^53': bytes(1, 1, raw(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)),
  'an unknown content': struct(raw(0x1f), 1, 't', 1),
  'text longer than the rest': struct(raw(4), 1, 't', huge),
  'bytes longer than the rest': struct(raw(3), 1, 't', huge),
  'more values than there are bytes': struct(raw(8), 1, 't', huge),
  'a value of an unknown kind': struct(raw(8), 1, 't', 1, raw(20)),
  'values nested without end': struct(raw(8), 1, 't', 1, raw(Array(100_000).fill([117, 1]).flat())),
  'objects nested without end': struct(raw(8), 1, 't', 1, raw(Array(50_000).fill([118, 1, 1, 97]).flat())),
  'an unknown type': struct(raw(7), 1, 't', 99),
  'JSON that is none': struct(raw(5), 1, 't', '{{{'),
  'a clock beyond all bounds': bytes(1, 1, 7, huge, raw(4), 1, 't', 'x', 0),
  'a collected run beyond all bounds': bytes(1, 1, 7, 0, raw(0), huge, 0),
  'deletions of more clients than there are bytes': bytes(0, huge),
  'more deletions than there are bytes': bytes(0, 1, 7, huge),
  'a deletion beyond all bounds': bytes(0, 1, 7, 1, huge, huge),
  'text of no length': struct(raw(4), 1, 't', '')
}

/** Well formed and useless: to be taken, dropped or refused, but never to hurt. */
export const strangeUpdates = {
  'nothing at all': bytes(0, 0),
  'an item that follows itself': bytes(1, 1, 7, 0, raw(0x84), 7, 0, 'x', 0),
  'an item after one that never comes': bytes(1, 1, 7, 0, raw(0x84), 8, 1000, 'x', 0),
  'an item far in the future': bytes(1, 1, 7, 2 ** 30, raw(4), 1, 't', 'x', 0),
  'a child of itself': bytes(1, 1, 7, 0, raw(4), 0, 7, 0, 'x', 0),
  'a child of text': bytes(1, 2, 7, 0, raw(4), 1, 't', 'abc', raw(4), 0, 7, 1, 'x', 0),
  'deletions of what is not there': bytes(0, 1, 7, 1, 5, 1_000_000),
  'the same deletion a thousand times': bytes(0, 1, 7, 1000, ...Array(1000).fill([0, 1]).flat()),
  'half a surrogate pair': bytes(1, 1, 7, 0, raw(4), 1, 't', 3, raw(0xed, 0xa0, 0xbd), 0),
  'broken UTF-8': bytes(1, 1, 7, 0, raw(4), 1, 't', 2, raw(0xc3, 0x28), 0)
}

const of = edit => { const doc = new Y.Doc(); edit(doc); return Y.encodeStateAsUpdate(doc) }
/** From the outside in: yjs recurses over what it inserts. */
const nest = (depth, make) => of(doc => doc.transact(() => {
  let at = doc.getXmlFragment('default')
  for (let i = 0; i < depth; i++) { at.insert(0, [make(i)]); at = at.get(0) }
  at.insert(0, [new Y.XmlText('deep down')])
}))

/** Documents that a Yjs client can make and that are no text as content knows it. */
export const strangeDocuments = {
  'a map where the rich text is': of(doc => doc.getMap('default').set('k', { deep: [1, null, undefined, 'x'] })),
  'a list where the rich text is': of(doc => doc.getArray('default').insert(0, [1, 'x', null, true, new Uint8Array(3), { a: 1, big: 2n ** 60n }])),
  'plain text where the rich text is': of(doc => doc.getText('default').insert(0, 'plain')),
  'a map where the plain text is': of(doc => doc.getMap('content').set('k', 1)),
  'a list where the plain text is': of(doc => doc.getArray('content').insert(0, [new Y.Map(), new Y.Array()])),
  'embeds and odd formats in the plain text': of(doc => { const text = doc.getText('content'); text.insertEmbed(0, { image: 7 }); text.insertEmbed(0, new Y.Map()); text.insert(0, 'x', { '': null, bold: { a: [] }, link: 7, 'a\u0000b': 'x' }) }),
  'loose text in the rich text': of(doc => doc.getXmlFragment('default').insert(0, [new Y.XmlText('loose'), new Y.XmlHook('hook')])),
  'elements of no name': of(doc => doc.getXmlFragment('default').insert(0, [new Y.XmlElement(''), new Y.XmlElement('<script>'), new Y.XmlElement('paragraph\u0000'), new Y.XmlElement('doc'), new Y.XmlElement('text')])),
  'attributes of every kind': of(doc => {
    const heading = new Y.XmlElement('heading')
    for (const [name, value] of Object.entries({ level: 1e308, id: {}, '': [], 'on\u0000load': 'x', start: -1, src: 'javascript:alert(1)', language: '```', checked: 'perhaps', colspan: 1e9 })) heading.setAttribute(name, value)
    doc.getXmlFragment('default').insert(0, [heading])
  }),
  'a level that is no number': of(doc => { const heading = new Y.XmlElement('heading'); heading.setAttribute('level', NaN); heading.insert(0, [new Y.XmlText('x')]); doc.getXmlFragment('default').insert(0, [heading]) }),
  'a table that is none': of(doc => { const table = new Y.XmlElement('table'); table.insert(0, [new Y.XmlElement('paragraph'), new Y.XmlText('x'), new Y.XmlElement('tableRow'), new Y.XmlElement('tableCell')]); doc.getXmlFragment('default').insert(0, [table]) }),
  'blocks inside of text': of(doc => { const paragraph = new Y.XmlElement('paragraph'); paragraph.insert(0, [new Y.XmlElement('paragraph'), new Y.XmlElement('heading'), new Y.XmlElement('bulletList')]); doc.getXmlFragment('default').insert(0, [paragraph]) }),
  'quotes nested a hundred and twenty deep': nest(120, () => new Y.XmlElement('blockquote')),
  'quotes nested five thousand deep': nest(5_000, () => new Y.XmlElement('blockquote')),
  'lists nested three thousand deep': nest(3_000, i => new Y.XmlElement(i % 2 ? 'listItem' : 'bulletList')),
  'a document in a document': of(doc => doc.getMap('default').set('sub', new Y.Doc())),
  'ten thousand empty blocks': of(doc => doc.getXmlFragment('default').insert(0, Array.from({ length: 10_000 }, () => new Y.XmlElement('paragraph')))),
  'half a surrogate pair': of(doc => { const text = doc.getText('content'); text.insert(0, '\ud83d\ude00'); text.delete(0, 1) })
}
