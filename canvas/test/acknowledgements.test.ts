import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import { Acknowledgements } from '../src/editor/acknowledgements';

function frame(type: number, value: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, 'document');
  encoding.writeVarUint(encoder, type);
  encoding.writeVarUint(encoder, value);
  return encoding.toUint8Array(encoder);
}

const STEP_1 = frame(0, 0);
const STEP_2 = frame(0, 1);
const UPDATE = frame(0, 2);
const AWARENESS = frame(1, 2);
const APPLIED = frame(8, 1);
const REFUSED = frame(8, 0);

function after(...steps: ['>' | '<', Uint8Array][]): boolean {
  const acknowledgements = new Acknowledgements();
  for (const [way, bytes] of steps) way === '>' ? acknowledgements.sending(bytes) : acknowledgements.received(bytes);
  return acknowledgements.settled;
}

describe('acknowledgements', () => {
  it('settle nothing before the state vectors have been exchanged', () => {
    expect(after()).toBe(false);
    expect(after(['>', STEP_1], ['<', STEP_2])).toBe(false);
    expect(after(['>', UPDATE], ['<', APPLIED])).toBe(false);
  });

  it('settle when each step 2 and update has its own', () => {
    expect(after(['>', STEP_2])).toBe(false);
    expect(after(['>', STEP_2], ['<', APPLIED])).toBe(true);
    expect(after(['>', STEP_2], ['>', UPDATE], ['<', APPLIED])).toBe(false);
    expect(after(['>', STEP_2], ['>', UPDATE], ['<', APPLIED], ['<', APPLIED])).toBe(true);
  });

  it('wait for all updates that were written while there was no connection', () => {
    const waited: ['>' | '<', Uint8Array][] = [['>', UPDATE], ['>', UPDATE], ['>', UPDATE], ['>', STEP_2]];
    const answers = [1, 2, 3, 4].map((count) => after(...waited, ...Array.from({ length: count }, () => ['<', APPLIED] as ['<', Uint8Array])));
    expect(answers).toEqual([false, false, false, true]);
  });

  it('never settle once the server has refused an edit', () => {
    expect(after(['>', STEP_2], ['<', APPLIED], ['>', UPDATE], ['<', REFUSED])).toBe(false);
  });

  it('do not count presence and pings', () => {
    expect(after(['>', STEP_2], ['<', APPLIED], ['>', AWARENESS], ['<', AWARENESS], ['<', Uint8Array.of(9)], ['>', Uint8Array.of(10)])).toBe(true);
  });
});
