import { h } from '../dom';

/** The few shapes that generated text comes in; inside them text is shown as it is. */
export type Block =
  | { readonly kind: 'heading' | 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Item[] };

export interface Item {
  readonly depth: number;
  readonly ordered: boolean;
  readonly text: string;
}

const HEADING = /^#{1,6}\s+(.*)$/;
const ITEM = /^(\s*)(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;
const MAX_DEPTH = 6;

/** Reads headings, lists and paragraphs from text that may still be growing. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let fresh = true;
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      fresh = true;
      continue;
    }
    const last = fresh ? undefined : blocks.at(-1);
    const next = blockOf(line, last ?? (ITEM.test(line) ? blocks.at(-1) : undefined));
    if (next.replaces) blocks.pop();
    blocks.push(next.block);
    fresh = next.block.kind === 'heading';
  }
  return blocks;
}

export function elementsOf(text: string): HTMLElement[] {
  return blocksOf(text).map((block) => {
    if (block.kind === 'list') return listOf(block.items);
    return h(block.kind === 'heading' ? 'h4' : 'p', {}, ...strong(block.text));
  });
}

/** Nested lists from items that only know their depth. */
function listOf(items: readonly Item[]): HTMLElement {
  const root = h(items[0]!.ordered ? 'ol' : 'ul');
  const open: { list: HTMLElement; depth: number }[] = [{ list: root, depth: items[0]!.depth }];
  for (const item of items) {
    while (open.length > 1 && open.at(-1)!.depth > item.depth) open.pop();
    const parent = open.at(-1)!;
    const entry = h('li', {}, ...strong(item.text));
    const last = parent.list.lastElementChild;
    if (item.depth > parent.depth && last !== null) {
      const list = h(item.ordered ? 'ol' : 'ul', {}, entry);
      last.append(list);
      open.push({ list, depth: item.depth });
    } else parent.list.append(entry);
  }
  return root;
}

function blockOf(line: string, last: Block | undefined): { block: Block; replaces: boolean } {
  const heading = HEADING.exec(line);
  if (heading !== null) return { block: { kind: 'heading', text: heading[1]! }, replaces: false };
  const item = ITEM.exec(line);
  if (item !== null) {
    const depth = Math.min(MAX_DEPTH, Math.floor(item[1]!.length / 2));
    const entry = { depth, ordered: item[2] !== undefined, text: item[3]! };
    if (last?.kind === 'list') return { block: { ...last, items: [...last.items, entry] }, replaces: true };
    return { block: { kind: 'list', items: [entry] }, replaces: false };
  }
  if (last?.kind === 'paragraph') return { block: { kind: 'paragraph', text: `${last.text} ${line.trim()}` }, replaces: true };
  return { block: { kind: 'paragraph', text: line.trim() }, replaces: false };
}

function strong(text: string): (Node | string)[] {
  return text.split(/\*\*(.+?)\*\*/).map((part, at) => (at % 2 === 1 ? h('strong', {}, part) : part));
}
