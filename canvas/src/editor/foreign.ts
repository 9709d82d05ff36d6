import type { Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';

/**
 * Finds what this page's editor has no words for. The editor's binding deletes from the shared
 * document whatever does not fit its schema, and it would do so for everybody; a document that
 * holds such parts is therefore shown from a copy and not edited here.
 *
 * Unknown kinds of node and mark are foreign. Known ones in places where they cannot stand are
 * foreign when they carry text or an image; without any, they are debris of concurrent edits that
 * every editor clears away.
 */
export function foreignPartOf(fragment: Y.XmlFragment, schema: Schema): string | null {
  for (const child of fragment.toArray()) {
    const foreign = foreignIn(child, schema) ?? misplacedIn(child, schema);
    if (foreign !== null) return foreign;
  }
  return null;
}

/** The same for what one change has brought; places are not checked, as they are in flux. */
export function foreignPartIn(events: readonly Y.YEvent<Y.AbstractType<unknown>>[], schema: Schema): string | null {
  for (const event of events) {
    const added = [...event.changes.added].flatMap((item) => item.content.getContent() as unknown[]);
    for (const part of added) {
      const foreign = part instanceof Y.AbstractType ? foreignIn(part, schema) : null;
      if (foreign !== null) return foreign;
    }
    const marks = event.target instanceof Y.XmlText ? foreignMarks(event.delta as Delta, schema) : null;
    if (marks !== null) return marks;
  }
  return null;
}

type Delta = readonly { readonly insert?: unknown; readonly attributes?: Record<string, unknown> | null }[];

function foreignIn(root: unknown, schema: Schema): string | null {
  const queue: unknown[] = [root];
  for (let part = queue.pop(); part !== undefined; part = queue.pop()) {
    if (part instanceof Y.XmlText) {
      const marks = foreignMarks(part.toDelta() as Delta, schema);
      if (marks !== null) return marks;
    } else if (part instanceof Y.XmlElement) {
      if (schema.nodes[part.nodeName] === undefined) return part.nodeName;
      queue.push(...part.toArray());
    } else return 'an unknown part';
  }
  return null;
}

function foreignMarks(delta: Delta, schema: Schema): string | null {
  for (const { insert, attributes } of delta) {
    if (insert !== undefined && typeof insert !== 'string') return 'an embedded object';
    for (const name of Object.keys(attributes ?? {})) {
      // Marks that may overlap carry a hash after their name, as the binding writes them.
      if (schema.marks[name.replace(/--[^-]*$/, '')] === undefined) return name;
    }
  }
  return null;
}

/** A deeper tree than this is nobody's text. */
const MAX_DEPTH = 64;

function misplacedIn(part: unknown, schema: Schema, depth = 0): string | null {
  if (!(part instanceof Y.XmlElement)) return null;
  if (depth > MAX_DEPTH) return 'very deep nesting';
  const children = part.toArray();
  for (const child of children) {
    const misplaced = misplacedIn(child, schema, depth + 1);
    if (misplaced !== null) return misplaced;
  }
  const type = schema.nodes[part.nodeName]!;
  const fits = children.every((child) =>
    child instanceof Y.XmlText
      ? child.length === 0 || type.inlineContent
      : child instanceof Y.XmlElement && accepts(type, schema.nodes[child.nodeName]!),
  );
  return fits || !carriesContent(part) ? null : `${part.nodeName} in an unusual shape`;
}

function accepts(parent: Schema['topNodeType'], child: Schema['topNodeType']): boolean {
  // Whether the child may stand anywhere among the parent's content, whatever else is there.
  const seen = new Set([parent.contentMatch]);
  for (const match of seen) {
    for (let edge = 0; edge < match.edgeCount; edge++) {
      const { type, next } = match.edge(edge);
      if (type === child) return true;
      seen.add(next);
    }
  }
  return false;
}

function carriesContent(part: Y.XmlElement): boolean {
  return part.toArray().some((child) =>
    child instanceof Y.XmlText ? child.length > 0 : child instanceof Y.XmlElement && (child.nodeName === 'image' || carriesContent(child)),
  );
}
