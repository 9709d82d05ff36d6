import { describe, expect, it } from 'vitest';
import { advance, cut, type Generation, STARTED } from '../src/ai/generation';

function after(...events: [string, unknown][]): Generation {
  return events.reduce<Generation>(
    (generation, [event, data]) => advance(generation, { event, data: JSON.stringify(data), id: '' }),
    STARTED,
  );
}

describe('a generation', () => {
  it('collects text, sources and usage until it is done', () => {
    const generation = after(
      ['meta', { id: 'g1', model: 'local/extractive' }],
      ['delta', { text: 'One ' }],
      ['citation', { block: '5:0', quote: 'One' }],
      ['delta', { text: 'two.' }],
      ['usage', { input_tokens: 1200, output_tokens: 3 }],
      ['done', {}],
    );
    expect(generation).toEqual({
      state: 'done', id: 'g1', model: 'local/extractive', text: 'One two.', detail: '',
      citations: [{ block: '5:0', quote: 'One' }], usage: '1,200 in · 3 out tokens',
    });
  });

  it('starts over when the server resets it', () => {
    const generation = after(['delta', { text: 'wrong' }], ['citation', { block: '1:1', quote: 'x' }], ['reset', {}], ['delta', { text: 'right' }]);
    expect(generation).toMatchObject({ text: 'right', citations: [] });
  });

  it('names a source once', () => {
    const source = { block: '1:1', quote: 'x' };
    expect(after(['citation', source], ['citation', source]).citations).toHaveLength(1);
  });

  it('fails with the words of the server', () => {
    expect(after(['error', { code: 'upstream', detail: 'The provider hung up.' }])).toMatchObject({ state: 'failed', detail: 'The provider hung up.' });
  });

  it('ends once', () => {
    expect(after(['done', {}], ['error', { detail: 'late' }], ['delta', { text: 'late' }])).toMatchObject({ state: 'done', text: '' });
  });

  it('is an error when the stream stops without an end', () => {
    expect(cut(after(['delta', { text: 'half' }]))).toMatchObject({ state: 'failed', text: 'half' });
    expect(cut(after(['cancelled', {}]))).toMatchObject({ state: 'cancelled' });
  });

  it('survives data that is not what it should be', () => {
    const odd = advance(STARTED, { event: 'delta', data: 'not json', id: '' });
    expect(advance(odd, { event: 'delta', data: '{"text":7}', id: '' })).toEqual(STARTED);
  });
});
