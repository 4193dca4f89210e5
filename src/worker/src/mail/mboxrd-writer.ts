// Writes a message as it stands in a mailbox file of the kind mboxrd: any line can be told from a From_ line.

import { concatenate, encode } from '../bytes';
import { formatFromLine, senderOf } from './from-line';
import { FROM } from './mbox-line-start';

const LF = 10;
const QUOTE = 62;
const NOTHING = new Uint8Array(0);

/**
 * One piece comes out for each that goes in, so a message of any size streams through. The sender is looked for
 * in the first piece only, which holds far more than a line. Nothing of a piece is looked at after it was
 * yielded: a byte stream takes its buffer away.
 */
export function* writeMessage(
  pieces: Iterable<Uint8Array>,
  received: number,
): Generator<Uint8Array, void> {
  const quoter = new Quoter();
  let isFirst = true;

  for (const piece of pieces) {
    if (isFirst) {
      yield encode(formatFromLine(senderOf(piece), received));
      isFirst = false;
    }

    yield quoter.quote(piece);
  }

  if (isFirst) {
    yield encode(formatFromLine(senderOf(NOTHING), received));
  }

  yield quoter.end();
}

/**
 * A line of any number of `>` and then `From ` gets one more `>`. It makes no difference where among the others
 * it is put, so it goes right before the `F`, and only the letters of a cut `From` have to wait for the next piece.
 */
class Quoter {
  /** Whether a `From ` that comes now would stand at the start of its line, apart from `>`. */
  #mayBegin = true;
  #held = 0;
  #endsLine = true;

  quote(piece: Uint8Array): Uint8Array {
    const input = this.#held === 0 ? piece : concatenate([FROM.subarray(0, this.#held), piece]);
    const places = this.#scan(input);
    const output = input.subarray(0, input.length - this.#held);
    this.#endsLine = input.length === 0 ? this.#endsLine : input.at(-1) === LF;

    return places.length === 0 ? output : insertQuotes(output, places);
  }

  /** RFC 4155: an empty line closes a message, after the line end that its last line may lack. */
  end(): Uint8Array {
    const lineEnds = this.#endsLine ? [LF] : [LF, LF];

    return concatenate([FROM.subarray(0, this.#held), Uint8Array.from(lineEnds)]);
  }

  #scan(input: Uint8Array): number[] {
    const places: number[] = [];
    let at = this.#mayBegin ? 0 : lineAfter(input, 0);
    this.#held = 0;

    while (at < input.length) {
      const start = skipQuotes(input, at);
      const matched = matchFrom(input, start);

      if (matched < FROM.length && start + matched === input.length) {
        this.#held = matched;
        this.#mayBegin = true;
        return places;
      }

      if (matched === FROM.length) {
        places.push(start);
      }

      at = lineAfter(input, start);
    }

    this.#mayBegin = at === input.length;

    return places;
  }
}

function lineAfter(input: Uint8Array, start: number): number {
  const feed = input.indexOf(LF, start);

  return feed === -1 ? Number.POSITIVE_INFINITY : feed + 1;
}

function skipQuotes(input: Uint8Array, start: number): number {
  let at = start;

  while (input[at] === QUOTE) {
    at += 1;
  }

  return at;
}

function matchFrom(input: Uint8Array, start: number): number {
  let matched = 0;

  while (matched < FROM.length && input[start + matched] === FROM[matched]) {
    matched += 1;
  }

  return matched;
}

function insertQuotes(input: Uint8Array, places: readonly number[]): Uint8Array {
  const output = new Uint8Array(input.length + places.length);
  let done = 0;

  for (const [count, place] of places.entries()) {
    output.set(input.subarray(done, place), done + count);
    output[place + count] = QUOTE;
    done = place;
  }

  output.set(input.subarray(done), done + places.length);

  return output;
}
