import { HocuspocusProvider, HocuspocusProviderWebsocket, WebSocketStatus } from '@hocuspocus/provider';
import * as Y from 'yjs';
import type { User } from '../api/contract';
import { isOver, type Session } from '../api/session';
import { countingSocket } from './acknowledgements';
import { colorOf, safeColor } from './people';
import {
  acknowledged,
  edited,
  type LinkState,
  linked,
  type Progress,
  type Refusal,
  refusalOf,
  UNTOUCHED,
} from './save-state';

/** A document that the server closed is asked for again at once, but not twice within this time. */
const REJOIN_EVERY_MS = 10_000;

export type Scope = 'readonly' | 'read-write';

/**
 * One document over the Hocuspocus wire: connection, permission, and which edits the server has
 * acknowledged. The Yjs document outlives every lost connection; only {@link destroy} ends it.
 */
export class LiveDocument {
  readonly id: string;
  readonly doc = new Y.Doc();
  readonly provider: HocuspocusProvider;
  readonly #socket: HocuspocusProviderWebsocket;
  readonly #session: Session;
  readonly #watchers = new Set<() => void>();
  readonly #online = () => void this.#socket.connect();
  #settled = false;
  #lastToken = '';
  #rejoinedAt = Number.NEGATIVE_INFINITY;
  progress: Progress = UNTOUCHED;
  /** What the server allows here; null until it has said so. */
  scope: Scope | null = null;
  refusal: Refusal | null = null;
  /** Whether the document's state has arrived at least once. */
  loaded = false;

  constructor(id: string, session: Session, user: User) {
    this.id = id;
    this.#session = session;
    this.#socket = new HocuspocusProviderWebsocket({
      url: socketUrl(),
      delay: 500,
      minDelay: 500,
      maxDelay: 8_000,
      WebSocketPolyfill: countingSocket((settled) => this.#acknowledge(settled)),
    });
    this.provider = new HocuspocusProvider({
      name: id,
      document: this.doc,
      websocketProvider: this.#socket,
      token: () => this.#token(),
      onAuthenticated: ({ scope }) => this.#admitted(scope),
      onAuthenticationFailed: ({ reason }) => void this.#denied(reason),
      onSynced: () => this.#caughtUp(),
      onClose: ({ event }) => this.#closed(event),
    });
    this.doc.on('update', (_update: Uint8Array, origin: unknown) => {
      if (origin !== this.provider) this.#update(edited(this.progress, Date.now()));
    });
    this.#socket.on('status', ({ status }: { status: WebSocketStatus }) => this.#status(status));
    this.provider.attach();
    this.appear(user);
    addEventListener('online', this.#online);
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Takes part in presence. The server overrides who this is; until then others see what is said here. */
  appear(user: User): void {
    this.provider.awareness?.setLocalState({ user: { id: user.id, name: user.name || user.email, color: safeColor(user.color, colorOf(user.id)) } });
  }

  disappear(): void {
    this.provider.awareness?.setLocalState(null);
  }

  retry(): void {
    this.refusal = null;
    this.#update(linked(this.progress, 'connecting'));
    void this.#socket.connect();
  }

  destroy(): void {
    removeEventListener('online', this.#online);
    this.#watchers.clear();
    this.provider.destroy();
    this.#socket.destroy();
    this.doc.destroy();
  }

  async #token(): Promise<string> {
    this.#lastToken = await this.#session.token();
    return this.#lastToken;
  }

  #admitted(scope: string): void {
    this.refusal = null;
    this.scope = scope === 'readonly' ? 'readonly' : 'read-write';
    if (this.provider.isSynced) this.#caughtUp();
    else this.#tell();
  }

  #caughtUp(): void {
    if (!this.provider.isAuthenticated) return;
    this.loaded = true;
    this.#update(acknowledged(linked(this.progress, 'online'), this.#settled));
  }

  #acknowledge(settled: boolean): void {
    this.#settled = settled;
    this.#update(acknowledged(this.progress, settled));
  }

  #status(status: WebSocketStatus): void {
    if (this.progress.link === 'refused') return;
    if (status === WebSocketStatus.Disconnected) this.#update(linked(this.progress, 'offline'));
  }

  /** The provider reports two things here: a lost socket, and the server ending this document alone. */
  #closed(event: { code: number; reason: string }): void {
    if (event instanceof CloseEvent || event.code !== 1000) return;
    if (Date.now() - this.#rejoinedAt > REJOIN_EVERY_MS) this.#rejoin();
    else this.#refuse(event.reason);
  }

  async #denied(reason: string): Promise<void> {
    const recoverable = refusalOf(reason).kind === 'session' && Date.now() - this.#rejoinedAt > REJOIN_EVERY_MS;
    if (!recoverable) return this.#refuse(reason);
    try {
      await this.#session.replacementFor(this.#lastToken);
      this.#rejoin();
    } catch (error) {
      if (isOver(error)) this.#refuse('session ended');
      else this.#reconnect();
    }
  }

  #rejoin(): void {
    this.#rejoinedAt = Date.now();
    this.#reconnect();
  }

  /** Through a new socket, because acknowledgements are counted from a socket's beginning. */
  #reconnect(): void {
    this.#update(linked(this.progress, 'connecting'));
    this.#socket.webSocket?.close();
  }

  #refuse(reason: string): void {
    this.refusal = refusalOf(reason);
    this.#update(linked(this.progress, 'refused'));
    this.#socket.disconnect();
  }

  #update(progress: Progress): void {
    if (progress === this.progress) return;
    this.progress = progress;
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }

  get link(): LinkState {
    return this.progress.link;
  }
}

function socketUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/collab`;
}
