import { describe, expect, it } from 'vitest';
import { encode } from '../../src/bytes';
import { HeaderCollector } from '../../src/mail/header-block';
import { parseHeaderFields } from '../../src/mail/header-fields';
import { outgoingHeader } from '../../src/mail/outgoing-header';
import { latin1 } from '../support/client';

const MISSING = { acceptedAt: Date.UTC(2026, 0, 2, 3, 4, 5), messageId: '1-aa@example.org' };

function collect(message: string, split: number, limit = 1000): HeaderCollector {
  const bytes = encode(message);
  const collector = new HeaderCollector(limit);
  collector.update(bytes.subarray(0, split));
  collector.update(bytes.subarray(split));

  return collector;
}

function outgoing(header: string): string {
  return latin1(outgoingHeader(encode(header), MISSING));
}

describe('header block', () => {
  it.each([
    ['From: a\r\nTo: b\r\n\r\nbody\r\n', 'From: a\r\nTo: b\r\n'],
    ['From: a\nTo: b\n\nbody\n\n', 'From: a\nTo: b\n'],
    ['From: a\r\n folded\r\n\r\n', 'From: a\r\n folded\r\n'],
    ['From: a\r\n \r\nTo: b\r\n\r\n', 'From: a\r\n \r\nTo: b\r\n'],
    ['From: a\r\n\n', 'From: a\r\n'],
    ['From: a', 'From: a'],
    ['From: a\r\n', 'From: a\r\n'],
    ['\r\nbody', ''],
    ['\nbody', ''],
    ['', ''],
  ])('%j, split at every place', (message, expected) => {
    for (let split = 0; split <= message.length; split += 1) {
      expect(latin1(collect(message, split).block)).toBe(expected);
    }
  });

  it('says when there is more than it may hold', () => {
    const longest = 'x'.repeat(96);

    expect(collect(`${longest}\r\n\r\nbody`, 5, 100).overflowed).toBe(false);
    expect(collect(`${longest}y\r\n\r\nbody`, 5, 100).overflowed).toBe(true);
  });

  it('grows to any size that it may have', () => {
    const header = `X: ${'y'.repeat(70_000)}\r\n`;

    expect(latin1(collect(`${header}\r\n`, 9000, 100_000).block)).toBe(header);
  });
});

describe('header fields', () => {
  it('reads names in any case, folded values, and lines that are no fields', () => {
    const fields = parseHeaderFields(encode('FROM : a\r\n\tb\r\nnonsense\r\nX-Y:\r\nSubject:é\n'));

    expect(fields.map(({ name, value }) => [name, value])).toEqual([
      ['from', 'a\tb'],
      ['', 'nonsense'],
      ['x-y', ''],
      ['subject', 'é'],
    ]);
  });
});

describe('outgoing header', () => {
  const whole = 'Date: x\r\nMessage-ID: <y>\r\n';

  it.each([
    ['Bcc: a@b\r\n', ''],
    ['BCC : a@b\r\n', ''],
    ['bcc:\r\n a@b,\r\n\tc@d\r\n', ''],
    ['Resent-Bcc: a@b\r\n', ''],
    ['Bcc: a@b\r\nTo: c\r\nBcc: d\r\n e\r\nCc: f\r\n', 'To: c\r\nCc: f\r\n'],
    [
      'X-Bcc: a@b\r\nBcc-X: c\r\nSubject: Bcc: d\r\n',
      'X-Bcc: a@b\r\nBcc-X: c\r\nSubject: Bcc: d\r\n',
    ],
    ['Subject: x\r\n Bcc: not a field\r\n', 'Subject: x\r\n Bcc: not a field\r\n'],
    ['To: a\nBcc: b\n c\nCc: d\n', 'To: a\nCc: d\n'],
  ])('%j goes out as %j', (header, expected) => {
    expect(outgoing(whole + header)).toBe(whole + expected);
    expect(outgoing(header + whole)).toBe(expected + whole);
  });

  it('takes a last field away that has no line end', () => {
    expect(outgoing(`${whole}To: a\r\nBcc: b`)).toBe(`${whole}To: a\r\n`);
  });

  it('leaves every other byte alone', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => (index === 10 ? 11 : index));
    const header = new Uint8Array([...encode(`${whole}X: `), ...bytes, 13, 10]);

    expect(outgoingHeader(header, MISSING)).toEqual(header);
  });

  it('adds the Date and the Message-ID that are missing, the same ones each time', () => {
    const date = 'Date: Fri, 02 Jan 2026 03:04:05 +0000';

    expect(outgoing('From: a\r\n')).toBe(
      `${date}\r\nMessage-ID: <1-aa@example.org>\r\nFrom: a\r\n`,
    );
    expect(outgoing('From: a\n')).toBe(`${date}\nMessage-ID: <1-aa@example.org>\nFrom: a\n`);
    expect(outgoing('message-id: <x>\r\n')).toBe(`${date}\r\nmessage-id: <x>\r\n`);
    expect(outgoing('DATE: x\r\n')).toBe('Message-ID: <1-aa@example.org>\r\nDATE: x\r\n');
    expect(outgoing('From: a\r\n')).toBe(outgoing('From: a\r\n'));
  });
});
