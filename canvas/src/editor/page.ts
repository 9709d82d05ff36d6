import { Editor, getSchema } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Citation } from '../ai/generation';
import { fill, h, setText } from '../dom';
import { reveal } from './blocks';
import { Carets } from './carets';
import { foreignPartIn, foreignPartOf } from './foreign';
import type { LiveDocument } from './live-document';
import { Presence } from './presence';
import { saveSentence, saveState, SLOW_AFTER_MS } from './save-state';
import { documentExtensions } from './schema';
import { mirrorOf, textHomeOf } from './text-home';
import { Toolbar } from './toolbar';

/** How the text is shown: not yet, to write in, or to read and why only that. */
type Mode =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'write'; readonly field: string }
  | { readonly kind: 'read'; readonly field: string; readonly because: 'viewer' | 'foreign'; readonly part?: string }
  | { readonly kind: 'plain'; readonly field: string };

export interface PageActions {
  readonly goHome: () => void;
  readonly signIn: () => void;
  /** Told whenever writing begins or stops to be possible. */
  readonly writable: (writable: boolean) => void;
}

const LINK_WORDS = { connecting: 'Connecting…', online: 'Live', offline: 'Offline – reconnecting', refused: 'Disconnected' } as const;

/** The open document: its text, the toolbar, and what is to be said about connection and saving. */
export class EditorPage {
  readonly element = h('div', { class: 'desk' });
  readonly presence: Presence;
  readonly saving = h('span', { class: 'save-state', role: 'status', 'aria-live': 'polite', 'data-testid': 'save-state' });
  readonly connection = h('span', { class: 'connection-state', role: 'status', 'aria-live': 'polite', 'data-testid': 'connection-state' });
  readonly #live: LiveDocument;
  readonly #actions: PageActions;
  readonly #stopWatching: () => void;
  readonly #schema = getSchema(documentExtensions());
  readonly #notice = h('div', { class: 'notices' });
  readonly #tools = h('div', { class: 'toolbar-slot' });
  readonly #sheet = h('div', { class: 'sheet' });
  #mode: Mode = { kind: 'waiting' };
  #editor: Editor | null = null;
  #toolbar: Toolbar | null = null;
  #undoMode: () => void = () => undefined;
  #foreign: string | null = null;
  #visited = false;
  #slow: ReturnType<typeof setTimeout> | undefined;

  constructor(live: LiveDocument, actions: PageActions) {
    this.#live = live;
    this.#actions = actions;
    this.presence = new Presence(this.#awareness);
    fill(this.element, this.#notice, this.#tools, this.#sheet);
    fill(this.#sheet, skeleton());
    this.#stopWatching = live.watch(() => this.#render());
    this.#render();
  }

  get writable(): boolean {
    return this.#editor?.isEditable ?? false;
  }

  focus(): void {
    this.#editor?.commands.focus();
  }

  reveal(citation: Citation): boolean {
    return this.#editor !== null && reveal(this.#editor, citation);
  }

  /** Puts what is shown elsewhere at the caret, as an edit of this person's own. */
  insert(elements: readonly HTMLElement[]): void {
    // Whoever has not been in the text yet has no caret there to speak of.
    this.#editor?.chain().focus(this.#visited ? null : 'end').insertContent(elements.map((element) => element.outerHTML).join('')).run();
  }

  destroy(): void {
    clearTimeout(this.#slow);
    this.#stopWatching();
    this.#unmount();
    this.presence.destroy();
    this.element.remove();
  }

  get #awareness(): Awareness {
    return this.#live.provider.awareness!;
  }

  #render(): void {
    this.#show(this.#nextMode());
    const refused = this.#live.link === 'refused';
    const editable = this.#mode.kind === 'write' && !refused;
    if (this.#editor !== null && this.#editor.isEditable !== editable) this.#editor.setEditable(editable);
    this.#tools.hidden = !editable;
    this.#actions.writable(editable);
    this.#renderStates();
    this.#renderNotice();
  }

  #nextMode(): Mode {
    const { loaded, scope, doc } = this.#live;
    if (!loaded || scope === null) return { kind: 'waiting' };
    const home = this.#mode.kind === 'waiting' ? textHomeOf(doc) : { kind: this.#mode.kind === 'plain' ? 'plain' : 'rich', field: this.#mode.field };
    if (home.kind === 'plain') return { kind: 'plain', field: home.field };
    // While one writes, the guard of the editor watches each change; before that, the whole text is looked at.
    if (this.#mode.kind !== 'write') this.#foreign = foreignPartOf(doc.getXmlFragment(home.field), this.#schema);
    if (scope === 'readonly') return { kind: 'read', field: home.field, because: 'viewer' };
    if (this.#foreign !== null) return { kind: 'read', field: home.field, because: 'foreign', part: this.#foreign };
    return { kind: 'write', field: home.field };
  }

  #show(mode: Mode): void {
    if (JSON.stringify(mode) === JSON.stringify(this.#mode)) return;
    this.#mode = mode;
    this.#unmount();
    if (mode.kind === 'write') this.#mountWriting(mode.field);
    else if (mode.kind === 'read') this.#mountReading(mode.field);
    else if (mode.kind === 'plain') this.#mountPlain(mode.field);
  }

  #mountWriting(field: string): void {
    const fragment = this.#live.doc.getXmlFragment(field);
    // Registered before the editor's own observer: it has to be gone before it sees what it would delete.
    const guard = (events: Y.YEvent<Y.AbstractType<unknown>>[], transaction: Y.Transaction) => {
      if (transaction.origin !== this.#live.provider) return;
      this.#foreign = foreignPartIn(events, this.#schema);
      if (this.#foreign !== null) this.#render();
    };
    fragment.observeDeep(guard as never);
    this.#undoMode = () => fragment.unobserveDeep(guard as never);
    this.#mountEditor(this.#live.doc, field, true);
    this.#toolbar = new Toolbar(this.#editor!);
    fill(this.#tools, this.#toolbar.element);
  }

  #mountReading(field: string): void {
    const mirror = mirrorOf(this.#live.doc);
    this.#undoMode = () => mirror.destroy();
    this.#mountEditor(mirror, field, false);
  }

  #mountEditor(document: Y.Doc, field: string, editable: boolean): void {
    const host = h('div', { class: 'prose-host', 'data-testid': 'editor' });
    fill(this.#sheet, host);
    this.#editor = new Editor({
      element: host,
      editable,
      injectCSS: false,
      onFocus: () => {
        this.#visited = true;
      },
      extensions: [...documentExtensions(), Collaboration.configure({ document, field }), Carets.configure({ awareness: this.#awareness })],
      editorProps: {
        attributes: { class: 'prose', role: 'textbox', 'aria-multiline': 'true', 'aria-label': 'Document text' },
        handleKeyDown: (_view, event) => this.#shortcut(event),
      },
    });
    this.#sheet.onclick = (event) => {
      if (event.target === this.#sheet && this.writable) this.#editor?.commands.focus('end');
    };
  }

  #mountPlain(field: string): void {
    const text = this.#live.doc.getText(field);
    const view = h('pre', { class: 'plain', tabindex: 0, 'aria-label': 'Document text', 'data-testid': 'editor' });
    const show = () => setText(view, text.toString());
    text.observe(show);
    this.#undoMode = () => text.unobserve(show);
    fill(this.#sheet, view);
    show();
  }

  #unmount(): void {
    this.#toolbar?.destroy();
    this.#toolbar = null;
    this.#editor?.destroy();
    this.#editor = null;
    this.#visited = false;
    this.#undoMode();
    this.#undoMode = () => undefined;
    fill(this.#sheet, skeleton());
  }

  #shortcut(event: KeyboardEvent): boolean {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return false;
    this.#tools.querySelector<HTMLButtonElement>('[aria-label="Link"]')?.click();
    return true;
  }

  #renderStates(): void {
    const { progress } = this.#live;
    const state = saveState(progress);
    clearTimeout(this.#slow);
    if (state === 'saving') this.#slow = setTimeout(() => this.#renderStates(), SLOW_AFTER_MS + 100);
    const readOnly = this.#mode.kind !== 'write' && state === 'saved';
    this.saving.dataset['state'] = state;
    setText(this.saving, this.#mode.kind === 'waiting' || readOnly ? '' : saveSentence(progress, Date.now()));
    this.connection.dataset['state'] = progress.link;
    setText(this.connection, LINK_WORDS[progress.link]);
  }

  #renderNotice(): void {
    const notice = this.#refusal() ?? this.#offline() ?? this.#reading();
    const key = notice?.textContent ?? '';
    if (this.#notice.textContent !== key) fill(this.#notice, notice);
    this.element.dataset['mode'] = this.#mode.kind;
    if (this.#mode.kind === 'waiting') headline(this.#notice);
  }

  #refusal(): HTMLElement | null {
    const { refusal, progress } = this.#live;
    if (refusal === null) return null;
    const home = h('button', { class: 'quiet', type: 'button', onclick: this.#actions.goHome }, 'To my documents');
    const again = h('button', { class: 'quiet', type: 'button', onclick: () => this.#live.retry() }, 'Try again');
    const signIn = h('button', { class: 'primary', type: 'button', onclick: this.#actions.signIn }, 'Sign in again');
    const kept = progress.dirty ? ' Your last changes were not accepted; they are still shown here, so that you can copy them.' : '';
    const waiting = progress.dirty ? 'What you have written is kept on this page and will be sent once you have signed in again.' : 'Sign in again to go on.';
    switch (refusal.kind) {
      case 'missing':
        return notice('refusal', 'This document was not found', `It may have been moved to the trash, or the address is wrong.${kept}`, home, again);
      case 'session':
        return notice('refusal', 'Your session has ended', waiting, signIn);
      case 'forbidden':
        return notice('refusal', 'You have no access to this document', `Ask one of its owners to share it with you, then try again.${kept}`, home, again);
      case 'other':
        return notice('refusal', 'The server has closed this document', `It says: ${refusal.reason.slice(0, 200)}.${kept}`, home, again);
    }
  }

  #offline(): HTMLElement | null {
    if (this.#live.link !== 'offline') return null;
    const again = h('button', { class: 'quiet', type: 'button', onclick: () => this.#live.retry() }, 'Reconnect now');
    const words = this.#live.loaded ? 'Go on writing: your changes are kept on this page and will be sent.' : 'Materi cannot be reached. Trying again by itself.';
    return notice('offline', 'The connection is lost', words, again);
  }

  #reading(): HTMLElement | null {
    const mode = this.#mode;
    if (mode.kind === 'plain') return notice('reading', 'Plain text', 'This document was written in a plain-text editor. This page shows it, live, and leaves it as it is.');
    if (mode.kind !== 'read') return null;
    return mode.because === 'viewer'
      ? notice('reading', 'Read only', 'You may read this document and see it change, but not write in it.')
      : notice('reading', 'Read only here', `The document holds something this page has no form for: ${mode.part ?? 'an unknown part'}. So that it is not lost, the rest is only shown.`);
  }
}

function notice(kind: string, title: string, words: string, ...actions: HTMLElement[]): HTMLElement {
  return h('div', { class: `notice ${kind}`, role: kind === 'refusal' ? 'alert' : 'status', 'data-testid': `notice-${kind}` },
    h('div', {}, h('strong', {}, title), h('p', {}, words)),
    actions.length > 0 && h('div', { class: 'notice-actions' }, ...actions));
}

/** Where there is no text to show, what is said instead is the page's heading. */
function headline(notices: HTMLElement): void {
  const title = notices.querySelector('strong');
  title?.setAttribute('role', 'heading');
  title?.setAttribute('aria-level', '1');
}

function skeleton(): HTMLElement {
  return h('div', { class: 'skeleton', 'aria-hidden': 'true' }, h('i', {}), h('i', {}), h('i', {}), h('i', {}));
}
