import type { Degradation } from './api/contract';
import { setText } from './dom';
import { h } from './dom';

const WORDS: Readonly<Record<Exclude<Degradation, 'normal'>, string>> = {
  degraded: 'Materi is running with reduced features. Writing and saving work; some answers may be slow.',
  minimal: 'Materi is running on the essentials only. Writing and saving work; Aria and exports are resting.',
  emergency: 'Materi is in emergency operation. You can read; new changes may have to wait.',
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
