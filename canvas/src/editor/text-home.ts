import * as Y from 'yjs';

/** Where a document's text lives: the first of these that is not empty, in the order all of Materi uses. */
const RICH = ['default', 'prosemirror', 'document-store'];
const PLAIN = ['content', 'codemirror', 'monaco', 'quill'];

export type TextHome = { readonly kind: 'rich' | 'plain'; readonly field: string };

export function textHomeOf(doc: Y.Doc): TextHome {
  const holds = (field: string) => (doc.share.get(field)?._start ?? null) !== null;
  const rich = RICH.find(holds);
  if (rich !== undefined) return { kind: 'rich', field: rich };
  const plain = PLAIN.find(holds);
  return plain === undefined ? { kind: 'rich', field: 'default' } : { kind: 'plain', field: plain };
}

/** A copy that follows the document and to which nothing done in a view ever flows back. */
export function mirrorOf(doc: Y.Doc): Y.Doc {
  const mirror = new Y.Doc();
  Y.applyUpdate(mirror, Y.encodeStateAsUpdate(doc));
  const follow = (update: Uint8Array) => Y.applyUpdate(mirror, update);
  doc.on('update', follow);
  mirror.on('destroy', () => doc.off('update', follow));
  return mirror;
}
