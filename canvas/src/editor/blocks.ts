import type { Editor } from '@tiptap/core';
import { relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import type { Citation } from '../ai/generation';

/** Yjs ids of blocks are written `client:clock`. */
export function blockIdOf(text: string): Y.ID | null {
  const parts = /^(\d{1,16}):(\d{1,16})$/.exec(text);
  return parts === null ? null : Y.createID(Number(parts[1]), Number(parts[2]));
}

/** The block's shared element, as long as it still exists. */
export function elementOf(doc: Y.Doc, id: Y.ID): Y.XmlElement | null {
  if (Y.getState(doc.store, id.client) <= id.clock) return null;
  const struct = Y.getItem(doc.store, id);
  if (!(struct instanceof Y.Item) || struct.deleted || !(struct.content instanceof Y.ContentType)) return null;
  return struct.content.type instanceof Y.XmlElement ? struct.content.type : null;
}

/** Scrolls to what a citation names: its block, or the first block that holds the quoted words. */
export function reveal(editor: Editor, citation: Citation): boolean {
  const position = positionOfBlock(editor, citation.block) ?? positionOfQuote(editor, citation.quote);
  if (position === null) return false;
  const at = editor.view.domAtPos(position).node;
  const element = at instanceof Element ? at : at.parentElement;
  if (element === null) return false;
  element.scrollIntoView({ block: 'center', behavior: calm() ? 'instant' : 'smooth' });
  // An animation, because the editor would undo any attribute that it did not write itself.
  element.animate([{ backgroundColor: 'var(--highlight)' }, { backgroundColor: 'transparent' }], { duration: 2400, easing: 'ease-in' });
  return true;
}

function positionOfBlock(editor: Editor, block: string): number | null {
  const id = blockIdOf(block);
  const binding = ySyncPluginKey.getState(editor.state)?.binding;
  if (id === null || binding === undefined || binding === null) return null;
  const element = elementOf(binding.doc, id);
  if (element === null) return null;
  const start = Y.createRelativePositionFromTypeIndex(element, 0);
  return relativePositionToAbsolutePosition(binding.doc, binding.type, start, binding.mapping);
}

function positionOfQuote(editor: Editor, quote: string): number | null {
  const wanted = squeezed(quote);
  if (wanted === '') return null;
  let found: number | null = null;
  editor.state.doc.descendants((node, position) => {
    if (found === null && node.isTextblock && squeezed(node.textContent).includes(wanted)) found = position + 1;
    return found === null;
  });
  return found;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function calm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
