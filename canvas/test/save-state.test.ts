import { describe, expect, it } from 'vitest';
import { acknowledged, edited, linked, refusalOf, saveSentence, saveState, UNTOUCHED } from '../src/editor/save-state';

const online = linked(UNTOUCHED, 'online');

describe('the save state', () => {
  it('is saved while a page that has written nothing shakes hands', () => {
    expect(saveState(acknowledged(UNTOUCHED, false))).toBe('saved');
  });

  it('is saving from the edit until the server has acknowledged everything', () => {
    const writing = edited(online, 1_000);
    expect(saveState(writing)).toBe('saving');
    expect(saveState(acknowledged(writing, false))).toBe('saving');
    expect(saveState(acknowledged(writing, true))).toBe('saved');
  });

  it('says offline, and whether anything is unsent', () => {
    const [clean, dirty] = [linked(online, 'offline'), linked(edited(online, 0), 'offline')];
    expect([saveState(clean), saveState(dirty)]).toEqual(['offline', 'offline']);
    expect(saveSentence(clean, 0)).toMatch(/everything so far is saved/);
    expect(saveSentence(dirty, 0)).toMatch(/^Not saved – offline/);
  });

  it('does not take earlier acknowledgements for this one while there is no connection', () => {
    const lost = linked(edited(online, 0), 'offline');
    expect(saveState(acknowledged(lost, true))).toBe('offline');
  });

  it('goes through saving to saved when the connection is found again', () => {
    const found = linked(linked(edited(online, 0), 'offline'), 'online');
    expect(saveState(found)).toBe('saving');
    expect(saveState(acknowledged(found, true))).toBe('saved');
  });

  it('does not promise to send what has been refused', () => {
    const refused = linked(edited(online, 0), 'refused');
    expect(saveState(refused)).toBe('refused');
    expect(saveSentence(refused, 0)).toMatch(/^Not saved/);
  });

  it('says when saving takes long, counted from the first unsaved edit', () => {
    const writing = edited(edited(online, 1_000), 8_000);
    expect(saveSentence(writing, 2_000)).toBe('Saving…');
    expect(saveSentence(writing, 9_500)).toMatch(/^Still saving/);
  });

  it('changes nothing when nothing has changed, so that nobody is told twice', () => {
    expect(linked(online, 'online')).toBe(online);
    const writing = edited(online, 0);
    expect(edited(writing, 5)).toBe(writing);
    expect(acknowledged(writing, false)).toBe(writing);
    expect(acknowledged(online, true)).toBe(online);
  });
});

describe('the reason of a refusal', () => {
  it.each([
    ['no such document', 'missing'], ['not_found', 'missing'], ['in the trash', 'missing'],
    ['session ended', 'session'], ['token expired', 'session'], ['unauthenticated', 'session'],
    ['no access', 'forbidden'], ['permission-denied', 'forbidden'], ['', 'forbidden'],
    ['document too large', 'other'],
  ])('%j means %s', (reason, kind) => {
    expect(refusalOf(reason).kind).toBe(kind);
  });
});
