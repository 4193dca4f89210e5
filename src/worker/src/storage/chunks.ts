// The raw bytes of messages, in rows small enough for the database.

import { CHUNK_SIZE } from '../limits';

/** 4,096 chunks of 1 MiB are far more than one message may have. */
const CHUNKS_PER_MESSAGE = 4096;

export class ChunkStore {
  constructor(readonly sql: SqlStorage) {}

  write(number: number, part: number, data: Uint8Array): void {
    this.sql.exec(
      'INSERT INTO chunks (position, data) VALUES (?, ?)',
      number * CHUNKS_PER_MESSAGE + part,
      data,
    );
  }

  remove(number: number): void {
    this.sql.exec(
      'DELETE FROM chunks WHERE position BETWEEN ? AND ?',
      number * CHUNKS_PER_MESSAGE,
      (number + 1) * CHUNKS_PER_MESSAGE - 1,
    );
  }

  /**
   * The octets from `start` to `end`, exclusive, one row in memory at a time. A byte stream takes the buffer of
   * what it is given away, so nothing of a piece is looked at after it was yielded.
   */
  *read(number: number, start: number, end: number): Generator<Uint8Array, void> {
    for (let offset = start; offset < end; ) {
      const part = Math.floor(offset / CHUNK_SIZE);
      const data = this.#chunk(number, part);
      const piece = data.subarray(offset - part * CHUNK_SIZE, end - part * CHUNK_SIZE);

      if (piece.length === 0) {
        throw new Error(`message ${number} ends at ${offset}, not at ${end}`);
      }

      offset += piece.length;
      yield piece;
    }
  }

  /** A message deleted while it is read has no chunk any more: the reader sees a stream that breaks. */
  #chunk(number: number, part: number): Uint8Array {
    const row = this.sql
      .exec('SELECT data FROM chunks WHERE position = ?', number * CHUNKS_PER_MESSAGE + part)
      .toArray()[0];

    if (row === undefined) {
      throw new Error(`message ${number} has no chunk ${part}`);
    }

    return new Uint8Array(row.data as ArrayBuffer);
  }
}
