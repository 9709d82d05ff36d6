import type { TokenAnswer, User } from './contract';
import { Problem, problemOf, Unreachable } from './problem';

/** A token is renewed this long before it expires, so that none expires on its way. */
const LEEWAY_MS = 30_000;

/** Browser sessions: the server sets the refresh cookie only for this header and demands it as CSRF check. */
const BROWSER = { 'Materi-Client': 'browser', 'Content-Type': 'application/json' };

/** One refresh at a time over all tabs: they share the cookie, and a rotated one that is reused ends the session. */
const REFRESH_LOCK = 'materi-refresh';

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

/**
 * The signed-in session of this tab. The access token lives in this object only; the refresh token
 * is an HttpOnly cookie that the browser sends to the auth routes.
 */
export class Session {
  readonly #fetch: Fetch;
  readonly #now: () => number;
  #token: Token | null = null;
  #refreshing: Promise<string> | null = null;
  /** Called once when a session that stood is over. */
  onEnded: () => void = () => undefined;

  constructor(fetch: Fetch, now: () => number = Date.now) {
    this.#fetch = fetch;
    this.#now = now;
  }

  get signedIn(): boolean {
    return this.#token !== null;
  }

  async login(email: string, password: string): Promise<User | undefined> {
    return this.#adopt(await this.#post('/login', { email, password }));
  }

  async register(name: string, email: string, password: string, invitation: string): Promise<User | undefined> {
    const body = { name, email, password, ...(invitation === '' ? {} : { invitation }) };
    const answer = await this.#post('/register', body);
    return answer.access_token === undefined ? this.login(email, password) : this.#adopt(answer);
  }

  /** Picks up the session of an earlier visit; false when there is none. */
  async resume(): Promise<boolean> {
    try {
      await this.#refresh();
      return true;
    } catch (error) {
      if (isOver(error)) return false;
      throw error;
    }
  }

  async logout(): Promise<void> {
    await this.#post('/logout', {});
    this.#token = null;
  }

  /** An access token that is good for a while yet. */
  async token(): Promise<string> {
    const token = this.#token;
    if (token !== null && token.expiresAt - LEEWAY_MS > this.#now()) return token.value;
    return this.#refresh();
  }

  /** A token other than the one the server has just refused. */
  async replacementFor(refused: string): Promise<string> {
    const token = this.#token;
    return token !== null && token.value !== refused ? token.value : this.#refresh();
  }

  #refresh(): Promise<string> {
    this.#refreshing ??= this.#refreshOnce().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refreshOnce(): Promise<string> {
    try {
      this.#adopt(await exclusively(() => this.#post('/refresh', {})));
      return this.#token!.value;
    } catch (error) {
      if (isOver(error)) this.#end();
      throw error;
    }
  }

  #end(): void {
    const stood = this.#token !== null;
    this.#token = null;
    if (stood) this.onEnded();
  }

  #adopt(answer: Partial<TokenAnswer>): User | undefined {
    if (typeof answer.access_token !== 'string' || typeof answer.expires_in !== 'number') {
      throw new Problem(502, 'bad_answer', 'Unexpected answer', 'The server answered without a token.');
    }
    this.#token = { value: answer.access_token, expiresAt: this.#now() + answer.expires_in * 1000 };
    return answer.user;
  }

  async #post(path: string, body: object): Promise<Partial<TokenAnswer>> {
    const response = await this.#fetch(`/api/v1/auth${path}`, {
      method: 'POST',
      headers: BROWSER,
      credentials: 'same-origin',
      body: JSON.stringify(body),
    }).catch((cause: unknown) => {
      throw new Unreachable(cause);
    });
    if (!response.ok) throw await problemOf(response);
    return response.status === 204 ? {} : ((await response.json()) as Partial<TokenAnswer>);
  }
}

/** The server knows no such session (any more), as opposed to: it cannot say at the moment. */
export function isOver(error: unknown): boolean {
  return error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;
}

async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // Web Locks exist in secure contexts only; over plain HTTP on a LAN each tab is on its own.
  const locks = globalThis.navigator?.locks;
  return locks === undefined ? work() : locks.request(REFRESH_LOCK, work);
}
