import type { Editor } from '@tiptap/core';
import { h } from '../dom';

/** Asks for the address of the link at the selection; the dialog keeps and returns the focus. */
export function askForLink(editor: Editor): void {
  const present = editor.getAttributes('link')['href'] as string | undefined;
  const input = h('input', { id: 'link-address', type: 'text', inputmode: 'url', autocomplete: 'off', placeholder: 'https://', value: present ?? '' });
  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'link-title' },
    h('form', { method: 'dialog' },
      h('h2', { id: 'link-title' }, 'Link'),
      h('div', { class: 'field' }, h('label', { for: 'link-address' }, 'Address'), input),
      h('div', { class: 'dialog-actions' },
        // First in the form, so that Enter in the field means it.
        h('button', { class: 'primary', value: 'set' }, 'Set link'),
        present !== undefined && h('button', { class: 'quiet', value: 'remove' }, 'Remove'),
        h('button', { class: 'quiet', value: 'cancel', type: 'button', onclick: () => dialog.close('cancel') }, 'Cancel'))));
  dialog.addEventListener('close', () => {
    dialog.remove();
    apply(editor, dialog.returnValue, input.value);
  });
  document.body.append(dialog);
  dialog.showModal();
  input.select();
}

function apply(editor: Editor, answer: string, address: string): void {
  const link = editor.chain().focus().extendMarkRange('link');
  const href = hrefOf(address);
  if (answer === 'remove' || (answer === 'set' && href === null)) link.unsetLink().run();
  else if (answer !== 'set' || href === null) editor.commands.focus();
  else if (editor.state.selection.empty && !editor.isActive('link')) {
    editor.chain().focus().insertContent({ type: 'text', text: address.trim(), marks: [{ type: 'link', attrs: { href } }] }).run();
  } else link.setLink({ href }).run();
}

/** What a person types as an address, made into one; only the web and mail are linked to. */
export function hrefOf(address: string): string | null {
  const text = address.trim();
  if (text === '') return null;
  if (/^(https?:\/\/|mailto:|\/)/i.test(text)) return text;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  return /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) ? null : `https://${text}`;
}
