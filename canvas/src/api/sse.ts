/** One server-sent event, as the HTML standard (section 9.2) defines its fields. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** An event may not be longer than this; a stream that never ends a line must not fill the memory. */
const MAX_CHARACTERS = 1_000_000;

/** Takes the stream's text in pieces cut anywhere and gives back the events that are complete. */
export class SseParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #length = 0;
  #id = '';
  #started = false;

  push(piece: string): ServerEvent[] {
    this.#rest += this.#started ? piece : piece.replace(/^\uFEFF/, '');
    this.#started ||= piece.length > 0;
    const events: ServerEvent[] = [];
    for (let line = this.#nextLine(); line !== null; line = this.#nextLine()) {
      const event = this.#take(line);
      if (event !== null) events.push(event);
    }
    this.#bound(this.#rest.length);
    return events;
  }

  #nextLine(): string | null {
    const end = this.#rest.search(/[\r\n]/);
    if (end < 0) return null;
    const cr = this.#rest[end] === '\r';
    // A CR at the very end may be the first half of a CRLF whose LF has not come yet.
    if (cr && end + 1 === this.#rest.length) return null;
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + (cr && this.#rest[end + 1] === '\n' ? 2 : 1));
    return line;
  }

  #take(line: string): ServerEvent | null {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'id') this.#id = value;
    else if (field === 'data') this.#addData(value);
    return null;
  }

  #addData(value: string): void {
    this.#data.push(value);
    this.#length += value.length;
    this.#bound(this.#length);
  }

  #dispatch(): ServerEvent | null {
    const event =
      this.#data.length === 0
        ? null
        : { event: this.#event === '' ? 'message' : this.#event, data: this.#data.join('\n'), id: this.#id };
    this.#event = '';
    this.#data = [];
    this.#length = 0;
    return event;
  }

  #bound(length: number): void {
    if (length > MAX_CHARACTERS) throw new Error('The server sent an event that is too long.');
  }
}

/** The events of a response body, in order, until it ends. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const parser = new SseParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
