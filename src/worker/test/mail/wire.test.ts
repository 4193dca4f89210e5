import { describe, expect, it } from 'vitest';
import table from '../../../../tests/contract/wire.json';
import { WireCounter } from '../../src/mail/wire';

describe('wire size', () => {
  it.each(table)('$name, however it is split', ({ bytes, octets, wire }) => {
    const message = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
    const step = Math.ceil(message.length / 200) || 1;

    for (let split = 0; split <= message.length; split += step) {
      const counter = new WireCounter();
      counter.update(message.subarray(0, split));
      counter.update(new Uint8Array(0));
      counter.update(message.subarray(split));

      expect([counter.octets, counter.wire]).toEqual([octets, wire]);
    }
  });

  it('counts single octets', () => {
    const counter = new WireCounter();

    for (const octet of [65, 10, 13, 10, 13, 65, 10]) {
      counter.update(Uint8Array.of(octet));
    }

    expect(counter.wire).toBe(9);
  });
});
