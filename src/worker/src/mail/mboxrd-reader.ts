// Reads a mailbox file of the kind mboxrd as it arrives, in pieces cut anywhere, and gives the messages back.

import { concatenate, encode } from '../bytes';
import { dateOfFromLine } from './from-line';
import { FROM, LineStart, MAX_LINE_START } from './mbox-line-start';

const LF = 10;
const QUOTE = encode('>');
const NO_LINE = encode('');
const LF_LINE = encode('\n');
const CRLF_LINE = encode('\r\n');
/** Of what stands after `From `, with the line end. A longer line is text, of which nothing may be dropped. */
export const MAX_FROM_LINE = 1000;
/** What may wait for the next piece: an empty line, the start of a line, and a From_ line. */
const MAX_HELD = 2 + MAX_LINE_START + FROM.length + MAX_FROM_LINE;

export type MboxEvent =
  | { readonly kind: 'start'; readonly date: number | null }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  /** Comes before any message or never, and nothing comes after it. */
  | { readonly kind: 'not_mbox' };

/**
 * A message begins with a `From ` line at the beginning of the file or after an empty line, LF or CRLF, which
 * belongs to neither message. Only what may turn out to be one of those is held back; the rest goes out with its
 * piece, so lines and messages may be of any length.
 */
export class MboxReader {
  #line: 'start' | 'text' | 'from' | 'refused' = 'start';
  #inMessage = false;
  readonly #start = new LineStart();
  #emptyLine = NO_LINE;
  readonly #fromLine = new Uint8Array(MAX_FROM_LINE);
  #fromLength = 0;
  #output = new Uint8Array(0);
  #filled = 0;
  #sent = 0;

  *push(piece: Uint8Array): Generator<MboxEvent, void> {
    this.#makeRoom(piece.length);

    for (let at = 0; at < piece.length && this.#line !== 'refused'; ) {
      if (this.#line === 'start') {
        at += this.#takeStart(piece[at] ?? 0);
        continue;
      }

      const feed = piece.indexOf(LF, at);
      const part = piece.subarray(at, feed === -1 ? piece.length : feed + 1);
      at += part.length;

      if (this.#line === 'text') {
        this.#takeText(part);
      } else if (this.#takeFromLine(part)) {
        yield* this.#beginMessage();
      }
    }

    yield* this.#flush();
  }

  /** A From_ line that the end of the file cut off begins nothing. */
  *end(): Generator<MboxEvent, void> {
    this.#makeRoom(0);

    if (!this.#start.isNothing) {
      this.#becomeText(this.#start.release());
    } else if (this.#line === 'from' && !this.#inMessage) {
      this.#line = 'refused';
    }

    yield* this.#flush();
    yield* this.#endMessage();
  }

  /** Returns how many octets are used up: that which shows a line to be text is copied with the line. */
  #takeStart(octet: number): 0 | 1 {
    switch (this.#start.take(octet)) {
      case 'unknown':
        return 1;
      case 'another_quote':
        this.#becomeText(QUOTE);
        this.#line = this.#inMessage ? 'start' : 'refused';
        return 1;
      case 'empty_line':
        this.#takeEmptyLine();
        return 1;
      case 'from':
        this.#takeFrom(this.#start.release());
        return 1;
      case 'quoted_from':
        this.#becomeText(this.#start.release().subarray(QUOTE.length));
        return 1;
      case 'text':
        this.#becomeText(this.#start.release());
        return 0;
    }
  }

  /** Empty lines at the beginning of the file belong to no message. */
  #takeEmptyLine(): void {
    this.#append(this.#emptyLine);
    const line = this.#start.release().length === 0 ? LF_LINE : CRLF_LINE;
    this.#emptyLine = this.#inMessage ? line : NO_LINE;
  }

  #takeFrom(from: Uint8Array): void {
    if (this.#inMessage && this.#emptyLine.length === 0) {
      this.#becomeText(from);
    } else {
      this.#line = 'from';
      this.#fromLength = 0;
    }
  }

  #becomeText(beginning: Uint8Array): void {
    this.#append(this.#emptyLine);
    this.#append(beginning);
    this.#emptyLine = NO_LINE;
    this.#line = this.#inMessage ? 'text' : 'refused';
  }

  #takeText(part: Uint8Array): void {
    this.#append(part);

    if (part.at(-1) === LF) {
      this.#line = 'start';
    }
  }

  /** Returns whether the line is whole, and one that begins a message. */
  #takeFromLine(part: Uint8Array): boolean {
    if (this.#fromLength + part.length <= MAX_FROM_LINE) {
      this.#fromLine.set(part, this.#fromLength);
      this.#fromLength += part.length;

      return part.at(-1) === LF;
    }

    this.#becomeText(concatenate([FROM, this.#fromLine.subarray(0, this.#fromLength)]));

    if (this.#line === 'text') {
      this.#takeText(part);
    }

    return false;
  }

  *#beginMessage(): Generator<MboxEvent, void> {
    yield* this.#flush();
    yield* this.#endMessage();
    this.#emptyLine = NO_LINE;
    this.#inMessage = true;
    this.#line = 'start';

    yield { kind: 'start', date: dateOfFromLine(this.#fromLine.subarray(0, this.#fromLength)) };
  }

  *#endMessage(): Generator<MboxEvent, void> {
    if (this.#inMessage) {
      this.#inMessage = false;
      yield { kind: 'end' };
    }
  }

  #makeRoom(length: number): void {
    this.#output = new Uint8Array(length + MAX_HELD);
    this.#filled = 0;
    this.#sent = 0;
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length === 0) {
      return;
    }

    this.#output.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  *#flush(): Generator<MboxEvent, void> {
    if (this.#line === 'refused') {
      yield { kind: 'not_mbox' };
    } else if (this.#filled > this.#sent) {
      yield { kind: 'data', bytes: this.#output.subarray(this.#sent, this.#filled) };
      this.#sent = this.#filled;
    }
  }
}
