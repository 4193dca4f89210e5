// Takes the JSON line off the front of a framed body and leaves the rest of the stream to whoever stores it.

import { failure, type Result, success } from '../result';

const LF = 10;

export interface FirstLine {
  readonly line: string;
  /** Whoever stops reading it early leaves what follows to the next reader. */
  readonly rest: AsyncIterable<Uint8Array>;
}

export async function splitFirstLine(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Result<FirstLine, 'too_long' | 'cut'>> {
  if (body === null) {
    return failure('cut');
  }

  const reader = body.getReader();
  const head: Uint8Array[] = [];

  for (let length = 0; length <= limit; ) {
    const { done, value } = await reader.read();

    if (done) {
      return failure('cut');
    }

    const feed = value.indexOf(LF);

    if (feed !== -1 && length + feed <= limit) {
      const line = await new Blob([...head, value.subarray(0, feed)]).text();

      return success({ line, rest: remaining(reader, value.subarray(feed + 1)) });
    }

    head.push(value);
    length += value.length;
  }

  await reader.cancel();

  return failure('too_long');
}

/** Not a generator: a loop that is left early would close that, and with it the way to the rest. */
function remaining(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: Uint8Array,
): AsyncIterable<Uint8Array> {
  let held = first.length > 0 ? first : null;
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (held !== null) {
      const value = held;
      held = null;

      return { done: false, value };
    }

    const { done, value } = await reader.read();

    return done ? { done, value: undefined } : { done, value };
  };

  return { [Symbol.asyncIterator]: () => ({ next }) };
}

/** Reads what is left of a body, and drops it; a body that goes on beyond all bounds is left alone. */
export async function drain(rest: AsyncIterable<Uint8Array>, limit: number): Promise<void> {
  let length = 0;

  for await (const part of rest) {
    length += part.length;

    if (length > limit) {
      return;
    }
  }
}
