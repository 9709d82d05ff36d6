import type { DocumentSummary, User } from '../api/contract';
import { mayWrite } from '../api/contract';
import { sentenceOf } from '../api/problem';
import { fill, h } from '../dom';
import { icon } from '../icons';
import { mark } from '../mark';
import { pathOf } from '../router';
import { ago } from '../time';
import { toast } from '../toast';
import { filtered, type Library } from './library';

export interface SidebarActions {
  readonly created: (document: DocumentSummary) => void;
  readonly signOut: () => void;
}

/** Workspace, filter, list of documents, trash, and who is signed in. */
export class Sidebar {
  readonly element: HTMLElement;
  readonly #library: Library;
  readonly #actions: SidebarActions;
  #current: string | null = null;

  readonly #filter = h('input', {
    type: 'search', class: 'filter', placeholder: 'Find a title', 'aria-label': 'Find a document by its title',
    'data-testid': 'document-filter', oninput: () => this.#renderList(),
  });
  readonly #list = h('ul', { class: 'documents', 'data-testid': 'document-list', 'aria-label': 'Documents' });
  readonly #workspace = h('div', { class: 'workspace' });
  readonly #heading = h('h2', {}, 'Documents');
  readonly #new = h('button', { class: 'primary', type: 'button', 'data-testid': 'new-document', onclick: () => void this.#create() },
    icon('plus'), 'New document');
  readonly #trash = h('button', { class: 'quiet', type: 'button', 'data-testid': 'trash-toggle', onclick: () => void this.#toggleTrash() });

  constructor(library: Library, user: User, actions: SidebarActions) {
    this.#library = library;
    this.#actions = actions;
    this.element = h('nav', { class: 'sidebar', 'aria-label': 'Documents' },
      h('div', { class: 'sidebar-top' }, h('a', { class: 'brand', href: '/', 'data-route': true }, mark(), 'Materi'), this.#workspace),
      this.#new,
      h('div', { class: 'filter-box' }, icon('search'), this.#filter),
      this.#heading,
      this.#list,
      h('div', { class: 'sidebar-foot' },
        this.#trash,
        h('div', { class: 'who' },
          h('span', { class: 'who-name', title: user.email }, user.name || user.email),
          h('button', { class: 'quiet', type: 'button', 'data-testid': 'sign-out', 'aria-label': 'Sign out', title: 'Sign out', onclick: () => actions.signOut() },
            icon('leave')))),
    );
    library.watch(() => this.#render());
    this.#render();
  }

  select(id: string | null): void {
    this.#current = id;
    this.#renderList();
  }

  #render(): void {
    const { trashed, workspace } = this.#library;
    this.#renderWorkspace();
    this.#heading.textContent = trashed ? 'Trash' : 'Documents';
    this.#new.disabled = workspace === null || !mayWrite(workspace.role);
    fill(this.#trash, icon(trashed ? 'back' : 'trash'), trashed ? 'Back to documents' : 'Trash');
    this.#trash.setAttribute('aria-pressed', String(trashed));
    this.#renderList();
  }

  #renderWorkspace(): void {
    const { workspaces, workspace } = this.#library;
    if (workspaces.length < 2) return fill(this.#workspace, workspace?.name ?? '');
    const enter = (event: Event) => this.#try(this.#library.enter((event.target as HTMLSelectElement).value));
    const options = workspaces.map((w) => h('option', { value: w.id, selected: w === workspace }, w.name));
    fill(this.#workspace, h('select', { 'aria-label': 'Workspace', 'data-testid': 'workspace', onchange: enter }, ...options));
  }

  #renderList(): void {
    const { documents, loaded, trashed } = this.#library;
    const found = filtered(documents, this.#filter.value);
    this.#list.setAttribute('aria-busy', String(!loaded));
    const focused = this.#list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['id'] : undefined;
    if (found.length > 0) fill(this.#list, ...found.map((d) => (trashed ? this.#trashedItem(d) : this.#item(d))));
    else fill(this.#list, h('li', { class: 'empty' }, this.#emptySentence(documents.length > 0)));
    if (focused !== undefined) this.#list.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  #emptySentence(hidden: boolean): string {
    if (!this.#library.loaded) return 'Loading…';
    if (hidden) return 'No title matches.';
    if (this.#library.trashed) return 'The trash is empty.';
    return this.#library.workspace === null ? 'You are not a member of a workspace yet.' : 'Nothing here yet. Begin with a new document.';
  }

  #item(d: DocumentSummary): HTMLElement {
    const current = d.id === this.#current;
    return h('li', {},
      h('a', {
        href: pathOf({ at: 'document', id: d.id }), 'data-route': true, 'data-testid': 'document-item', 'data-id': d.id,
        'aria-current': current ? 'page' : null,
      },
      h('span', { class: 'title' }, d.title || 'Untitled'),
      h('time', { datetime: d.updated_at }, ago(d.updated_at, Date.now()))));
  }

  #trashedItem(d: DocumentSummary): HTMLElement {
    const restore = () => this.#try(this.#library.restore(d.id).then(() => toast(`“${d.title}” is back.`)));
    return h('li', { class: 'trashed' },
      h('span', { class: 'title' }, d.title || 'Untitled'),
      h('button', { class: 'quiet', type: 'button', 'data-testid': 'restore', 'aria-label': `Restore ${d.title}`, onclick: restore },
        icon('restore'), 'Restore'));
  }

  async #create(): Promise<void> {
    this.#new.setAttribute('aria-busy', 'true');
    try {
      this.#filter.value = '';
      this.#actions.created(await this.#library.create());
    } catch (error) {
      toast(sentenceOf(error));
    } finally {
      this.#new.removeAttribute('aria-busy');
    }
  }

  #toggleTrash(): void {
    this.#try(this.#library.showTrash(!this.#library.trashed));
  }

  #try(work: Promise<unknown>): void {
    work.catch((error: unknown) => toast(sentenceOf(error)));
  }
}
