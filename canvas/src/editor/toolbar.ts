import type { Editor } from '@tiptap/core';
import { fill, h } from '../dom';
import { icon, type IconName } from '../icons';
import { askForLink } from './link-dialog';

interface Tool {
  readonly label: string;
  readonly face: IconName | { readonly letter: string; readonly look?: string };
  readonly keys?: string;
  readonly run: (editor: Editor) => void;
  readonly active?: (editor: Editor) => boolean;
  readonly able?: (editor: Editor) => boolean;
}

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

const GROUPS: readonly (readonly Tool[])[] = [
  [
    { label: 'Undo', face: 'undo', keys: 'Mod+Z', run: (e) => e.chain().focus().undo().run(), able: (e) => e.can().undo() },
    { label: 'Redo', face: 'redo', keys: 'Mod+Shift+Z', run: (e) => e.chain().focus().redo().run(), able: (e) => e.can().redo() },
  ],
  ([1, 2, 3] as const).map((level) => ({
    label: `Heading ${level}`,
    face: { letter: `H${level}` },
    keys: `Mod+Alt+${level}`,
    run: (e: Editor) => e.chain().focus().toggleHeading({ level }).run(),
    active: (e: Editor) => e.isActive('heading', { level }),
  })),
  [
    { label: 'Bold', face: { letter: 'B', look: 'bold' }, keys: 'Mod+B', run: (e) => e.chain().focus().toggleBold().run(), active: (e) => e.isActive('bold') },
    { label: 'Italic', face: { letter: 'I', look: 'italic' }, keys: 'Mod+I', run: (e) => e.chain().focus().toggleItalic().run(), active: (e) => e.isActive('italic') },
    { label: 'Underline', face: { letter: 'U', look: 'underline' }, keys: 'Mod+U', run: (e) => e.chain().focus().toggleUnderline().run(), active: (e) => e.isActive('underline') },
    { label: 'Strikethrough', face: { letter: 'S', look: 'strike' }, keys: 'Mod+Shift+S', run: (e) => e.chain().focus().toggleStrike().run(), active: (e) => e.isActive('strike') },
    { label: 'Code', face: 'code', keys: 'Mod+E', run: (e) => e.chain().focus().toggleCode().run(), active: (e) => e.isActive('code') },
    { label: 'Link', face: 'link', keys: 'Mod+K', run: askForLink, active: (e) => e.isActive('link') },
  ],
  [
    { label: 'Bullet list', face: 'bullets', keys: 'Mod+Shift+8', run: (e) => e.chain().focus().toggleBulletList().run(), active: (e) => e.isActive('bulletList') },
    { label: 'Numbered list', face: 'numbers', keys: 'Mod+Shift+7', run: (e) => e.chain().focus().toggleOrderedList().run(), active: (e) => e.isActive('orderedList') },
    { label: 'Task list', face: 'tasks', keys: 'Mod+Shift+9', run: (e) => e.chain().focus().toggleTaskList().run(), active: (e) => e.isActive('taskList') },
  ],
  [
    { label: 'Quotation', face: 'quote', keys: 'Mod+Shift+B', run: (e) => e.chain().focus().toggleBlockquote().run(), active: (e) => e.isActive('blockquote') },
    { label: 'Code block', face: 'block', keys: 'Mod+Alt+C', run: (e) => e.chain().focus().toggleCodeBlock().run(), active: (e) => e.isActive('codeBlock') },
    { label: 'Divider', face: 'rule', run: (e) => e.chain().focus().setHorizontalRule().run() },
    { label: 'Table', face: 'table', run: (e) => e.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(), active: (e) => e.isActive('table'), able: (e) => !e.isActive('table') },
  ],
];

const TABLE: readonly Tool[] = [
  { label: 'Add row below', face: { letter: '+ row' }, run: (e) => e.chain().focus().addRowAfter().run() },
  { label: 'Add column to the right', face: { letter: '+ column' }, run: (e) => e.chain().focus().addColumnAfter().run() },
  { label: 'Delete row', face: { letter: '− row' }, run: (e) => e.chain().focus().deleteRow().run() },
  { label: 'Delete column', face: { letter: '− column' }, run: (e) => e.chain().focus().deleteColumn().run() },
  { label: 'Delete table', face: 'trash', run: (e) => e.chain().focus().deleteTable().run() },
];

/** Formatting, as an ARIA toolbar: one tab stop, arrows move inside it, Escape returns to the text. */
export class Toolbar {
  readonly element = h('div', {
    class: 'toolbar', role: 'toolbar', 'aria-label': 'Formatting', 'aria-orientation': 'horizontal',
    onkeydown: (event: KeyboardEvent) => this.#move(event),
  });
  readonly #editor: Editor;
  readonly #tools: { tool: Tool; button: HTMLButtonElement }[] = [];
  readonly #table = h('div', { class: 'tools' });
  readonly #listener = () => this.#schedule();
  #scheduled = 0;

  constructor(editor: Editor) {
    this.#editor = editor;
    const groups = GROUPS.map((group) => h('div', { class: 'tools' }, ...group.map((tool) => this.#button(tool))));
    fill(this.#table, ...TABLE.map((tool) => this.#button(tool)));
    fill(this.element, ...groups, this.#table);
    editor.on('transaction', this.#listener);
    this.#refresh();
    this.#stopAt(this.#tools.find(({ button }) => !button.disabled)?.button);
  }

  destroy(): void {
    cancelAnimationFrame(this.#scheduled);
    this.#editor.off('transaction', this.#listener);
    this.element.remove();
  }

  #button(tool: Tool): HTMLButtonElement {
    const { label, face, keys } = tool;
    const button = h('button', {
      type: 'button', class: 'tool', tabindex: -1, 'aria-label': label,
      title: keys === undefined ? label : `${label} (${shown(keys)})`,
      'aria-keyshortcuts': keys === undefined ? null : keys.replace('Mod', MAC ? 'Meta' : 'Control'),
      // Without this the text would lose its selection before the tool runs.
      onmousedown: (event: Event) => event.preventDefault(),
      onclick: () => {
        this.#stopAt(button);
        tool.run(this.#editor);
      },
    }, typeof face === 'string' ? icon(face) : h('span', { class: `letter ${face.look ?? ''}` }, face.letter));
    this.#tools.push({ tool, button });
    return button;
  }

  #schedule(): void {
    cancelAnimationFrame(this.#scheduled);
    this.#scheduled = requestAnimationFrame(() => this.#refresh());
  }

  #refresh(): void {
    if (this.#editor.isDestroyed) return;
    this.#table.hidden = !this.#editor.isActive('table');
    for (const { tool, button } of this.#tools) {
      if (tool.active !== undefined) button.setAttribute('aria-pressed', String(tool.active(this.#editor)));
      if (tool.able !== undefined) button.disabled = !tool.able(this.#editor);
    }
    if (this.#stop === undefined || this.#stop.disabled) this.#stopAt(this.#reachable()[0]);
  }

  #stop: HTMLButtonElement | undefined;

  #stopAt(button: HTMLButtonElement | undefined): void {
    for (const each of this.#tools) each.button.tabIndex = each.button === button ? 0 : -1;
    this.#stop = button;
  }

  #reachable(): HTMLButtonElement[] {
    return this.#tools.map(({ button }) => button).filter((button) => !button.disabled && button.closest('[hidden]') === null);
  }

  #move(event: KeyboardEvent): void {
    if (event.key === 'Escape') return void this.#editor.commands.focus();
    const buttons = this.#reachable();
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const button = buttons[(next + buttons.length) % buttons.length];
    this.#stopAt(button);
    button?.focus();
  }
}

function shown(keys: string): string {
  return MAC ? keys.replace('Mod', '⌘').replace('Shift', '⇧').replace('Alt', '⌥').replaceAll('+', '') : keys.replace('Mod', 'Ctrl');
}
