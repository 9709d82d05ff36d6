import type { DocumentSummary, Workspace } from '../api/contract';
import type { Materi } from '../api/materi';

/** The documents of one workspace as the page knows them; views are told of every change. */
export class Library {
  readonly #materi: Materi;
  readonly #watchers = new Set<() => void>();
  workspaces: readonly Workspace[] = [];
  workspace: Workspace | null = null;
  documents: readonly DocumentSummary[] = [];
  trashed = false;
  loaded = false;

  constructor(materi: Materi) {
    this.#materi = materi;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  async open(preferred: string | null): Promise<void> {
    this.workspaces = await this.#materi.workspaces();
    this.workspace = this.workspaces.find((w) => w.id === preferred) ?? this.workspaces[0] ?? null;
    await this.reload();
  }

  async enter(workspace: string): Promise<void> {
    this.workspace = this.workspaces.find((w) => w.id === workspace) ?? this.workspace;
    await this.#reset();
  }

  async showTrash(trashed: boolean): Promise<void> {
    this.trashed = trashed;
    await this.#reset();
  }

  async reload(): Promise<void> {
    const { workspace, trashed } = this;
    const documents = workspace === null ? [] : await this.#materi.documents(workspace.id, trashed);
    if (workspace !== this.workspace || trashed !== this.trashed) return;
    this.documents = newestFirst(documents);
    this.loaded = true;
    this.#tell();
  }

  async create(): Promise<DocumentSummary> {
    if (this.workspace === null) throw new Error('You are not a member of any workspace yet.');
    const created = await this.#materi.create(this.workspace.id, 'Untitled');
    if (this.trashed) await this.showTrash(false);
    else this.#put(created);
    return created;
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#materi.rename(id, title);
    const known = this.documents.find((d) => d.id === id);
    if (known !== undefined) this.#put({ ...known, title });
  }

  async trash(id: string): Promise<void> {
    await this.#materi.trash(id);
    this.#drop(id);
  }

  async restore(id: string): Promise<void> {
    await this.#materi.restore(id);
    if (this.trashed) this.#drop(id);
    else await this.reload();
  }

  async #reset(): Promise<void> {
    this.documents = [];
    this.loaded = false;
    this.#tell();
    await this.reload();
  }

  #put(document: DocumentSummary): void {
    this.documents = newestFirst([document, ...this.documents.filter((d) => d.id !== document.id)]);
    this.#tell();
  }

  #drop(id: string): void {
    this.documents = this.documents.filter((d) => d.id !== id);
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** What of the list remains when a person types into the filter: every word must occur in the title. */
export function filtered(documents: readonly DocumentSummary[], query: string): readonly DocumentSummary[] {
  const words = fold(query).split(/\s+/).filter((word) => word !== '');
  return documents.filter((d) => words.every((word) => fold(d.title).includes(word)));
}

function newestFirst(documents: readonly DocumentSummary[]): readonly DocumentSummary[] {
  return [...documents].sort((a, b) => b.updated_at.localeCompare(a.updated_at));
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
