import { getSchema } from '@tiptap/core';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { blockIdOf, elementOf } from '../src/editor/blocks';
import { foreignPartIn, foreignPartOf } from '../src/editor/foreign';
import { hrefOf } from '../src/editor/link-dialog';
import { colorOf, initialsOf, inkOn, peopleIn, safeColor } from '../src/editor/people';
import { documentExtensions } from '../src/editor/schema';
import { mirrorOf, textHomeOf } from '../src/editor/text-home';

const schema = getSchema(documentExtensions());

function element(name: string, ...children: (Y.XmlElement | string)[]): Y.XmlElement {
  const made = new Y.XmlElement(name);
  made.insert(0, children.map((child) => (typeof child === 'string' ? new Y.XmlText(child) : child)));
  return made;
}

function fragmentOf(...children: Y.XmlElement[]): Y.XmlFragment {
  const fragment = new Y.Doc().getXmlFragment('default');
  fragment.insert(0, children);
  return fragment;
}

describe('what this page cannot edit', () => {
  it('is nothing in a document of known parts', () => {
    const cell = element('tableRow', element('tableHeader', element('paragraph', 'a')), element('tableCell', element('paragraph')));
    const item = element('listItem', element('paragraph', 'b'), element('orderedList', element('listItem', element('paragraph'))));
    const task = element('taskList', element('taskItem', element('paragraph', 'c')));
    expect(foreignPartOf(fragmentOf(element('heading', 'h'), element('table', cell), element('bulletList', item), task, element('codeBlock', 'x')), schema)).toBeNull();
  });

  it('is an unknown node, wherever it is', () => {
    expect(foreignPartOf(fragmentOf(element('blockquote', element('callout', 'keep'))), schema)).toBe('callout');
  });

  it('is an unknown mark, but not a known one that carries a hash', () => {
    const text = new Y.XmlText('keep');
    const paragraph = element('paragraph');
    const fragment = fragmentOf(paragraph);
    paragraph.insert(0, [text]);
    text.format(0, 2, { 'link--aGFzaA==': { href: '/' }, bold: {} });
    expect(foreignPartOf(fragment, schema)).toBeNull();
    text.format(0, 2, { comment: { id: 1 } });
    expect(foreignPartOf(fragment, schema)).toBe('comment');
  });

  it('is text in a place where it cannot stand, but not the empty remains of concurrent edits', () => {
    expect(foreignPartOf(fragmentOf(element('bulletList', 'stray words')), schema)).toBe('bulletList in an unusual shape');
    expect(foreignPartOf(fragmentOf(element('bulletList'), element('paragraph', element('paragraph'))), schema)).toBeNull();
  });

  it('is found in what a change brings', () => {
    const fragment = fragmentOf(element('paragraph', 'a'));
    const found: (string | null)[] = [];
    fragment.observeDeep((events) => found.push(foreignPartIn(events, schema)));
    fragment.push([element('paragraph', 'b')]);
    fragment.push([element('blockquote', element('callout', 'keep'))]);
    (fragment.get(0) as Y.XmlElement).get(0) instanceof Y.XmlText && ((fragment.get(0) as Y.XmlElement).get(0) as Y.XmlText).format(0, 1, { comment: true });
    expect(found).toEqual([null, 'callout', 'comment']);
  });
});

describe('the home of a document’s text', () => {
  it('is the first place that is not empty', () => {
    const doc = new Y.Doc();
    expect(textHomeOf(doc)).toEqual({ kind: 'rich', field: 'default' });
    doc.getText('monaco').insert(0, 'plain');
    expect(textHomeOf(doc)).toEqual({ kind: 'plain', field: 'monaco' });
    doc.getXmlFragment('prosemirror').push([element('paragraph', 'x')]);
    expect(textHomeOf(doc)).toEqual({ kind: 'rich', field: 'prosemirror' });
  });

  it('is copied one way only', () => {
    const doc = new Y.Doc();
    const mirror = mirrorOf(doc);
    doc.getXmlFragment('default').push([element('paragraph', 'there')]);
    expect(mirror.getXmlFragment('default').toString()).toBe('<paragraph>there</paragraph>');
    mirror.getXmlFragment('default').delete(0, 1);
    expect(doc.getXmlFragment('default').length).toBe(1);
  });
});

describe('a block id', () => {
  it('leads to its element for as long as that exists', () => {
    const fragment = fragmentOf(element('paragraph', 'a'), element('heading', 'b'));
    const heading = fragment.get(1) as Y.XmlElement;
    const { client, clock } = heading._item!.id;
    const id = blockIdOf(`${client}:${clock}`)!;
    expect(elementOf(fragment.doc!, id)).toBe(heading);
    fragment.delete(1, 1);
    expect(elementOf(fragment.doc!, id)).toBeNull();
  });

  it('that names nothing leads nowhere', () => {
    expect(elementOf(new Y.Doc(), blockIdOf('7:0')!)).toBeNull();
    expect(['', '7', '7:', 'a:b', '7:0:1', '-7:0'].map(blockIdOf)).toEqual([null, null, null, null, null, null]);
  });
});

describe('who is here', () => {
  const user = (id: string, name: string, more: object = {}) => ({ user: { id, name, color: '#2b5f9e', ...more } });

  it('is oneself first, then people by name, then agents, each once', () => {
    const states = new Map<number, Record<string, unknown>>([
      [1, user('a', 'Aria', { agent: true })], [2, user('z', 'Zoe')], [3, user('b', 'Bob')], [4, user('me', 'Me')], [5, user('b', 'Bob')], [6, {}],
    ]);
    const people = peopleIn(states, 4);
    expect(people.map((p) => [p.name, p.self, p.agent, p.clients.length])).toEqual([
      ['Me', true, false, 1], ['Bob', false, false, 2], ['Zoe', false, false, 1], ['Aria', false, true, 1],
    ]);
  });

  it('never lets a presence write styles', () => {
    const evil = new Map([[1, user('x', 'X', { color: 'red;background:url(//evil)' })]]);
    expect(peopleIn(evil, 2)[0]!.color).toBe(colorOf('x'));
    expect(safeColor('#12345', '#000000')).toBe('#000000');
  });

  it('has initials', () => {
    expect(['Ada Lovelace', 'bob', '  ', 'Jean-Luc van der Berg'].map(initialsOf)).toEqual(['AL', 'B', '?', 'JB']);
  });

  it('is written in ink that can be read', () => {
    expect([inkOn('#ffe9a3'), inkOn('#1f5f52')]).toEqual(['#000000', '#ffffff']);
  });
});

describe('the address of a link', () => {
  it('is completed, and never a script', () => {
    expect(['example.org', 'https://a.b/c', 'ada@example.org', '/d/1', 'localhost:8080', ' '].map(hrefOf)).toEqual([
      'https://example.org', 'https://a.b/c', 'mailto:ada@example.org', '/d/1', 'https://localhost:8080', null,
    ]);
    expect(['javascript:alert(1)', 'JavaScript:x', 'data:text/html,x', 'vbscript:x'].map(hrefOf)).toEqual([null, null, null, null]);
  });
});
