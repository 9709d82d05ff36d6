/** Somebody who has the document open, over all their tabs. */
export interface Person {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly agent: boolean;
  readonly self: boolean;
  readonly clients: readonly number[];
}

const COLORS = ['#1f6f5f', '#9c4221', '#5b4b9a', '#2b5f9e', '#a1386b', '#5d6b1d', '#8a5a14', '#7a3fa0'];
const HEX = /^#[0-9a-f]{6}$/i;

/** The same color for the same id, everywhere. */
export function colorOf(id: string): string {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + char.charCodeAt(0)) >>> 0;
  return COLORS[hash % COLORS.length]!;
}

/** Who is here, from the presence states: oneself first, then people by name, then agents. */
export function peopleIn(states: ReadonlyMap<number, Record<string, unknown>>, self: number): readonly Person[] {
  const people = new Map<string, Person>();
  for (const [client, state] of states) {
    const person = personOf(client, state, client === self);
    if (person === null) continue;
    const known = people.get(person.key);
    people.set(person.key, known === undefined ? person : merged(known, person));
  }
  return [...people.values()].sort(byPlace);
}

export function initialsOf(name: string): string {
  const words = name.trim().split(/[\s._-]+/).filter((word) => word !== '');
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => [...word][0]!.toUpperCase()).join('') || '?';
}

/** Black or white, whichever reads better on the color (WCAG relative luminance). */
export function inkOn(color: string): '#000000' | '#ffffff' {
  const [r, g, b] = [1, 3, 5].map((at) => linear(Number.parseInt(color.slice(at, at + 2), 16) / 255));
  const luminance = 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

/** A color that is safe to write into a style: presence comes from other people's computers. */
export function safeColor(color: unknown, fallback: string): string {
  return typeof color === 'string' && HEX.test(color) ? color : fallback;
}

function personOf(client: number, state: Record<string, unknown>, self: boolean): Person | null {
  const user = state['user'];
  if (typeof user !== 'object' || user === null) return null;
  const { id, name, color, agent } = user as Record<string, unknown>;
  const key = typeof id === 'string' ? id : `client ${client}`;
  return {
    key: agent === true ? `agent ${key}` : key,
    name: typeof name === 'string' && name !== '' ? name.slice(0, 80) : 'Someone',
    color: safeColor(color, colorOf(key)),
    agent: agent === true,
    self,
    clients: [client],
  };
}

function merged(a: Person, b: Person): Person {
  return { ...(a.self ? a : b), self: a.self || b.self, clients: [...a.clients, ...b.clients] };
}

function byPlace(a: Person, b: Person): number {
  const rank = (person: Person) => (person.self ? 0 : person.agent ? 2 : 1);
  return rank(a) - rank(b) || a.name.localeCompare(b.name);
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
