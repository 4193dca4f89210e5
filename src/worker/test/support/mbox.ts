// Messages that are hard on mailbox files, and how the tests take such files apart.

import { concatenate } from '../../src/bytes';
import { type MboxEvent, MboxReader } from '../../src/mail/mboxrd-reader';
import { writeMessage } from '../../src/mail/mboxrd-writer';
import { latin1 } from './client';

export interface ReadMessage {
  readonly date: number | null;
  readonly text: string;
}

/** Each octet of the text as it is: the tests write bytes as latin-1. */
export function octets(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);

  for (let index = 0; index < text.length; index += 1) {
    bytes[index] = text.charCodeAt(index);
  }

  return bytes;
}

/** Copies, because a stream or a test may take away or overwrite what it was given. */
export function* cut(bytes: Uint8Array, length: number): Generator<Uint8Array<ArrayBuffer>, void> {
  for (let at = 0; at < bytes.length; at += length) {
    yield bytes.slice(at, at + length);
  }
}

export function writeMbox(messages: readonly string[], length = 1024, received = 0): string {
  const files = messages.map((message) =>
    concatenate([...writeMessage(cut(octets(message), length), received)]),
  );

  return latin1(concatenate(files));
}

/** Null for what is no mailbox file. */
export function readMbox(file: string, length = 1024): ReadMessage[] | null {
  const reader = new MboxReader();
  const found: { date: number | null; text: string }[] = [];
  const take = (event: MboxEvent): boolean => {
    if (event.kind === 'start') {
      found.push({ date: event.date, text: '' });
    } else if (event.kind === 'data') {
      const last = found.at(-1) ?? { text: '' };
      last.text += latin1(event.bytes);
    }

    return event.kind === 'not_mbox';
  };

  for (const piece of cut(octets(file), length)) {
    for (const event of reader.push(piece)) {
      if (take(event)) {
        return null;
      }
    }
  }

  return [...reader.end()].some(take) ? null : found;
}

const FRAGMENTS = [
  'From ',
  'From',
  'Fro',
  '>From ',
  '>>>From x\n',
  '>',
  '>>F',
  ' From ',
  'from ',
  '\n',
  '\r\n',
  '\r',
  '\n\n',
  '\r\n\r\n',
  '\0',
  '\xff\xfe\x80',
  'Subject: x\r\n',
  'From a@b Thu Nov 19 10:00:00 2026\n',
  'x'.repeat(200),
  '>'.repeat(70),
] as const;

/** The same for every run: a failure can be looked at again. */
export function nastyMessages(count: number): string[] {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  const message = (): string =>
    Array.from({ length: random(9) }, () => FRAGMENTS[random(FRAGMENTS.length)]).join('');

  return ['', '\n', '\r', '\r\n', '\n\n', 'From ', 'From', '>From x', 'a\n\r', 'a\r'].concat(
    [`${'y'.repeat(100_000)}\nFrom z`],
    Array.from({ length: count }, message),
  );
}
