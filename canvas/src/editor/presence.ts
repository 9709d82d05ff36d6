import type { Awareness } from 'y-protocols/awareness';
import { fill, h } from '../dom';
import { initialsOf, inkOn, peopleIn, type Person } from './people';

const SHOWN = 5;

/** The round marks of who is here; choosing one scrolls to that person's caret. */
export class Presence {
  readonly element = h('ul', { class: 'presence', 'data-testid': 'presence', 'aria-label': 'Who is here' });
  readonly #awareness: Awareness;
  readonly #listener = () => this.#render();
  #shown = '';

  constructor(awareness: Awareness) {
    this.#awareness = awareness;
    awareness.on('change', this.#listener);
    this.#render();
  }

  destroy(): void {
    this.#awareness.off('change', this.#listener);
  }

  #render(): void {
    const people = peopleIn(this.#awareness.getStates() as Map<number, Record<string, unknown>>, this.#awareness.clientID);
    // Carets move all the time; the row changes only when somebody comes or goes.
    const shown = JSON.stringify(people);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const more = people.slice(SHOWN);
    const names = more.map((person) => person.name).join(', ');
    fill(this.element, ...people.slice(0, SHOWN).map(avatar), more.length > 0 && h('li', {}, h('span', { class: 'avatar more', title: names }, `+${more.length}`)));
  }
}

function avatar(person: Person): HTMLElement {
  const label = person.self ? `${person.name} (you)` : person.agent ? `${person.name}, an agent` : person.name;
  return h('li', { 'data-agent': String(person.agent), 'data-name': person.name },
    h('button', {
      type: 'button', class: person.agent ? 'avatar agent' : 'avatar', title: label, 'aria-label': label,
      style: `--who: ${person.color}; --who-ink: ${inkOn(person.color)}`, onclick: () => goTo(person),
    }, person.agent ? '✦' : initialsOf(person.name)));
}

function goTo(person: Person): void {
  for (const client of person.clients) {
    const caret = document.querySelector(`.caret[data-client="${client}"]`);
    if (caret !== null) return caret.scrollIntoView({ block: 'center' });
  }
}
