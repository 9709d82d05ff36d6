import * as decoding from 'lib0/decoding';

/** Message types of the Hocuspocus wire and kinds of its Sync messages; see the contract of `/collab`. */
const SYNC = 0;
const SYNC_STATUS = 8;
const STEP_2 = 1;
const UPDATE = 2;

/**
 * What one socket has sent and what the server has acknowledged on it. The server answers each
 * step 2 and each update with exactly one SyncStatus, after its commit.
 *
 * The provider keeps such a count too, but starts it again at one with every handshake: updates
 * that waited for the connection then reach zero before the last of them is acknowledged. A page
 * that says "Saved" may not be early, so this counts the frames themselves.
 */
export class Acknowledgements {
  #waiting = 0;
  #exchanged = false;
  #refused = false;

  sending(frame: Uint8Array): void {
    const { type, value } = read(frame);
    if (type !== SYNC || (value !== STEP_2 && value !== UPDATE)) return;
    this.#waiting++;
    // Step 2 carries whatever the server lacks; before it, nothing is known about earlier edits.
    this.#exchanged ||= value === STEP_2;
  }

  received(frame: Uint8Array): void {
    const { type, value } = read(frame);
    if (type !== SYNC_STATUS) return;
    this.#waiting--;
    this.#refused ||= value !== 1;
  }

  /** Whether the server has committed everything that this page has. */
  get settled(): boolean {
    return this.#exchanged && !this.#refused && this.#waiting === 0;
  }
}

/** A WebSocket that keeps the count of its own frames and tells when it changes. */
export function countingSocket(changed: (settled: boolean) => void): typeof WebSocket {
  return class extends WebSocket {
    readonly #acknowledgements = new Acknowledgements();

    constructor(url: string | URL) {
      super(url);
      this.addEventListener('message', (event: MessageEvent<ArrayBuffer>) => {
        this.#acknowledgements.received(new Uint8Array(event.data));
        changed(this.#acknowledgements.settled);
      });
    }

    override send(frame: Uint8Array<ArrayBuffer>): void {
      super.send(frame);
      this.#acknowledgements.sending(frame);
      changed(this.#acknowledgements.settled);
    }
  };
}

function read(frame: Uint8Array): { type: number; value: number } {
  // Ping and Pong are one bare byte without a document's name.
  if (frame.length < 3) return { type: -1, value: -1 };
  const decoder = decoding.createDecoder(frame);
  decoding.readVarString(decoder);
  const type = decoding.readVarUint(decoder);
  return { type, value: type === SYNC || type === SYNC_STATUS ? decoding.readVarUint(decoder) : -1 };
}
