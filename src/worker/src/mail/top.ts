// What POP3's TOP asks for (RFC 1939 section 7): the header, the empty line, and some lines of the body.

const CR = 13;
const LF = 10;

/** Yields the bytes as they are up to there, and asks for no more of them than it needs. */
export function* topOf(
  pieces: Iterable<Uint8Array>,
  bodyLines: number,
): Generator<Uint8Array, void> {
  let remaining = bodyLines;
  let inBody = false;
  let lineIsEmpty = true;

  for (const piece of pieces) {
    for (let index = 0; index < piece.length; index += 1) {
      const octet = piece[index];

      if (octet !== LF) {
        lineIsEmpty = lineIsEmpty && octet === CR;
        continue;
      }

      remaining -= inBody ? 1 : 0;
      inBody = inBody || lineIsEmpty;
      lineIsEmpty = true;

      if (inBody && remaining <= 0) {
        yield piece.subarray(0, index + 1);
        return;
      }
    }

    yield piece;
  }
}
