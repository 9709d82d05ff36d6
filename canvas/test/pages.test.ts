import { describe, expect, it } from 'vitest';
import { blocksOf } from '../src/ai/markdown';
import type { DocumentSummary } from '../src/api/contract';
import { ApiClient } from '../src/api/client';
import { Materi } from '../src/api/materi';
import { Session } from '../src/api/session';
import { filtered, Library } from '../src/documents/library';
import { pathOf, routeOf } from '../src/router';
import { ago } from '../src/time';
import { REFRESH, serverAnswering, token } from './server';

function document(id: string, title: string, updated = '2026-01-01T00:00:00Z'): DocumentSummary {
  return { id, title, workspace_id: 'w', created_at: updated, updated_at: updated };
}

describe('an address', () => {
  it('leads to a document or home', () => {
    expect(routeOf('/d/018f')).toEqual({ at: 'document', id: '018f' });
    expect(['/', '/d/', '/d/a/b', '/x', '/d/%E0%A4%A'].map((path) => routeOf(path).at)).toEqual(['home', 'home', 'home', 'home', 'home']);
    expect(routeOf(pathOf({ at: 'document', id: 'a b/c' }))).toEqual({ at: 'document', id: 'a b/c' });
  });
});

describe('the filter', () => {
  it('wants every word, without regard to case and accents', () => {
    const documents = [document('1', 'Résumé of the Spring'), document('2', 'Spring plan')];
    expect(filtered(documents, 'spring resume').map((d) => d.id)).toEqual(['1']);
    expect(filtered(documents, ' ')).toHaveLength(2);
  });
});

describe('the library', () => {
  const served = [document('old', 'Old'), document('new', 'New', '2026-02-01T00:00:00Z')];
  const server = serverAnswering((seen) => {
    if (seen.path === REFRESH) return token('t');
    if (seen.path.startsWith('/api/v1/workspaces')) return Response.json({ items: [{ id: 'w', slug: 'demo', name: 'Demo', role: 'owner' }], next: null });
    if (seen.method === 'DELETE') return new Response(null, { status: 204 });
    if (seen.method === 'PATCH') return Response.json(served[0]);
    if (seen.path.includes('trashed=true')) return Response.json({ items: [], next: null });
    const second = seen.path.includes('cursor=more');
    return Response.json(second ? { items: [served[1]], next: null } : { items: [served[0]], next: 'more' });
  });
  const materi = new Materi(new ApiClient(new Session(server.fetch), server.fetch));

  it('reads every page, shows the newest first and follows renames and the trash', async () => {
    const library = new Library(materi);
    await library.open(null);
    expect(library.documents.map((d) => d.id)).toEqual(['new', 'old']);
    await library.rename('old', 'Renamed');
    expect(library.documents.map((d) => d.title)).toEqual(['New', 'Renamed']);
    await library.trash('new');
    expect(library.documents.map((d) => d.id)).toEqual(['old']);
  });

  it('does not show what was asked for before the view changed', async () => {
    const library = new Library(materi);
    await library.open(null);
    const late = library.reload();
    await Promise.all([late, library.showTrash(true)]);
    expect(library.documents).toEqual([]);
  });
});

describe('generated text', () => {
  it('is read as headings, paragraphs and lists that may nest', () => {
    expect(blocksOf('## Title\nOne\nline.\n\n1. first\n   - inner\n2. second\n\nEnd')).toEqual([
      { kind: 'heading', text: 'Title' },
      { kind: 'paragraph', text: 'One line.' },
      { kind: 'list', items: [{ depth: 0, ordered: true, text: 'first' }, { depth: 1, ordered: false, text: 'inner' }, { depth: 0, ordered: true, text: 'second' }] },
      { kind: 'paragraph', text: 'End' },
    ]);
  });

  it('keeps one list over blank lines between its items', () => {
    expect(blocksOf('- a\n\n- b')).toHaveLength(1);
  });
});

describe('a time', () => {
  const now = Date.parse('2026-06-15T12:00:00Z');

  it('is told in words for a week, then as a date', () => {
    const times = ['2026-06-15T11:59:40Z', '2026-06-15T11:50:00Z', '2026-06-14T11:00:00Z', '2026-03-01T12:00:00Z', '2025-03-01T12:00:00Z', 'never'];
    expect(times.map((time) => ago(time, now))).toEqual(['just now', '10m ago', 'yesterday', 'Mar 1', 'Mar 1, 2025', '']);
  });
});
