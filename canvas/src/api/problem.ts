/** A refusal by the server: one RFC 9457 problem document. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;

  constructor(status: number, code: string, title: string, detail: string) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.title = title;
  }
}

/** The request never got an answer: no network, or no server. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('Materi cannot be reached. Check the connection and try again.', { cause });
    this.name = 'Unreachable';
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const fields = await fieldsOf(response);
  const title = text(fields['title']) ?? `The server answered ${response.status}`;
  return new Problem(
    response.status,
    text(fields['code']) ?? 'unknown',
    title,
    text(fields['detail']) ?? title,
  );
}

/** The sentence to show a person for anything that went wrong while talking to the server. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function fieldsOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const parsed: unknown = await response.json();
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    // A proxy in between may answer in HTML; the status alone then has to do.
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 ? value : undefined;
}
