// A file in framed parts. Not every client of HTTP sees that a chunked answer was cut between two chunks.

import { BATCH_SIZE } from '../limits';
import { frameLine } from './streams';

/** Small pieces become one part, and none is copied for it. */
export function* partFrames(pieces: Iterable<Uint8Array>): Generator<Uint8Array, void> {
  let part: Uint8Array[] = [];
  let size = 0;

  for (const piece of pieces) {
    part.push(piece);
    size += piece.length;

    if (size >= BATCH_SIZE) {
      yield frameLine({ size });
      yield* part;
      part = [];
      size = 0;
    }
  }

  if (size > 0) {
    yield frameLine({ size });
    yield* part;
  }

  yield frameLine({ end: true });
}
