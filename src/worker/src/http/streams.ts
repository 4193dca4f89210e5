// Byte streams out of generators, so that storage is read only as fast as the client takes it.

import { BATCH_SIZE } from '../limits';

export function streamOf(pieces: Iterator<Uint8Array, void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      for (let batched = 0; batched < BATCH_SIZE; ) {
        const next = pieces.next();

        if (next.done) {
          controller.close();
          controller.byobRequest?.respond(0);
          return;
        }

        batched += next.value.length;
        // An empty piece would be an error here, and ends nothing.
        if (next.value.length > 0) {
          controller.enqueue(next.value);
        }
      }
    },
  });
}

/** A JSON line of a framed stream. */
export function frameLine(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}

export const FRAMES_TYPE = 'application/vnd.neko-mail.frames';

/** With a length that is known the client can tell a cut answer from a whole one. */
export function fixedLength(
  stream: ReadableStream<Uint8Array>,
  length: number,
): ReadableStream<Uint8Array> {
  return stream.pipeThrough(new FixedLengthStream(length));
}
