import type { Extensions } from '@tiptap/core';
import { Image } from '@tiptap/extension-image';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import { TableKit } from '@tiptap/extension-table';
import { Placeholder } from '@tiptap/extensions';
import { StarterKit } from '@tiptap/starter-kit';

/**
 * What a document on this page is made of. Nothing in here may edit by itself when a document is
 * opened (as the starter kit's trailing paragraph would): opening is not writing.
 */
export function documentExtensions(): Extensions {
  return [
    StarterKit.configure({
      undoRedo: false,
      trailingNode: false,
      link: { openOnClick: 'whenNotEditable', defaultProtocol: 'https', HTMLAttributes: { rel: 'noopener noreferrer nofollow' } },
      dropcursor: { class: 'drop-cursor' },
    }),
    TaskList,
    TaskItem.configure({ nested: true }),
    TableKit.configure({ table: { resizable: false } }),
    Image,
    Placeholder.configure({ placeholder: 'Write, or ask Aria to begin…', showOnlyWhenEditable: true }),
  ];
}
