// Collects the header block of a message from its first bytes, however they are split, and no more than that.

const CR = 13;
const LF = 10;

export class HeaderCollector {
  #bytes: Uint8Array;
  #length = 0;
  #lineStart = 0;
  #ended = false;

  constructor(readonly limit: number) {
    this.#bytes = new Uint8Array(Math.min(limit, 8192));
  }

  /** Takes what belongs to the header block, and returns how many octets that was. */
  update(bytes: Uint8Array): number {
    let index = 0;

    for (; index < bytes.length && !this.#ended && !this.overflowed; index += 1) {
      this.#append(bytes[index] ?? 0);
    }

    return index;
  }

  get overflowed(): boolean {
    return this.#length > this.limit;
  }

  /** The fields with their line ends, without the empty line that closes them. */
  get block(): Uint8Array {
    return this.#bytes.subarray(0, this.#ended ? this.#lineStart : this.#length);
  }

  #append(octet: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }

    this.#bytes[this.#length] = octet;
    this.#length += 1;

    if (octet === LF) {
      this.#endLine();
    }
  }

  #endLine(): void {
    const line = this.#length - 1 - this.#lineStart;
    const empty = line === 0 || (line === 1 && this.#bytes[this.#lineStart] === CR);

    if (empty) {
      this.#ended = true;
    } else {
      this.#lineStart = this.#length;
    }
  }
}
