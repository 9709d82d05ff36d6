import type { ServerEvent } from '../api/sse';

export interface Citation {
  /** The block's Yjs id, `client:clock`. */
  readonly block: string;
  readonly quote: string;
}

/** One generation as the panel sees it. It ends once: done, failed or cancelled. */
export type Generation = Running | Ended;

interface Content {
  readonly id: string | null;
  readonly model: string | null;
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly usage: string | null;
}

export interface Running extends Content {
  readonly state: 'running';
}

export interface Ended extends Content {
  readonly state: 'done' | 'failed' | 'cancelled';
  /** Why it failed, as the server put it; empty otherwise. */
  readonly detail: string;
}

export const STARTED: Running = { state: 'running', id: null, model: null, text: '', citations: [], usage: null };

/** What the generation is after one more event; nothing changes one that has ended. */
export function advance(generation: Generation, event: ServerEvent): Generation {
  if (generation.state !== 'running') return generation;
  const data = fieldsOf(event.data);
  switch (event.event) {
    case 'meta':
      return { ...generation, id: text(data['id']), model: text(data['model']) };
    case 'delta':
      return { ...generation, text: generation.text + (text(data['text']) ?? '') };
    case 'citation':
      return { ...generation, citations: withCitation(generation.citations, data) };
    case 'reset':
      return { ...generation, text: '', citations: [] };
    case 'usage':
      return { ...generation, usage: usageOf(data) };
    case 'done':
      return ended(generation, 'done');
    case 'cancelled':
      return ended(generation, 'cancelled');
    case 'error':
      return ended(generation, 'failed', text(data['detail']) ?? text(data['code']) ?? 'The generation failed.');
    default:
      return generation;
  }
}

export function ended(generation: Generation, state: Ended['state'], detail = ''): Generation {
  return generation.state === 'running' ? { ...generation, state, detail } : generation;
}

/** A stream that stops without its terminal event was cut: that is an error, never a clean end. */
export function cut(generation: Generation): Generation {
  return ended(generation, 'failed', 'The answer was cut off before it was complete.');
}

function withCitation(citations: readonly Citation[], data: Record<string, unknown>): readonly Citation[] {
  const citation = { block: text(data['block']) ?? '', quote: text(data['quote']) ?? '' };
  const known = citations.some((c) => c.block === citation.block && c.quote === citation.quote);
  return known || (citation.block === '' && citation.quote === '') ? citations : [...citations, citation];
}

function usageOf(data: Record<string, unknown>): string | null {
  const parts: string[] = [];
  for (const [field, label] of [['input_tokens', 'in'], ['output_tokens', 'out']] as const) {
    if (typeof data[field] === 'number') parts.push(`${data[field].toLocaleString('en')} ${label}`);
  }
  return parts.length === 0 ? null : `${parts.join(' · ')} tokens`;
}

function fieldsOf(data: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(data);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
