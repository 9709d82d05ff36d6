import { h } from './dom';

/** The product's mark; `public/favicon.svg` is the same drawing. */
export function mark(): HTMLElement {
  return h('img', { class: 'mark', src: '/favicon.svg', alt: '', width: 28, height: 28 });
}
