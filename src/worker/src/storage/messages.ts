// The messages of one mailbox object, and the single growing sequence of their changes.

import { randomBytes, toHex } from '../bytes';
import { MAX_TOMBSTONES } from '../limits';
import { ChunkStore } from './chunks';
import { sweepUploads, Upload, type UploadedMessage } from './upload';

export type MailboxName = 'inbox' | 'sent';

export interface StoredMessage {
  readonly number: number;
  readonly id: string;
  readonly octets: number;
  readonly sha256: string;
}

export interface Change {
  readonly id: string;
  readonly seq: number;
  readonly octets: number;
  readonly wire: number;
  readonly received: number;
  readonly flags: string[];
  readonly deleted: boolean;
}

export interface MailboxState {
  readonly seq: number;
  /** A client that was in step before this has missed deletions that nobody remembers. */
  readonly floor: number;
  readonly messages: number;
  readonly size: number;
}

/** The number finds the row; the tag makes the id one that is never used again, nor guessed. */
export function messageId(number: number, tag: string): string {
  return `${number.toString(36)}-${tag}`;
}

export function parseMessageId(id: string): { number: number; tag: string } | null {
  const [, number, tag] = /^([0-9a-z]{1,9})-([0-9a-f]{16})$/.exec(id) ?? [];

  return number === undefined || tag === undefined
    ? null
    : { number: Number.parseInt(number, 36), tag };
}

export class MessageStore {
  readonly chunks: ChunkStore;
  #lastNumber: number;

  constructor(readonly sql: SqlStorage) {
    this.chunks = new ChunkStore(sql);
    sweepUploads(this.chunks);
    this.#lastNumber = Number(sql.exec('SELECT number FROM state').one().number);
  }

  get state(): MailboxState {
    const row = this.sql.exec('SELECT seq, floor, messages, size FROM state').one();

    return {
      seq: Number(row.seq),
      floor: Number(row.floor),
      messages: Number(row.messages),
      size: Number(row.size),
    };
  }

  /** Numbers are given out at once, so that several messages can come in at the same time. */
  begin(headerLimit: number, withBodyDigest = false): Upload {
    this.#lastNumber += 1;

    return new Upload(this.chunks, this.#lastNumber, headerLimit, withBodyDigest);
  }

  /** The commit of a message, whose `delivery` tells it from others if it was delivered; runs in the caller's transaction, together with what belongs to it. */
  insert(
    upload: Upload,
    uploaded: UploadedMessage,
    mailbox: MailboxName,
    received: number,
    delivery = '',
  ): StoredMessage & { readonly tag: string; readonly seq: number } {
    const { number, octets, wire, sha256 } = uploaded;
    const tag = toHex(randomBytes(8));
    const seq = this.state.seq + 1;

    upload.store();
    this.sql.exec(
      `INSERT INTO messages (number, tag, mailbox, seq, octets, wire, sha256, received, flags, added, delivery)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      number,
      tag,
      mailbox,
      seq,
      octets,
      wire,
      sha256,
      received,
      mailbox === 'sent' ? '\\Seen' : '',
      Date.now(),
      delivery,
    );
    this.sql.exec(
      `UPDATE state SET seq = ?, number = max(number, ?), messages = messages + 1, size = size + ?`,
      seq,
      number,
      octets,
    );

    return { number, id: messageId(number, tag), tag, seq, octets, sha256 };
  }

  /** A page of the changes after `since`, up to and including `until`; a first listing needs no tombstones. */
  changes(
    mailbox: MailboxName,
    since: number,
    until: number,
    withDeleted: boolean,
    limit: number,
  ): Change[] {
    const rows = this.sql
      .exec(
        `SELECT number, tag, seq, octets, wire, received, flags, deleted FROM messages
         WHERE mailbox = ? AND seq > ? AND seq <= ? AND deleted <= ? ORDER BY seq LIMIT ?`,
        mailbox,
        since,
        until,
        withDeleted ? 1 : 0,
        limit,
      )
      .raw();

    return [...rows].map(([number, tag, seq, octets, wire, received, flags, deleted]) => ({
      id: messageId(Number(number), String(tag)),
      seq: Number(seq),
      octets: Number(octets),
      wire: Number(wire),
      received: Number(received),
      flags: flags === '' ? [] : String(flags).split(' '),
      deleted: deleted !== 0,
    }));
  }

  find(id: string): StoredMessage | null {
    const key = parseMessageId(id);

    if (key === null) {
      return null;
    }

    const row = this.sql
      .exec(
        'SELECT octets, sha256 FROM messages WHERE number = ? AND tag = ? AND deleted = 0',
        key.number,
        key.tag,
      )
      .toArray()[0];

    return row === undefined
      ? null
      : { number: key.number, id, octets: Number(row.octets), sha256: String(row.sha256) };
  }

  /** When the oldest message that is still here came in; null where there is none. */
  oldestAdded(): number | null {
    const row = this.sql
      .exec('SELECT added FROM messages WHERE deleted = 0 ORDER BY number LIMIT 1')
      .toArray()[0];

    return row === undefined ? null : Number(row.added);
  }

  /** The oldest messages, those that came in by `time`, and not more than `limit`. */
  addedBy(time: number, limit: number): StoredMessage[] {
    return this.sql
      .exec(
        'SELECT number, tag, octets, sha256, added FROM messages WHERE deleted = 0 ORDER BY number LIMIT ?',
        limit,
      )
      .toArray()
      .filter((row) => Number(row.added) <= time)
      .map((row) => ({
        number: Number(row.number),
        id: messageId(Number(row.number), String(row.tag)),
        octets: Number(row.octets),
        sha256: String(row.sha256),
      }));
  }

  /**
   * Leaves a tombstone in place of a message; runs in the caller's transaction. The bytes go too, unless
   * `keepBytes`: a message that is still on its way out is needed until it got there.
   */
  remove(message: StoredMessage, keepBytes: boolean): void {
    const seq = this.state.seq + 1;

    if (!keepBytes) {
      this.chunks.remove(message.number);
    }

    this.sql.exec('UPDATE messages SET seq = ?, deleted = 1 WHERE number = ?', seq, message.number);
    this.sql.exec(
      `UPDATE state SET seq = ?, messages = messages - 1, size = size - ?, tombstones = tombstones + 1`,
      seq,
      message.octets,
    );
  }

  isDeleted(number: number): boolean {
    const rows = this.sql.exec('SELECT deleted FROM messages WHERE number = ?', number).toArray();

    return rows[0]?.deleted !== 0;
  }

  /** Forgets the older half of the tombstones when there are too many, and remembers up to which change. */
  pruneTombstones(limit = MAX_TOMBSTONES): void {
    const count = Number(this.sql.exec('SELECT tombstones FROM state').one().tombstones);

    if (count <= limit) {
      return;
    }

    const pruned = count - Math.floor(limit / 2);
    const floor = this.sql
      .exec(
        `SELECT max(seq) AS seq FROM (SELECT seq FROM messages WHERE deleted = 1 ORDER BY seq LIMIT ?)`,
        pruned,
      )
      .one().seq;

    this.sql.exec('DELETE FROM messages WHERE deleted = 1 AND seq <= ?', floor);
    this.sql.exec('UPDATE state SET floor = ?, tombstones = tombstones - ?', floor, pruned);
  }
}
