// Tells octet by octet how a line of a mailbox file begins, and keeps no more of it than may have to change.

import { encode } from '../bytes';

const CR = 13;
const LF = 10;
const QUOTE = 62;
const QUOTED_FROM = encode('>From ');
const CARRIAGE_RETURN = encode('\r');
const NOTHING = encode('');
export const FROM = encode('From ');
export const MAX_LINE_START = FROM.length + 1;

/** `another_quote`: one of the `>` of this line is text for certain, and the caller may pass it on. */
export type LineStartKind =
  | 'unknown'
  | 'another_quote'
  | 'empty_line'
  | 'from'
  | 'quoted_from'
  | 'text';

/** Which one of several `>` is taken away makes no difference, so only the last one waits here. */
export class LineStart {
  #quoted = false;
  #matched = 0;
  #carriageReturn = false;

  /** The octet that shows a line to be `text` is the only one that is not kept. */
  take(octet: number): LineStartKind {
    if (octet === FROM[this.#matched] && !this.#carriageReturn) {
      return this.#takeLetter();
    }

    if (octet === QUOTE && this.#matched === 0 && !this.#carriageReturn) {
      const kind = this.#quoted ? 'another_quote' : 'unknown';
      this.#quoted = true;

      return kind;
    }

    if (octet === CR && this.isNothing) {
      this.#carriageReturn = true;

      return 'unknown';
    }

    return octet === LF && !this.#quoted && this.#matched === 0 ? 'empty_line' : 'text';
  }

  get isNothing(): boolean {
    return !this.#quoted && this.#matched === 0 && !this.#carriageReturn;
  }

  /** Gives what was kept, not to be written to, and is ready for another line. */
  release(): Uint8Array {
    const kept = this.#kept();
    this.#quoted = false;
    this.#matched = 0;
    this.#carriageReturn = false;

    return kept;
  }

  /** Nothing is made anew here: there are messages of 25 million lines. */
  #kept(): Uint8Array {
    if (this.isNothing) {
      return NOTHING;
    }

    return this.#carriageReturn
      ? CARRIAGE_RETURN
      : QUOTED_FROM.subarray(this.#quoted ? 0 : 1, 1 + this.#matched);
  }

  #takeLetter(): LineStartKind {
    this.#matched += 1;

    if (this.#matched < FROM.length) {
      return 'unknown';
    }

    return this.#quoted ? 'quoted_from' : 'from';
  }
}
