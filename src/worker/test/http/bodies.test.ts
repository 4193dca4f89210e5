import { describe, expect, it } from 'vitest';
import { encode } from '../../src/bytes';
import { splitFirstLine } from '../../src/http/first-line';
import { parseRange } from '../../src/http/range';
import { latin1 } from '../support/client';

function body(...parts: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) {
        controller.enqueue(encode(part));
      }
      controller.close();
    },
  });
}

describe('first line', () => {
  it('is split from the rest wherever the parts of the body meet', async () => {
    const whole = '{"a":"é"}\nrest\nof it';
    const bytes = latin1(encode(whole));

    for (let split = 1; split < bytes.length; split += 1) {
      const raw = encode(whole);
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(raw.slice(0, split));
          controller.enqueue(raw.slice(split));
          controller.close();
        },
      });
      const head = await splitFirstLine(stream, 100);
      const rest: Uint8Array[] = [];

      if (!head.ok) {
        throw new Error(head.failure);
      }

      for await (const part of head.value.rest) {
        rest.push(part);
      }

      expect(head.value.line).toBe('{"a":"é"}');
      expect(rest.map(latin1).join('')).toBe('rest\nof it');
    }
  });

  it.each([
    [['x'.repeat(10), '\n'], 'ok'],
    [['x'.repeat(11), '\n'], 'too_long'],
    [[`${'x'.repeat(11)}\n`], 'too_long'],
    [['x'], 'cut'],
    [[], 'cut'],
  ])('%j is %s', async (parts, expected) => {
    const head = await splitFirstLine(body(...parts), 10);

    expect(head.ok ? 'ok' : head.failure).toBe(expected);
  });

  it('is cut where there is no body', async () => {
    expect(await splitFirstLine(null, 10)).toEqual({ ok: false, failure: 'cut' });
  });
});

describe('range', () => {
  it.each([
    [undefined, null],
    ['bytes=0-', { start: 0, end: 10 }],
    ['bytes=2-4', { start: 2, end: 5 }],
    ['bytes=9-9', { start: 9, end: 10 }],
    ['bytes=4-99', { start: 4, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', null],
    ['bytes=-', null],
    ['bytes=0-1,3-4', null],
    ['lines=0-1', null],
    ['bytes=a-b', null],
  ])('%s', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });
});
