import type { Degradation } from './api/contract';
import { setText } from './dom';
import { h } from './dom';

const WORDS: Readonly<Record<Exclude<Degradation, 'normal'>, string>> = {
  degraded: 'Materi is running with reduced features. Writing and saving work; nobody can sign in just now.',
  minimal: 'Materi is running on the essentials only. Writing works, saving may take longer; Aria is resting and nobody can sign in.',
  emergency: 'The database cannot be reached. What you write waits in this window to be saved; nothing can be opened just now.',
};

/** Says so when the server works at less than its full extent. */
export class Banner {
  readonly element = h('div', { class: 'banner', role: 'status', 'aria-live': 'polite', 'data-testid': 'degradation', hidden: true });

  show(level: Degradation): void {
    if (this.element.dataset['level'] === level) return;
    this.element.dataset['level'] = level;
    this.element.hidden = level === 'normal';
    setText(this.element, level === 'normal' ? '' : WORDS[level]);
  }
}
