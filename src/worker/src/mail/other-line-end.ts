// The digest of a message with one line feed less at its end, or one more: what a mailbox file cannot tell apart.

import { toHex } from '../bytes';

const LF = 10;

/**
 * In a mailbox file every message ends with a line feed. So one that came without it has another digest when it
 * comes back, and this is the digest that it had.
 */
export class OtherLineEnd {
  readonly #digest = new crypto.DigestStream('SHA-256');
  readonly #writer = this.#digest.getWriter();
  #feedIsHeld = false;
  /** The last octet but for a final line feed; nothing at all is like a line that has its end. */
  #lastOfRest = LF;

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) {
      return;
    }

    if (this.#feedIsHeld) {
      await this.#writer.write(Uint8Array.of(LF));
      this.#lastOfRest = LF;
    }

    this.#feedIsHeld = bytes.at(-1) === LF;
    const rest = this.#feedIsHeld ? bytes.subarray(0, -1) : bytes;
    this.#lastOfRest = rest.at(-1) ?? this.#lastOfRest;
    await this.#writer.write(rest);
  }

  /** Null where the line feed was not added by a file: nothing at all, and what ends with an empty line. */
  async finish(): Promise<string | null> {
    if (!this.#feedIsHeld) {
      await this.#writer.write(Uint8Array.of(LF));
    }

    await this.#writer.close();
    const digest = toHex(await this.#digest.digest);

    return this.#lastOfRest === LF ? null : digest;
  }
}
