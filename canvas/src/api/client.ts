import type { Degradation } from './contract';
import { Problem, problemOf, Unreachable } from './problem';
import type { Fetch, Session } from './session';

const LEVELS: readonly string[] = ['normal', 'degraded', 'minimal', 'emergency'];

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: object;
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

/** Calls under `/api/v1` with the session's token, once more with a new one when it is refused. */
export class ApiClient {
  readonly #session: Session;
  readonly #fetch: Fetch;
  onDegradation: (level: Degradation) => void = () => undefined;

  constructor(session: Session, fetch: Fetch) {
    this.#session = session;
    this.#fetch = fetch;
  }

  async json<T>(path: string, call: Call = {}): Promise<T> {
    const response = await this.send(path, call);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** The response of a successful call; a refusal is thrown as the {@link Problem} that it is. */
  async send(path: string, call: Call = {}): Promise<Response> {
    const token = await this.#session.token();
    let response = await this.#once(path, call, token);
    if (response.status === 401) {
      response = await this.#once(path, call, await this.#session.replacementFor(token));
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async #once(path: string, call: Call, token: string): Promise<Response> {
    const response = await this.#fetch(`/api/v1${path}`, requestOf(call, token)).catch((cause: unknown) => {
      if (call.signal?.aborted === true) throw cause;
      throw new Unreachable(cause);
    });
    const level = response.headers.get('Materi-Degradation');
    if (level !== null && LEVELS.includes(level)) this.onDegradation(level as Degradation);
    return response;
  }
}

/** What the server has no document for, or will not say that it has. */
export function isMissing(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}

function requestOf(call: Call, token: string): RequestInit {
  const headers: Record<string, string> = {
    Authorization: `Bearer ${token}`,
    Accept: call.accept ?? 'application/json',
  };
  const init: RequestInit = { method: call.method ?? 'GET', headers, credentials: 'same-origin' };
  if (call.signal !== undefined) init.signal = call.signal;
  if (call.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(call.body);
  }
  return init;
}
