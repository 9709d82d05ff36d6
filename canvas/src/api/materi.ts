import type { ApiClient } from './client';
import type {
  Capabilities,
  DocumentSummary,
  GenerationRequest,
  Page,
  Registration,
  User,
  Workspace,
} from './contract';

const PAGE = 100;
/** The list asks for no more pages than this by itself; what lies beyond is found by its own page. */
const PAGES = 10;

/** The routes that the page uses, each as one typed function. */
export class Materi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  async me(): Promise<User> {
    const answer = await this.#api.json<User | { user: User }>('/auth/me');
    return 'user' in answer ? answer.user : answer;
  }

  workspaces(): Promise<readonly Workspace[]> {
    return this.#all<Workspace>('/workspaces', {});
  }

  documents(workspace: string, trashed: boolean): Promise<readonly DocumentSummary[]> {
    return this.#all('/documents', { workspace_id: workspace, ...(trashed ? { trashed: 'true' } : {}) });
  }

  document(id: string): Promise<DocumentSummary> {
    return this.#api.json(documentPath(id));
  }

  create(workspace: string, title: string): Promise<DocumentSummary> {
    return this.#api.json('/documents', { method: 'POST', body: { title, workspace_id: workspace } });
  }

  rename(id: string, title: string): Promise<DocumentSummary> {
    return this.#api.json(documentPath(id), { method: 'PATCH', body: { title } });
  }

  trash(id: string): Promise<void> {
    return this.#api.json(documentPath(id), { method: 'DELETE' });
  }

  restore(id: string): Promise<void> {
    return this.#api.json(`${documentPath(id)}/restore`, { method: 'POST', body: {} });
  }

  capabilities(): Promise<Capabilities> {
    return this.#api.json('/ai/capabilities');
  }

  /** The event stream of a new generation; aborting the signal makes this client leave it. */
  generate(request: GenerationRequest, signal: AbortSignal): Promise<Response> {
    const body = { ...request, stream: true };
    return this.#api.send('/ai/generations', { method: 'POST', body, accept: 'text/event-stream', signal });
  }

  cancel(generation: string): Promise<void> {
    return this.#api.json(`/ai/generations/${encodeURIComponent(generation)}`, { method: 'DELETE' });
  }

  async #all<T>(path: string, query: Record<string, string>): Promise<readonly T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < PAGES; page++) {
      const search = new URLSearchParams({ ...query, limit: String(PAGE), ...(cursor === null ? {} : { cursor }) });
      const answer: Page<T> = await this.#api.json<Page<T>>(`${path}?${search}`);
      items.push(...answer.items);
      cursor = answer.next;
      if (cursor === null || cursor === undefined) break;
    }
    return items;
  }
}

/** Asked before anybody is signed in; a server that does not say offers no registration. */
export async function registration(): Promise<Registration> {
  try {
    const response = await fetch('/api/v1/auth/registration', { headers: { Accept: 'application/json' } });
    return response.ok ? ((await response.json()) as Registration) : { mode: 'off' };
  } catch {
    return { mode: 'off' };
  }
}

function documentPath(id: string): string {
  return `/documents/${encodeURIComponent(id)}`;
}
