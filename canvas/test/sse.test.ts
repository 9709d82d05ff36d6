import { describe, expect, it } from 'vitest';
import { eventsOf, type ServerEvent, SseParser } from '../src/api/sse';

const STREAM = '\uFEFF: hello\r\nretry: 2000\r\n\r\nid: 1\r\nevent: delta\r\ndata: {"text":"grün"}\r\n\r\nevent:done\ndata:{}\n\ndata: a\rdata: b\r\r';

function parse(...pieces: string[]): ServerEvent[] {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

describe('the SSE parser', () => {
  it('reads events with every line ending, comments and joined data lines', () => {
    expect(parse(STREAM, '\n')).toEqual([
      { event: 'delta', data: '{"text":"grün"}', id: '1' },
      { event: 'done', data: '{}', id: '1' },
      { event: 'message', data: 'a\nb', id: '1' },
    ]);
  });

  it('does not care where the stream is cut', () => {
    const whole = parse(STREAM, '\n');
    for (let at = 1; at < STREAM.length; at++) {
      expect(parse(STREAM.slice(0, at), STREAM.slice(at), '\n'), `cut at ${at}`).toEqual(whole);
    }
  });

  it('drops an event that never ends', () => {
    expect(parse('event: done\ndata: {}\n')).toEqual([]);
  });

  it('refuses a line that grows without end', () => {
    const parser = new SseParser();
    expect(() => parser.push(`data: ${'x'.repeat(1_000_001)}`)).toThrow('too long');
  });

  it('refuses an event of too many lines', () => {
    const parser = new SseParser();
    const line = `data: ${'x'.repeat(9_000)}\n`;
    expect(() => {
      for (let i = 0; i < 200; i++) parser.push(line);
    }).toThrow('too long');
  });

  it('decodes characters that are split over chunks', async () => {
    const bytes = new TextEncoder().encode('data: grün\n\n');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events: ServerEvent[] = [];
    for await (const event of eventsOf(body)) events.push(event);
    expect(events.map((event) => event.data)).toEqual(['grün']);
  });
});
