import { AiPanel } from './ai/panel';
import { ApiClient, isMissing } from './api/client';
import { type Degradation, type DocumentSummary, mayWrite, type User } from './api/contract';
import { Materi } from './api/materi';
import { sentenceOf } from './api/problem';
import type { Session } from './api/session';
import { Banner } from './banner';
import { home } from './documents/home';
import { Library } from './documents/library';
import { Sidebar } from './documents/sidebar';
import { fill, h } from './dom';
import type { EditorPage, LiveDocuments } from './editor';
import { icon } from './icons';
import { Router, type Route } from './router';
import { toast } from './toast';

const WORKSPACE = 'materi.workspace';
const PANEL = 'materi.panel';
const WIDE = matchMedia('(min-width: 1180px)');

export interface Doors {
  readonly signedOut: () => void;
  /** The session has ended under the open page: sign in over it, so that nothing unsent is lost. */
  readonly signInAgain: () => void;
}

/** The page of somebody who is signed in: list at the side, one document in the middle, Aria beside it. */
export class App {
  readonly element: HTMLElement;
  readonly #session: Session;
  readonly #user: User;
  readonly #materi: Materi;
  readonly #library: Library;
  readonly #sidebar: Sidebar;
  readonly #router: Router;
  readonly #panel: AiPanel;
  readonly #banner = new Banner();
  readonly #main = h('main', { class: 'main', id: 'main', tabindex: -1 });
  readonly #doors: Doors;
  readonly #gone = new AbortController();
  #editorChunk: Promise<typeof import('./editor')> | null = null;
  #live: LiveDocuments | null = null;
  #open: { readonly id: string; readonly page: EditorPage; readonly close: () => void } | null = null;
  #wanted: string | null = null;
  #fresh: string | null = null;

  constructor(session: Session, user: User, doors: Doors) {
    const api = new ApiClient(session, (input, init) => fetch(input, init));
    api.onDegradation = (level: Degradation) => this.#banner.show(level);
    this.#session = session;
    this.#user = user;
    this.#doors = doors;
    this.#materi = new Materi(api);
    this.#library = new Library(this.#materi);
    this.#sidebar = new Sidebar(this.#library, user, { created: (d) => this.#created(d), signOut: () => void this.#signOut() });
    this.#panel = new AiPanel(this.#materi, () => this.#showPanel(false, true));
    this.element = h('div', { class: 'app' }, this.#banner.element, this.#sidebar.element, this.#main, this.#panel.element);
    this.#showPanel(WIDE.matches && localStorage.getItem(PANEL) !== 'closed', false);
    this.#library.watch(() => {
      if (this.element.dataset['at'] === 'home') this.#showHome();
    });
    this.#router = new Router((route) => void this.#show(route));
    const { signal } = this.#gone;
    this.#router.listen(signal);
    const guard = (event: BeforeUnloadEvent) => {
      if (this.unsaved) event.preventDefault();
    };
    const refresh = () => {
      // A list that cannot be renewed stays as it was; the next visit tries again.
      if (document.visibilityState === 'visible') void this.#library.reload().catch(() => undefined);
    };
    addEventListener('beforeunload', guard, { signal });
    document.addEventListener('visibilitychange', refresh, { signal });
  }

  async start(): Promise<void> {
    void this.#show(this.#router.current);
    try {
      await this.#library.open(localStorage.getItem(WORKSPACE));
      this.#library.watch(() => localStorage.setItem(WORKSPACE, this.#library.workspace?.id ?? ''));
    } catch (error) {
      toast(sentenceOf(error), { label: 'Try again', run: () => void this.start() });
    }
    // The editor is needed soon; it comes while the person looks at the list.
    void this.#editor().catch(() => undefined);
  }

  get user(): User {
    return this.#user;
  }

  /** Whether an edit made here has not been acknowledged by the server. */
  get unsaved(): boolean {
    return this.#live?.unsaved ?? false;
  }

  /** The same person has signed in again: what was refused meanwhile is asked for once more. */
  resume(): void {
    this.#live?.retry();
    void this.#library.reload().catch((error: unknown) => toast(sentenceOf(error)));
  }

  destroy(): void {
    this.#gone.abort();
    this.#open?.close();
    this.#live?.destroy();
    this.element.remove();
  }

  async #show(route: Route): Promise<void> {
    const id = route.at === 'document' ? route.id : null;
    this.#wanted = id;
    this.element.dataset['at'] = route.at;
    this.#sidebar.select(id);
    if (this.#open !== null && this.#open.id === id) return;
    this.#open?.close();
    this.#open = null;
    this.#panel.attach(null);
    this.#panel.allowWriting(false);
    if (id === null) return this.#showHome();
    try {
      await this.#openDocument(id);
    } catch (error) {
      if (this.#wanted === id) fill(this.#main, failure(sentenceOf(error), () => void this.#show(route)));
    }
  }

  #showHome(): void {
    document.title = 'Materi';
    fill(this.#main, home(this.#user.name, this.#library));
  }

  async #openDocument(id: string): Promise<void> {
    fill(this.#main, h('div', { class: 'opening', role: 'status' }, 'Opening…'));
    const { EditorPage, LiveDocuments } = await this.#editor();
    if (this.#wanted !== id) return;
    const live = (this.#live ??= new LiveDocuments(this.#session, this.#user));
    const document = live.enter(id);
    const page = new EditorPage(document, {
      goHome: () => this.#router.go({ at: 'home' }),
      signIn: () => this.#doors.signInAgain(),
      writable: (writable) => this.#panel.allowWriting(writable),
    });
    const close = () => {
      page.destroy();
      live.leave(document);
    };
    this.#open = { id, page, close };
    this.#panel.attach({ id, reveal: (citation) => this.#reveal(citation), insert: (elements) => page.insert(elements) });
    const title = this.#titleField(id);
    fill(this.#main, this.#head(id, title, page), page.element);
    if (this.#fresh === id) title.select();
    this.#fresh = null;
    await this.#loadTitle(id, title);
  }

  #head(id: string, title: HTMLInputElement, page: EditorPage): HTMLElement {
    const trash = h('button', { class: 'quiet square', type: 'button', 'aria-label': 'Move to trash', title: 'Move to trash', 'data-testid': 'trash-document', hidden: true, onclick: () => void this.#trash(id, title.value) }, icon('trash'));
    const aria = h('button', { class: 'quiet ai-toggle', type: 'button', 'aria-controls': 'ai-panel', 'data-testid': 'ai-toggle', onclick: () => this.#showPanel(this.#panel.element.hidden, true) }, icon('sparkle'), h('span', {}, 'Aria'));
    return h('header', { class: 'page-head' },
      h('a', { class: 'quiet square back', href: '/', 'data-route': true, 'aria-label': 'All documents' }, icon('back')),
      title,
      h('div', { class: 'states' }, page.saving, page.connection),
      page.presence.element,
      h('div', { class: 'head-actions' }, trash, aria));
  }

  #titleField(id: string): HTMLInputElement {
    const field = h('input', { class: 'document-title', 'aria-label': 'Title', 'data-testid': 'document-title', maxlength: 200, autocomplete: 'off', spellcheck: 'true', placeholder: 'Untitled' });
    const known = this.#library.documents.find((d) => d.id === id);
    if (known !== undefined) this.#fillTitle(field, known);
    field.addEventListener('keydown', (event) => {
      if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
      if (event.key === 'Escape') field.value = field.dataset['known'] ?? '';
      field.blur();
      this.#open?.page.focus();
    });
    field.addEventListener('change', () => void this.#rename(id, field));
    return field;
  }

  async #loadTitle(id: string, field: HTMLInputElement): Promise<void> {
    try {
      this.#fillTitle(field, await this.#materi.document(id));
    } catch (error) {
      // The socket says the same with more to do about it; only what it cannot know is told here.
      if (!isMissing(error)) toast(sentenceOf(error));
      field.readOnly = true;
      field.placeholder = '';
    }
  }

  #fillTitle(field: HTMLInputElement, d: DocumentSummary): void {
    field.readOnly = !mayWrite(d.role);
    field.dataset['known'] = d.title;
    if (document.activeElement !== field) field.value = d.title;
    document.title = `${d.title || 'Untitled'} – Materi`;
    const trash = this.#main.querySelector<HTMLElement>('[data-testid=trash-document]');
    if (trash !== null) trash.hidden = !mayWrite(d.role);
  }

  async #rename(id: string, field: HTMLInputElement): Promise<void> {
    const title = field.value.trim() || 'Untitled';
    field.value = title;
    if (title === field.dataset['known']) return;
    try {
      await this.#library.rename(id, title);
      field.dataset['known'] = title;
      document.title = `${title} – Materi`;
    } catch (error) {
      field.value = field.dataset['known'] ?? '';
      toast(sentenceOf(error));
    }
  }

  async #trash(id: string, title: string): Promise<void> {
    try {
      await this.#library.trash(id);
      this.#router.go({ at: 'home' });
      const undo = () => void this.#library.restore(id).then(() => this.#router.go({ at: 'document', id }), (error: unknown) => toast(sentenceOf(error)));
      toast(`“${title}” is in the trash.`, { label: 'Undo', run: undo });
    } catch (error) {
      toast(sentenceOf(error));
    }
  }

  #created(d: DocumentSummary): void {
    this.#fresh = d.id;
    this.#router.go({ at: 'document', id: d.id });
  }

  #reveal(citation: Parameters<EditorPage['reveal']>[0]): boolean {
    if (!WIDE.matches) this.#showPanel(false, false);
    return this.#open?.page.reveal(citation) ?? false;
  }

  #showPanel(shown: boolean, byHand: boolean): void {
    this.#panel.element.hidden = !shown;
    this.element.dataset['panel'] = shown ? 'open' : 'closed';
    if (!byHand) return;
    localStorage.setItem(PANEL, shown ? 'open' : 'closed');
    if (shown) this.#panel.focus();
    else this.#main.querySelector<HTMLElement>('.ai-toggle')?.focus();
  }

  async #signOut(): Promise<void> {
    if (this.unsaved && !confirm('Some of your changes are not saved yet. Sign out and lose them?')) return;
    try {
      await this.#session.logout();
      this.#doors.signedOut();
    } catch (error) {
      toast(sentenceOf(error));
    }
  }

  #editor(): Promise<typeof import('./editor')> {
    this.#editorChunk ??= import('./editor').catch((error: unknown) => {
      this.#editorChunk = null;
      throw error;
    });
    return this.#editorChunk;
  }
}

function failure(words: string, again: () => void): HTMLElement {
  return h('div', { class: 'home', role: 'alert' }, h('h1', {}, 'That did not work'), h('p', {}, words),
    h('button', { class: 'primary', type: 'button', onclick: again }, 'Try again'));
}
