import { describe, expect, it } from 'vitest';
import { encode } from '../../src/bytes';
import { formatDate } from '../../src/mail/date';
import { readableText } from '../../src/mail/encoded-words';
import { outcomeOfSendError } from '../../src/mail/send-errors';
import { topOf } from '../../src/mail/top';
import { latin1 } from '../support/client';

describe('encoded words', () => {
  it.each([
    ['plain', 'plain'],
    ['=?utf-8?q?J=C3=B6rg_M?= <j@x>', 'Jörg M <j@x>'],
    ['=?UTF-8?B?54yr?=', '猫'],
    ['=?utf-8?q?a?= =?utf-8?q?b?= c', 'ab c'],
    ['=?iso-8859-1?q?=E9t=E9?=', 'été'],
    ['=?utf-8*en?q?x?=', 'x'],
    ['=?klingon?q?x?=', '=?klingon?q?x?='],
    ['=?utf-8?b?***?=', '=?utf-8?b?***?='],
    ['=?utf-8?q?a=0D=0Ab=00?=', 'a b'],
    ['a\t  b', 'a b'],
  ])('%j reads %j', (value, expected) => {
    expect(readableText(value, 100)).toBe(expected);
  });

  it('cuts by characters, never inside one', () => {
    expect(readableText('😀😀😀', 2)).toBe('😀😀');
  });
});

describe('date', () => {
  it('is that of RFC 5322', () => {
    expect(formatDate(Date.UTC(2026, 10, 4, 5, 6, 7))).toBe('Wed, 04 Nov 2026 05:06:07 +0000');
  });
});

describe('top of a message', () => {
  const message = 'A: b\r\nC: d\r\n\r\none\r\ntwo\r\nthree';

  it.each([
    [0, 'A: b\r\nC: d\r\n\r\n'],
    [1, 'A: b\r\nC: d\r\n\r\none\r\n'],
    [2, 'A: b\r\nC: d\r\n\r\none\r\ntwo\r\n'],
    [3, message],
    [99, message],
  ])('with %i lines, split at every place', (lines, expected) => {
    for (let split = 0; split <= message.length; split += 1) {
      const bytes = encode(message);
      const pieces = [bytes.subarray(0, split), bytes.subarray(split)];

      expect([...topOf(pieces, lines)].map(latin1).join('')).toBe(expected);
    }
  });

  it('knows bare line feeds, and a message without a body', () => {
    expect(latin1([...topOf([encode('A: b\n\nx\ny\n')], 1)][0] ?? encode(''))).toBe('A: b\n\nx\n');
    expect(latin1([...topOf([encode('A: b\r\n')], 1)][0] ?? encode(''))).toBe('A: b\r\n');
  });
});

describe('send errors', () => {
  const outcome = (code: unknown) => outcomeOfSendError(Object.assign(new Error('why'), { code }));

  it.each([
    ['E_RECIPIENT_SUPPRESSED', 'refused', '550 5.1.1'],
    ['E_RECIPIENT_NOT_ALLOWED', 'refused', '550 5.1.1'],
    ['E_CONTENT_TOO_LARGE', 'refused', '552 5.3.4'],
    ['E_SENDER_NOT_VERIFIED', 'refused', '550 5.7.1'],
    ['E_VALIDATION_ERROR', 'refused', '550 5.6.0'],
    ['E_RATE_LIMIT_EXCEEDED', 'queued', '451 4.7.1'],
    ['E_DAILY_LIMIT_EXCEEDED', 'queued', '451 4.7.1'],
    ['E_DELIVERY_FAILED', 'queued', '451 4.4.1'],
    ['E_INTERNAL_SERVER_ERROR', 'queued', '451 4.3.0'],
    ['E_NEVER_HEARD_OF', 'queued', '451 4.3.0'],
  ])('%s: %s', (code, status, smtp) => {
    expect(outcome(code)).toEqual({ status, code: smtp, reason: `${code}: why` });
  });

  it.each([undefined, null, 7, ''])('is no answer with the code %j', (code) => {
    expect(outcome(code)).toMatchObject({ status: 'uncertain', reason: 'why' });
  });

  it('gives a reason that fits on one line of a report', () => {
    const error = Object.assign(new Error(`a\r\nb\u0000${'c'.repeat(999)}`), { code: 'E_X' });
    const { reason } = outcomeOfSendError(error) as { reason: string };

    expect(reason).toMatch(/^E_X: a bc?[\x20-\x7e]*$/);
    expect(reason.length).toBeLessThan(320);
    expect(outcomeOfSendError('text')).toMatchObject({ status: 'uncertain', reason: 'text' });
  });
});
