import type { User } from '../api/contract';
import type { Session } from '../api/session';
import { LiveDocument } from './live-document';

/**
 * The documents this tab holds open. One that is left with edits the server has not acknowledged
 * stays connected in the background until it has them, so that moving about loses nothing.
 */
export class LiveDocuments {
  readonly #session: Session;
  readonly #user: User;
  readonly #open = new Map<string, LiveDocument>();

  constructor(session: Session, user: User) {
    this.#session = session;
    this.#user = user;
  }

  enter(id: string): LiveDocument {
    const kept = this.#open.get(id);
    if (kept !== undefined) {
      kept.appear(this.#user);
      return kept;
    }
    const live = new LiveDocument(id, this.#session, this.#user);
    this.#open.set(id, live);
    return live;
  }

  leave(live: LiveDocument): void {
    if (!live.progress.dirty || live.link === 'refused') return this.#end(live);
    live.disappear();
    const stop = live.watch(() => {
      const returned = live.provider.awareness?.getLocalState() !== null;
      if (returned) stop();
      else if (!live.progress.dirty) this.#end(live);
    });
  }

  get unsaved(): boolean {
    return [...this.#open.values()].some((live) => live.progress.dirty);
  }

  /** Asks once more for every document that was refused. */
  retry(): void {
    for (const live of this.#open.values()) if (live.link === 'refused') live.retry();
  }

  destroy(): void {
    for (const live of [...this.#open.values()]) this.#end(live);
  }

  #end(live: LiveDocument): void {
    this.#open.delete(live.id);
    live.destroy();
  }
}
