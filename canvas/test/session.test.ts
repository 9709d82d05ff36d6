import { describe, expect, it } from 'vitest';
import { ApiClient } from '../src/api/client';
import { Problem, Unreachable } from '../src/api/problem';
import { Session } from '../src/api/session';
import { problem, REFRESH, serverAnswering, token } from './server';

const ME = '/api/v1/auth/me';

describe('a browser session', () => {
  it('signs in and refreshes with the header that the server checks against forgery', async () => {
    const server = serverAnswering(() => token('t'));
    const session = new Session(server.fetch);
    await session.login('ada@demo.materi.local', 'secret');
    await session.resume();
    expect(server.requests.map((r) => [r.method, r.path, r.headers.get('Materi-Client'), r.body])).toEqual([
      ['POST', '/api/v1/auth/login', 'browser', '{"email":"ada@demo.materi.local","password":"secret"}'],
      ['POST', REFRESH, 'browser', '{}'],
    ]);
  });

  it('renews a token before it expires', async () => {
    let now = 0;
    const server = serverAnswering((_, count) => token(`t${count}`));
    const session = new Session(server.fetch, () => now);
    await session.resume();
    expect(await session.token()).toBe('t1');
    now = 569_000;
    expect(await session.token()).toBe('t1');
    now = 571_000;
    expect(await session.token()).toBe('t2');
  });

  it('refreshes once for everybody who waits', async () => {
    const server = serverAnswering((_, count) => token(`t${count}`));
    const session = new Session(server.fetch);
    expect(await Promise.all([session.token(), session.token(), session.token()])).toEqual(['t1', 't1', 't1']);
    expect(server.to(REFRESH)).toHaveLength(1);
  });

  it('finds no session without calling that an error', async () => {
    const session = new Session(serverAnswering(() => problem(401, 'no_session')).fetch);
    let ended = 0;
    session.onEnded = () => ended++;
    expect(await session.resume()).toBe(false);
    expect(ended).toBe(0);
  });

  it('does not take a server that is away for the end of the session', async () => {
    let now = 0;
    const server = serverAnswering((_, count) => (count === 1 ? token('t1') : new TypeError('network')));
    const session = new Session(server.fetch, () => now);
    await session.resume();
    now = 600_000;
    await expect(session.token()).rejects.toBeInstanceOf(Unreachable);
    expect(session.signedIn).toBe(true);
  });

  it('signs in after registering when the registration answers no token', async () => {
    const server = serverAnswering((seen) => (seen.path.endsWith('/register') ? Response.json({ user: {} }, { status: 201 }) : token('t')));
    const session = new Session(server.fetch);
    await session.register('Cy', 'cy@example.org', 'a long password', '');
    expect(server.requests.map((r) => r.path)).toEqual(['/api/v1/auth/register', '/api/v1/auth/login']);
    expect(server.requests[0]!.body).not.toContain('invitation');
  });
});

describe('a call', () => {
  it('carries the token and gives back the answer', async () => {
    const server = serverAnswering((seen) => (seen.path === REFRESH ? token('t1') : Response.json({ user: { id: 'u' } })));
    const api = new ApiClient(new Session(server.fetch), server.fetch);
    expect(await api.json('/auth/me')).toEqual({ user: { id: 'u' } });
    expect(server.to(ME)[0]!.headers.get('Authorization')).toBe('Bearer t1');
  });

  it('is made once more with a new token when the first is refused', async () => {
    const server = serverAnswering((seen, count) => {
      if (seen.path === REFRESH) return token(`t${count}`);
      return seen.headers.get('Authorization') === 'Bearer t2' ? Response.json({ ok: true }) : problem(401, 'token_expired');
    });
    const api = new ApiClient(new Session(server.fetch), server.fetch);
    expect(await Promise.all([api.json('/auth/me'), api.json('/auth/me')])).toEqual([{ ok: true }, { ok: true }]);
    expect(server.to(REFRESH)).toHaveLength(2);
  });

  it('ends the session when there is no new token, and tells once', async () => {
    const server = serverAnswering((seen, count) => (seen.path === REFRESH && count === 1 ? token('t1') : problem(401, 'session_ended')));
    const session = new Session(server.fetch);
    let ended = 0;
    session.onEnded = () => ended++;
    const api = new ApiClient(session, server.fetch);
    const failures = await Promise.allSettled([api.json('/auth/me'), api.json('/auth/me')]);
    expect(failures.map((f) => f.status)).toEqual(['rejected', 'rejected']);
    expect(ended).toBe(1);
    expect(server.to(ME)).toHaveLength(2);
  });

  it('fails with the problem that the server wrote', async () => {
    const server = serverAnswering((seen) => (seen.path === REFRESH ? token('t') : problem(409, 'conflict')));
    const failure = await new ApiClient(new Session(server.fetch), server.fetch).json('/documents').catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(Problem);
    expect(failure).toMatchObject({ status: 409, code: 'conflict', message: 'Because of conflict.' });
  });

  it('has words even for an answer that is no problem document', async () => {
    const server = serverAnswering((seen) => (seen.path === REFRESH ? token('t') : new Response('<h1>Bad gateway</h1>', { status: 502 })));
    const failure = await new ApiClient(new Session(server.fetch), server.fetch).json('/documents').catch((e: unknown) => e);
    expect(failure).toMatchObject({ status: 502, message: 'The server answered 502' });
  });

  it('tells the level of degradation, on refusals too', async () => {
    const levels: string[] = [];
    const server = serverAnswering((seen) => (seen.path === REFRESH ? token('t') : problem(503, 'resting', { 'Materi-Degradation': 'minimal' })));
    const api = new ApiClient(new Session(server.fetch), server.fetch);
    api.onDegradation = (level) => levels.push(level);
    await api.json('/ai/capabilities').catch(() => undefined);
    expect(levels).toEqual(['minimal']);
  });
});
