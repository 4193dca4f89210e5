// Counts a message's octets in the form POP3 sends: every line ended by CRLF, the last one too.

const CR = 13;
const LF = 10;

/**
 * A LF without a CR before it grows by one octet; a missing CRLF at the end adds two. A lone CR is not a
 * line ending (RFC 5322 section 2.3) and stays what it is. Nothing at all stays nothing.
 */
export class WireCounter {
  octets = 0;
  #bareLineFeeds = 0;
  #last = 0;

  update(bytes: Uint8Array): void {
    let feed = bytes.indexOf(LF);

    while (feed !== -1) {
      const before = feed === 0 ? this.#last : bytes[feed - 1];
      this.#bareLineFeeds += before === CR ? 0 : 1;
      feed = bytes.indexOf(LF, feed + 1);
    }

    this.octets += bytes.length;
    this.#last = bytes.at(-1) ?? this.#last;
  }

  get wire(): number {
    // A final bare LF was counted above and is a CRLF on the wire: it needs no second one.
    const finalLineEnd = this.octets === 0 || this.#last === LF ? 0 : 2;

    return this.octets + this.#bareLineFeeds + finalLineEnd;
  }
}
