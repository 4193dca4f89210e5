import { describe, expect, it } from 'vitest';
import { encode } from '../../src/bytes';
import { partFrames } from '../../src/http/part-frames';
import { BATCH_SIZE } from '../../src/limits';
import { latin1 } from '../support/client';

const textOf = (pieces: Uint8Array[]) => [...partFrames(pieces)].map(latin1).join('');
const END = '{"end":true}\n';

describe('a file in parts', () => {
  it('has an end even where it has nothing else', () => {
    expect(textOf([])).toBe(END);
    expect(textOf([encode('')])).toBe(END);
  });

  it('puts small pieces together', () => {
    expect(textOf([encode('From '), encode(''), encode('x\n\n')])).toBe(
      `{"size":8}\nFrom x\n\n${END}`,
    );
  });

  it('holds no more than it has to', () => {
    const large = encode('a'.repeat(BATCH_SIZE));
    expect(textOf([encode('b'), large, large, encode('c')])).toBe(
      [
        `{"size":${BATCH_SIZE + 1}}\nb${latin1(large)}`,
        `{"size":${BATCH_SIZE}}\n${latin1(large)}`,
        `{"size":1}\nc${END}`,
      ].join(''),
    );
  });

  it('is cut where its source fails', () => {
    const failing = function* () {
      yield encode('From ');
      throw new Error('this device was cut off');
    };
    expect(() => [...partFrames(failing())]).toThrow('cut off');
  });
});
