// What is measured of a message while it passes: digests, sizes and the header block, in one pass.

import { toHex } from '../bytes';
import { HeaderCollector } from '../mail/header-block';
import { WireCounter } from '../mail/wire';

export interface Measured {
  readonly octets: number;
  readonly wire: number;
  readonly sha256: string;
  /** Of what follows the header block; null where it was not asked for. */
  readonly bodySha256: string | null;
  readonly header: Uint8Array;
  readonly headerOverflowed: boolean;
}

export class MessageMeter {
  readonly #whole = new Digest();
  readonly #body: Digest | null;
  readonly #counter = new WireCounter();
  readonly #header: HeaderCollector;

  constructor(headerLimit: number, withBody = false) {
    this.#header = new HeaderCollector(headerLimit);
    this.#body = withBody ? new Digest() : null;
  }

  get octets(): number {
    return this.#counter.octets;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#counter.update(bytes);
    const inHeader = this.#header.update(bytes);
    await this.#body?.write(bytes.subarray(inHeader));
    await this.#whole.write(bytes);
  }

  async finish(): Promise<Measured> {
    return {
      octets: this.#counter.octets,
      wire: this.#counter.wire,
      sha256: await this.#whole.finish(),
      bodySha256: (await this.#body?.finish()) ?? null,
      header: this.#header.block,
      headerOverflowed: this.#header.overflowed,
    };
  }
}

class Digest {
  readonly #stream = new crypto.DigestStream('SHA-256');
  readonly #writer = this.#stream.getWriter();

  async write(bytes: Uint8Array): Promise<void> {
    await this.#writer.write(bytes);
  }

  async finish(): Promise<string> {
    await this.#writer.close();

    return toHex(await this.#stream.digest);
  }
}
