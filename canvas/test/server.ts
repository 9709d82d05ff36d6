/** What the page asked of its server. */
export interface Seen {
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

/** The other end of `fetch`: answers by a function of the request and of how often that path was asked. */
export function serverAnswering(answer: (seen: Seen, count: number) => Response | Error) {
  const requests: Seen[] = [];
  const to = (path: string) => requests.filter((request) => request.path === path);
  const fetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const seen = { path: input, method: init.method ?? 'GET', headers: new Headers(init.headers), body: String(init.body ?? '') };
    requests.push(seen);
    await Promise.resolve();
    const answered = answer(seen, to(input).length);
    if (answered instanceof Error) throw answered;
    return answered;
  };
  return { fetch, requests, to };
}

export const REFRESH = '/api/v1/auth/refresh';

export function token(value: string, seconds = 600): Response {
  return Response.json({ access_token: value, token_type: 'Bearer', expires_in: seconds });
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = { title: 'No', status, code, detail: `Because of ${code}.` };
  return Response.json(body, { status, headers: { 'Content-Type': 'application/problem+json', ...headers } });
}
