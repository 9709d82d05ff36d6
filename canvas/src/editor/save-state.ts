/** What the page tells about the edits made here: acknowledged means that the server has committed them. */
export type SaveState = 'saved' | 'saving' | 'offline' | 'refused';

export type LinkState = 'connecting' | 'online' | 'offline' | 'refused';

/** Everything the save state is derived from; the link, and the edits on their way. */
export interface Progress {
  readonly link: LinkState;
  /** Whether an edit was made here since the server had last acknowledged everything. */
  readonly dirty: boolean;
  /** When the oldest of these edits was made, in milliseconds. */
  readonly since: number;
}

export const UNTOUCHED: Progress = { link: 'connecting', dirty: false, since: 0 };

/** After this long online without an acknowledgement the page says that it is taking long. */
export const SLOW_AFTER_MS = 8_000;

export function edited(progress: Progress, now: number): Progress {
  return progress.dirty ? progress : { ...progress, dirty: true, since: now };
}

/** The server has (not) committed everything that was sent; it counts only while the document is in step. */
export function acknowledged(progress: Progress, settled: boolean): Progress {
  return settled && progress.dirty && progress.link === 'online' ? { ...progress, dirty: false } : progress;
}

export function linked(progress: Progress, link: LinkState): Progress {
  return progress.link === link ? progress : { ...progress, link };
}

export function saveState(progress: Progress): SaveState {
  if (progress.link === 'offline') return 'offline';
  if (!progress.dirty) return 'saved';
  return progress.link === 'refused' ? 'refused' : 'saving';
}

export function saveSentence(progress: Progress, now: number): string {
  switch (saveState(progress)) {
    case 'saved':
      return 'Saved';
    case 'saving':
      return now - progress.since > SLOW_AFTER_MS ? 'Still saving – the server has not confirmed yet' : 'Saving…';
    case 'offline':
      return progress.dirty ? 'Not saved – offline, your changes are kept here and will be sent' : 'Offline – everything so far is saved';
    case 'refused':
      return 'Not saved – your last changes were not accepted';
  }
}

/** Why the server does not let this page have the document, as far as its words tell. */
export type Refusal =
  | { readonly kind: 'missing' | 'forbidden' | 'session' }
  /** Anything else, in the server's own words. */
  | { readonly kind: 'other'; readonly reason: string };

export function refusalOf(reason: string): Refusal {
  if (/no such|not[ _-]?found|no[ _-]document|missing|deleted|trash/i.test(reason)) return { kind: 'missing' };
  if (/session|expired|revoked|token|unauthenticated/i.test(reason)) return { kind: 'session' };
  if (reason === '' || /access|forbidden|permission|denied|not allowed/i.test(reason)) return { kind: 'forbidden' };
  return { kind: 'other', reason };
}
