// Takes in the bytes of one message as they arrive, into chunk rows, and measures them on the way.

import { CHUNK_SIZE } from '../limits';
import type { ChunkStore } from './chunks';
import { type Measured, MessageMeter } from './meter';

export interface UploadedMessage extends Measured {
  readonly number: number;
}

/**
 * Full chunks are written at once, under a number that no message row has, so nothing lists them. The last
 * chunk waits in memory for `store`, which runs in the transaction of the message's row: a small message is
 * one write, and a crash leaves either all of a message or only chunks that `sweep` finds.
 */
export class Upload {
  readonly #meter: MessageMeter;
  #buffer = new Uint8Array(16 * 1024);
  #filled = 0;
  #parts = 0;

  constructor(
    readonly chunks: ChunkStore,
    readonly number: number,
    headerLimit: number,
    withBodyDigest: boolean,
  ) {
    this.#meter = new MessageMeter(headerLimit, withBodyDigest);
  }

  get octets(): number {
    return this.#meter.octets;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#append(bytes);
    await this.#meter.write(bytes);
  }

  async finish(): Promise<UploadedMessage> {
    return { number: this.number, ...(await this.#meter.finish()) };
  }

  /** Writes what is still in memory; call it in the transaction that makes the message. */
  store(): void {
    if (this.#filled > 0) {
      this.chunks.write(this.number, this.#parts, this.#buffer.subarray(0, this.#filled));
    }

    this.#forget();
  }

  /** Takes back everything that was written. Harmless when it is stored or discarded already. */
  discard(): void {
    if (this.#parts > 0) {
      this.chunks.remove(this.number);
    }

    this.#forget();
  }

  #append(bytes: Uint8Array): void {
    let rest = bytes;

    while (rest.length > 0) {
      this.#grow(this.#filled + rest.length);
      const piece = rest.subarray(0, this.#buffer.length - this.#filled);
      this.#buffer.set(piece, this.#filled);
      this.#filled += piece.length;
      rest = rest.subarray(piece.length);

      if (this.#filled === CHUNK_SIZE) {
        this.#flush();
      }
    }
  }

  /** Most messages are small: the buffer starts so, and doubles up to one chunk. */
  #grow(wanted: number): void {
    let size = this.#buffer.length;

    while (size < wanted && size < CHUNK_SIZE) {
      size *= 2;
    }

    if (size > this.#buffer.length) {
      const larger = new Uint8Array(size);
      larger.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = larger;
    }
  }

  #flush(): void {
    if (this.#parts === 0) {
      this.chunks.sql.exec('INSERT INTO uploads (number) VALUES (?)', this.number);
    }

    this.chunks.write(this.number, this.#parts, this.#buffer);
    this.#parts += 1;
    this.#filled = 0;
  }

  #forget(): void {
    if (this.#parts > 0) {
      this.chunks.sql.exec('DELETE FROM uploads WHERE number = ?', this.number);
    }

    this.#parts = 0;
    this.#filled = 0;
  }
}

/** Takes away the chunks of uploads that a crash cut off; for the moment an object wakes, when none runs. */
export function sweepUploads(chunks: ChunkStore): void {
  for (const row of chunks.sql.exec('SELECT number FROM uploads').toArray()) {
    chunks.remove(Number(row.number));
  }

  chunks.sql.exec('DELETE FROM uploads');
}
