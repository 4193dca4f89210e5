// Knows what came in within a day, so that a message which a sender's server brings twice is kept once.

import { DUPLICATE_WINDOW, MAX_REMEMBERED_DELIVERIES } from '../limits';
import { messageId } from './messages';

/** Uploads overlap, so numbers are in the order of arrival only this closely. */
const DISORDER = 60 * 60_000;

interface Delivery {
  readonly id: string;
  readonly added: number;
}

/**
 * The lines on top of a stored message hold its envelope, so its digest says both: the same envelope, and the
 * same bytes. An index of digests would be one more billed row for each message; instead, an object that wakes
 * reads its last day once, deleted messages included.
 */
export class RecentDeliveries {
  #byDigest: Map<string, Delivery> | null = null;

  constructor(readonly sql: SqlStorage) {}

  /** The id of the message with this digest, where one came within a day. */
  find(sha256: string, now: number): string | null {
    this.#byDigest ??= this.#load(now);
    const found = this.#byDigest.get(sha256);

    return found !== undefined && found.added > now - DUPLICATE_WINDOW ? found.id : null;
  }

  add(sha256: string, id: string, now: number): void {
    this.#byDigest?.set(sha256, { id, added: now });

    for (const [digest, { added }] of this.#byDigest ?? []) {
      const isTooMany = (this.#byDigest?.size ?? 0) > MAX_REMEMBERED_DELIVERIES;

      if (added > now - DUPLICATE_WINDOW && !isTooMany) {
        return;
      }

      this.#byDigest?.delete(digest);
    }
  }

  #load(now: number): Map<string, Delivery> {
    const found: [string, Delivery][] = [];
    const rows = this.sql.exec(
      "SELECT number, tag, sha256, added FROM messages WHERE mailbox = 'inbox' ORDER BY number DESC LIMIT ?",
      MAX_REMEMBERED_DELIVERIES,
    );

    for (const { number, tag, sha256, added } of rows) {
      if (Number(added) < now - DUPLICATE_WINDOW - DISORDER) {
        break;
      }

      const id = messageId(Number(number), String(tag));
      found.push([String(sha256), { id, added: Number(added) }]);
    }

    return new Map(found.reverse());
  }
}
