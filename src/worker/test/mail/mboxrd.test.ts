import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/bytes';
import { dateOfFromLine, formatFromLine } from '../../src/mail/from-line';
import { MAX_FROM_LINE } from '../../src/mail/mboxrd-reader';
import { OtherLineEnd } from '../../src/mail/other-line-end';
import { cut, nastyMessages, octets, readMbox, writeMbox } from '../support/mbox';

const CUTS = [1, 2, 3, 7, 64, 1 << 20];
const FROM_LINE = 'From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n';
const NIGHT = Date.UTC(2026, 10, 19, 10, 0, 0);

/** What a mailbox file can say of a message: that its last line had no end, it cannot. */
function ended(message: string): string {
  return message === '' || message.endsWith('\n') ? message : `${message}\n`;
}

describe('writing', () => {
  it.each([
    ['From x\n', '>From x\n'],
    ['>From x\n', '>>From x\n'],
    ['a\n>>>From x\r\n', 'a\n>>>>From x\r\n'],
    ['a\n\nFrom x\nFrom y\n', 'a\n\n>From x\n>From y\n'],
    ['a From x\n From y\nfrom z\nFrom:\n', 'a From x\n From y\nfrom z\nFrom:\n'],
    ['a\rFrom x\n', 'a\rFrom x\n'],
    ['a\r\n', 'a\r\n'],
    ['a', 'a\n'],
    ['a\r', 'a\r\n'],
    ['From', 'From\n'],
    ['From ', '>From \n'],
    ['', ''],
  ])('%j as %j, however it is cut', (message, written) => {
    for (const length of CUTS) {
      expect(writeMbox([message], length)).toBe(`${FROM_LINE}${written}\n`);
    }
  });

  it('names the envelope sender where the message does, and only an address', () => {
    const sender = (top: string) => writeMbox([`${top}\r\n\r\nx`]).split(' ')[1];
    expect(sender('Return-Path: <bob+x@example.org>')).toBe('bob+x@example.org');
    expect(sender('Return-Path: <>')).toBe('MAILER-DAEMON');
    expect(sender('Return-Path: <"a b"@example.org>')).toBe('MAILER-DAEMON');
    expect(sender('Return-Path: <é@example.org>')).toBe('MAILER-DAEMON');
    expect(sender('X: y\r\nReturn-Path: <bob@example.org>')).toBe('MAILER-DAEMON');
    expect(sender(`Return-Path: <${'x'.repeat(999)}>`)).toBe('MAILER-DAEMON');
  });
});

describe('reading', () => {
  it.each([
    ['nothing', '', []],
    ['empty lines', '\n\r\n', []],
    ['one', `${FROM_LINE}a\n\n`, ['a\n']],
    ['no final empty line', `${FROM_LINE}a\n`, ['a\n']],
    ['no final line end', `${FROM_LINE}a`, ['a']],
    ['leading empty lines', `\n\r\n${FROM_LINE}a\n\n`, ['a\n']],
    ['CRLF', 'From x\r\na\r\n\r\nb\r\n\r\nFrom y\r\nc\r\n\r\n', ['a\r\n\r\nb\r\n', 'c\r\n']],
    ['an empty one', `${FROM_LINE}\n${FROM_LINE}\n`, ['', '']],
    ['empty lines at its end', `${FROM_LINE}a\n\n\n\nFrom y\nb\n\n\n`, ['a\n\n\n', 'b\n\n']],
    ['lone CR', `${FROM_LINE}\r\r\n\r`, ['\r\r\n\r']],
    ['no empty line before', `${FROM_LINE}From x\na\nFrom y\n\n`, ['From x\na\nFrom y\n']],
    [
      'quotes',
      `${FROM_LINE}>From x\n>>From y\n>Fromm\n> >From z\n`,
      ['From x\n>From y\n>Fromm\n> >From z\n'],
    ],
    ['a quote after an empty line', `${FROM_LINE}a\n\n>From x\n`, ['a\n\nFrom x\n']],
    ['a line cut at the end', `${FROM_LINE}a\n\n>Fro`, ['a\n\n>Fro']],
    ['a From_ line cut at the end', `${FROM_LINE}a\n\nFrom x Thu`, ['a\n']],
  ])('%s, however it is cut', (_, file, messages) => {
    for (const length of CUTS) {
      expect(readMbox(file, length)?.map(({ text }) => text)).toEqual(messages);
    }
  });

  it.each(['x', 'Subject: x\n\nFrom x\n', '>From x\na\n', '>>', 'Fro', 'From x', '\n\rFrom x\n'])(
    'refuses %j',
    (file) => {
      for (const length of CUTS) {
        expect(readMbox(file, length)).toBeNull();
      }
    },
  );

  it('takes a From_ line up to its bound, and drops nothing of a longer one', () => {
    const line = `From ${'x'.repeat(MAX_FROM_LINE - 1)}\n`;

    for (const length of CUTS) {
      const texts = (file: string) => readMbox(file, length)?.map(({ text }) => text);
      expect(texts(`${line}a\n\n${line}b\n`)).toEqual(['a\n', 'b\n']);
      expect(texts(`${FROM_LINE}a\n\n${'From x'}${line}b\n`)).toEqual([`a\n\nFrom x${line}b\n`]);
      expect(texts(`From x${line}a\n`)).toBeUndefined();
    }
  });

  it('gives the date of each message', () => {
    const file = 'From a@b Thu Nov 19 10:00:00 2026\n\nFrom ?\n\n';
    expect(readMbox(file)?.map(({ date }) => date)).toEqual([NIGHT, null]);
  });
});

describe('there and back', () => {
  const messages = nastyMessages(400);

  it.each(CUTS)('nothing changes, cut into %i octets', (length) => {
    const file = writeMbox(messages, length);
    const texts = readMbox(file, length)?.map(({ text }) => text);
    expect(texts).toEqual(messages.map(ended));
  });

  it('nothing changes, cut at every place', () => {
    const file = writeMbox(messages.filter((message) => message.length < 300).slice(0, 60));
    const whole = readMbox(file);

    for (let length = 1; length < 500; length += 1) {
      expect(readMbox(file, length)).toEqual(whole);
    }
  });

  it('the same file is written, however the messages are cut', () => {
    const whole = writeMbox(messages, 1 << 20);

    for (const length of CUTS) {
      expect(writeMbox(messages, length)).toBe(whole);
    }
  });
});

describe('a From_ line', () => {
  it.each([0, NIGHT, Date.UTC(2024, 1, 29, 23, 59, 59), Date.UTC(2031, 8, 5)])(
    'keeps the second of %i',
    (received) => {
      const line = formatFromLine('a@b', received + 999);
      expect(line).toMatch(/^From a@b [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\n$/);
      expect(dateOfFromLine(octets(line.slice(5)))).toBe(received);
    },
  );

  it.each([
    ['a@b Thu Nov 19 10:00:00 2026', NIGHT],
    ['a@b Thu Nov 19 10:00:00 2026\r\n', NIGHT],
    ['a@b  Thu Nov 19 10:00 2026', NIGHT],
    ['a@b Thu Nov 19 12:00:00 +0200 2026', NIGHT],
    ['a@b Thu Nov 19 04:30:00 2026 -0530', NIGHT],
    ['a@b Thu Nov 19 10:00:00 UTC 2026', NIGHT],
    ['a@b Thu Nov 19 10:00:00 2026 remote from x', NIGHT],
    ['Thu Nov 19 10:00:00 2026', NIGHT],
    ['"a b"@c Thu Nov 19 10:00:00 2026', NIGHT],
    ['a@b Thu Nov  9 10:00:00 2026', NIGHT - 10 * 86_400_000],
    ['a@b Thu Feb 31 10:00:00 2026', null],
    ['a@b Thu Nov 19 10:61:00 2026', null],
    ['a@b Thu Nov 19 24:00:00 2026', null],
    ['a@b Thu Foo 19 10:00:00 2026', null],
    ['a@b Thu Nov 19 10:00:00 1926', null],
    ['a@b', null],
    ['', null],
    [' '.repeat(1000), null],
  ])('%j is %s', (rest, date) => {
    expect(dateOfFromLine(octets(rest))).toBe(date);
  });
});

describe('the digest with the other line end', () => {
  const digestOf = async (text: string) =>
    toHex(await crypto.subtle.digest('SHA-256', octets(text)));

  it.each([
    ['a\n', 'a'],
    ['a', 'a\n'],
    ['a\r\n', 'a\r'],
    ['\na', '\na\n'],
    ['\n\na\n', '\n\na'],
    ['a\n\n', null],
    ['\n\n', null],
    ['', null],
    ['\n', null],
  ])('of %j is that of %j', async (text, other) => {
    for (const length of CUTS) {
      const digest = new OtherLineEnd();

      for (const piece of [new Uint8Array(0), ...cut(octets(text), length)]) {
        await digest.write(piece);
      }

      expect(await digest.finish()).toBe(other === null ? null : await digestOf(other));
    }
  });
});
