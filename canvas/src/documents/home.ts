import { h } from '../dom';
import { pathOf } from '../router';
import { ago } from '../time';
import type { Library } from './library';

const RECENT = 6;

/** What is in the middle while no document is open: a greeting and what was written last. */
export function home(name: string, library: Library): HTMLElement {
  const { loaded, trashed, documents } = library;
  const recent = loaded && !trashed ? documents.slice(0, RECENT) : [];
  const cards = recent.map((d) =>
    h('li', {}, h('a', { class: 'card', href: pathOf({ at: 'document', id: d.id }), 'data-route': true },
      h('span', { class: 'card-title' }, d.title || 'Untitled'),
      h('time', { datetime: d.updated_at }, ago(d.updated_at, Date.now())))));
  return h('div', { class: 'home' },
    h('h1', {}, `Hello, ${name.split(' ')[0] || 'you'}.`),
    h('p', {}, 'Open a document or begin a new one. Whoever opens it with you appears in it, and so does Aria when you ask.'),
    cards.length > 0 && h('h2', {}, 'Lately'),
    cards.length > 0 && h('ul', { class: 'cards' }, ...cards));
}
