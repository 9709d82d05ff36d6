import { Extension } from '@tiptap/core';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import { h } from '../dom';
import { colorOf, inkOn, safeColor } from './people';

export interface CaretsOptions {
  readonly awareness: Awareness;
}

/**
 * The carets and selections of everybody else, with their names. The binding's own cursor plugin
 * does the tracking; this gives it a look of our own and a mark for agents.
 */
export const Carets = Extension.create<CaretsOptions>({
  name: 'carets',

  addProseMirrorPlugins() {
    const { awareness } = this.options;
    return [
      yCursorPlugin(awareness, {
        // A read-only view is bound to a copy with a client id of its own, so "oneself" is asked of presence.
        awarenessStateFilter: (_bound: number, client: number) => client !== awareness.clientID,
        cursorBuilder: caret,
        selectionBuilder: selection,
      }),
    ];
  },
});

function caret(user: Record<string, unknown>, client: number): HTMLElement {
  const color = colorFor(user, client);
  const name = typeof user['name'] === 'string' ? user['name'].slice(0, 40) : 'Someone';
  const agent = user['agent'] === true;
  return h('span', {
    class: agent ? 'caret caret-agent' : 'caret', 'data-client': client,
    style: `--who: ${color}; --who-ink: ${inkOn(color)}`,
  },
  '\u2060',
  h('span', { class: 'caret-name', 'aria-hidden': 'true' }, agent ? `✦ ${name}` : name),
  '\u2060');
}

function selection(user: Record<string, unknown>, client: number): { class: string; style: string } {
  return { class: 'caret-selection', style: `--who: ${colorFor(user, client)}` };
}

function colorFor(user: Record<string, unknown>, client: number): string {
  const id = typeof user['id'] === 'string' ? user['id'] : String(client);
  return safeColor(user['color'], colorOf(id));
}
