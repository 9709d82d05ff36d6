import { h } from './dom';

const SHOWN_MS = 8_000;
const AT_ONCE = 3;

const host = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });

/** A short message at the edge of the page, with at most one thing to do about it. */
export function toast(message: string, action?: { label: string; run: () => void }): void {
  if (!host.isConnected) document.body.append(host);
  const item = h('div', { class: 'toast' }, h('span', {}, message));
  if (action !== undefined) {
    const run = () => {
      item.remove();
      action.run();
    };
    item.append(h('button', { class: 'link', type: 'button', onclick: run }, action.label));
  }
  host.append(item);
  while (host.childElementCount > AT_ONCE) host.firstElementChild?.remove();
  setTimeout(() => item.remove(), SHOWN_MS);
}
