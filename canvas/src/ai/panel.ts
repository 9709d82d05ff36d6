import type { Capabilities, GenerationRequest } from '../api/contract';
import type { Materi } from '../api/materi';
import { sentenceOf } from '../api/problem';
import { eventsOf } from '../api/sse';
import { fill, h, setText } from '../dom';
import { icon } from '../icons';
import { toast } from '../toast';
import { advance, type Citation, cut, ended, type Generation, STARTED } from './generation';
import { elementsOf } from './markdown';

/** What the panel needs of the document that is open. */
export interface Paper {
  readonly id: string;
  reveal(citation: Citation): boolean;
  insert(elements: readonly HTMLElement[]): void;
}

type Ask = { readonly prompt: string } | { readonly action: string };

const NAMES: Readonly<Record<string, string>> = { summary: 'Summarise', keywords: 'Keywords', outline: 'Outline' };
const PROMPTLESS = 'No language model is connected to this server. These actions need none: they use only the document’s own sentences.';
const INVITATION = 'Ask about this document, or for a next paragraph…';

/** Aria: asks for a generation, shows it as it streams, stops it, and can have it typed into the document. */
export class AiPanel {
  readonly element: HTMLElement;
  readonly #materi: Materi;
  #paper: Paper | null = null;
  #capabilities: Capabilities = { models: [] };
  #generation: Generation | null = null;
  #leaving: AbortController | null = null;
  #lastAsk: Ask | null = null;
  #wroteInto = false;
  #writable = false;

  readonly #prompt = h('textarea', {
    id: 'ai-prompt', rows: 3, 'data-testid': 'ai-prompt', placeholder: INVITATION,
    oninput: () => this.#renderControls(), onkeydown: (event: KeyboardEvent) => this.#keys(event),
  });
  readonly #promptNote = h('p', { class: 'note', id: 'ai-prompt-note' });
  readonly #actions = h('div', { class: 'ai-actions', role: 'group', 'aria-label': 'Actions on this document' });
  readonly #models = h('select', { 'aria-label': 'Model', 'data-testid': 'ai-model', onchange: () => this.#renderControls() });
  readonly #write = h('input', { type: 'checkbox', id: 'ai-write', role: 'switch', 'data-testid': 'ai-write' });
  readonly #writeRow = h('label', { class: 'switch', for: 'ai-write' }, this.#write, h('span', {}, 'Write into the document'));
  readonly #run = h('button', { class: 'primary', type: 'submit', 'data-testid': 'ai-run' }, 'Ask');
  readonly #stop = h('button', { class: 'stop', type: 'button', 'data-testid': 'ai-stop', onclick: () => void this.#cancel() }, icon('stop'), 'Stop');
  readonly #status = h('p', { class: 'ai-status', role: 'status', 'aria-live': 'polite', 'data-testid': 'ai-status' });
  readonly #output = h('div', { class: 'ai-output', 'data-testid': 'ai-output', tabindex: 0, 'aria-label': 'Answer' });
  readonly #citations = h('ol', { class: 'citations', 'aria-label': 'Sources in this document' });
  readonly #after = h('div', { class: 'ai-after' });

  constructor(materi: Materi, close: () => void) {
    this.#materi = materi;
    this.element = h('aside', { class: 'ai-panel', 'aria-label': 'Aria, the writing agent', 'data-testid': 'ai-panel', id: 'ai-panel' },
      h('header', {},
        h('h2', {}, h('span', { class: 'aria-mark', 'aria-hidden': 'true' }, icon('sparkle')), 'Aria'),
        h('button', { class: 'quiet square', type: 'button', 'aria-label': 'Close the panel', onclick: close }, icon('close'))),
      h('form', { onsubmit: (event: Event) => this.#submit(event) },
        h('label', { class: 'visually-hidden', for: 'ai-prompt' }, 'Your request'),
        this.#prompt, this.#promptNote, this.#actions, this.#writeRow,
        h('div', { class: 'ai-run-row' }, this.#models, this.#stop, this.#run)),
      this.#status, this.#output, this.#citations, this.#after);
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
    });
    this.#render();
    void this.#learn();
  }

  /** The document that requests are about from now on; a running answer for another one is left. */
  attach(paper: Paper | null): void {
    if (this.#paper?.id === paper?.id) return;
    this.#leaving?.abort();
    this.#paper = paper;
    this.#generation = null;
    this.#lastAsk = null;
    this.#render();
  }

  allowWriting(writable: boolean): void {
    if (this.#writable === writable) return;
    this.#writable = writable;
    this.#renderControls();
  }

  focus(): void {
    (this.#prompt.disabled ? this.#actions.querySelector('button') : this.#prompt)?.focus();
  }

  async #learn(): Promise<void> {
    try {
      this.#capabilities = await this.#materi.capabilities();
    } catch (error) {
      setText(this.#status, sentenceOf(error));
    }
    const models = this.#capabilities.models;
    fill(this.#models, h('option', { value: '' }, 'Any model'), ...models.map((m) => h('option', { value: m.id }, m.id)));
    this.#models.hidden = models.length < 2;
    const actions = new Set(models.flatMap((model) => model.actions));
    fill(this.#actions, ...[...actions].map((action) => this.#actionButton(action)));
    this.#renderControls();
  }

  #actionButton(action: string): HTMLElement {
    return h('button', { type: 'button', class: 'chip', 'data-testid': `ai-action-${action}`, 'data-action': action, onclick: () => void this.#start({ action }) },
      NAMES[action] ?? action);
  }

  #keys(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#prompt.form?.requestSubmit(this.#run);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const prompt = this.#prompt.value.trim();
    if (prompt !== '') void this.#start({ prompt });
    else if (this.#lastAsk !== null) void this.#start(this.#lastAsk);
  }

  async #start(ask: Ask): Promise<void> {
    if (this.#paper === null || this.#generation?.state === 'running') return;
    this.#lastAsk = ask;
    this.#generation = STARTED;
    this.#wroteInto = this.#write.checked && this.#writable;
    this.#leaving = new AbortController();
    this.#render();
    await this.#follow(this.#request(ask, this.#paper.id), this.#leaving.signal);
  }

  #request(ask: Ask, document: string): GenerationRequest {
    return {
      ...ask,
      document_id: document,
      ...(this.#wroteInto ? { target: { end: true } as const } : {}),
      ...(this.#models.value === '' ? {} : { model: this.#models.value }),
    };
  }

  async #follow(request: GenerationRequest, signal: AbortSignal): Promise<void> {
    const show = (change: (generation: Generation) => Generation) => {
      // Whoever has left shows nothing any more: the panel may be at another answer by now.
      if (signal.aborted || this.#generation === null) return;
      this.#generation = change(this.#generation);
      this.#renderSoon();
    };
    try {
      const response = await this.#materi.generate(request, signal);
      for await (const event of eventsOf(response.body!)) show((g) => advance(g, event));
      show(cut);
    } catch (error) {
      show((g) => (g.id === null ? ended(g, 'failed', sentenceOf(error)) : cut(g)));
    }
  }

  async #cancel(): Promise<void> {
    const id = this.#generation?.id ?? null;
    if (id === null) return this.#leave();
    this.#stop.setAttribute('aria-busy', 'true');
    try {
      await this.#materi.cancel(id);
    } catch {
      // Leaving the stream cancels the generation as well, only less politely.
      this.#leave();
    } finally {
      this.#stop.removeAttribute('aria-busy');
    }
  }

  #leave(): void {
    this.#leaving?.abort();
    if (this.#generation !== null) this.#generation = ended(this.#generation, 'cancelled');
    this.#render();
  }

  #scheduled = 0;

  #renderSoon(): void {
    cancelAnimationFrame(this.#scheduled);
    this.#scheduled = requestAnimationFrame(() => this.#render());
  }

  #render(): void {
    const generation = this.#generation;
    this.#renderControls();
    setText(this.#status, generation === null ? '' : statusOf(generation, this.#wroteInto));
    this.#status.dataset['state'] = generation?.state ?? 'idle';
    this.#output.dataset['state'] = generation?.state ?? 'idle';
    fill(this.#output, ...(generation === null ? [welcome()] : elementsOf(generation.text)));
    fill(this.#citations, ...(generation?.citations ?? []).map((citation) => this.#citation(citation)));
    this.#citations.hidden = this.#citations.childElementCount === 0;
    fill(this.#after, ...this.#afterwards(generation));
  }

  #renderControls(): void {
    const running = this.#generation?.state === 'running';
    const { models } = this.#capabilities;
    const eligible = models.filter((m) => this.#models.value === '' || m.id === this.#models.value);
    const promptable = eligible.some((m) => m.prompt);
    const empty = this.#prompt.value.trim() === '';
    this.#prompt.disabled = !promptable;
    this.#prompt.placeholder = promptable || models.length === 0 ? INVITATION : 'Free questions need a language model';
    this.#prompt.rows = promptable ? 3 : 1;
    setText(this.#promptNote, promptable || models.length === 0 ? '' : PROMPTLESS);
    this.#stop.hidden = !running;
    this.#run.hidden = running;
    this.#run.disabled = this.#paper === null || (empty ? this.#lastAsk === null : !promptable);
    setText(this.#run, empty && this.#lastAsk !== null ? 'Run again' : 'Ask');
    this.#write.disabled = !this.#writable || running;
    this.#writeRow.title = this.#writable ? 'The agent types at the end of the document, live for everybody' : 'You cannot write in this document';
    for (const button of this.#actions.querySelectorAll('button')) {
      const offered = eligible.some((m) => m.actions.includes(button.dataset['action']!)) || models.length === 0;
      button.disabled = running || this.#paper === null || !offered;
    }
  }

  #citation(citation: Citation): HTMLElement {
    const show = () => {
      if (this.#paper?.reveal(citation) !== true) toast('That passage is no longer in the document.');
    };
    return h('li', {}, h('button', { type: 'button', class: 'citation', 'data-testid': 'ai-citation', 'data-block': citation.block, onclick: show }, citation.quote || 'Source'));
  }

  #afterwards(generation: Generation | null): HTMLElement[] {
    if (generation === null || generation.state === 'running' || generation.text === '') return [];
    const copy = () => void navigator.clipboard.writeText(generation.text).then(() => toast('Copied.'), () => toast('The browser did not allow copying.'));
    const buttons = [h('button', { type: 'button', class: 'quiet', onclick: copy }, icon('copy'), 'Copy')];
    if (this.#writable && !this.#wroteInto) {
      buttons.push(h('button', { type: 'button', class: 'quiet', 'data-testid': 'ai-insert', onclick: () => this.#paper?.insert(elementsOf(generation.text)) }, icon('insert'), 'Insert at the caret'));
    }
    return buttons;
  }
}

function statusOf(generation: Generation, writing: boolean): string {
  switch (generation.state) {
    case 'running':
      if (writing && generation.text !== '') return `Writing into the document – ${generation.text.length} characters`;
      return generation.text === '' ? 'Thinking…' : 'Answering…';
    case 'done':
      return [writing ? 'Written into the document' : 'Done', generation.model, generation.usage].filter(Boolean).join(' · ');
    case 'cancelled':
      return writing ? 'Stopped. What was written stays in the document.' : 'Stopped';
    case 'failed':
      return generation.detail;
  }
}

function welcome(): HTMLElement {
  return h('p', { class: 'muted' }, 'Answers appear here, with the passages they rest on.');
}
