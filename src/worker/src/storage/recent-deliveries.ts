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
 * An index of deliveries would be one more billed row for each message. Instead, an object that wakes reads its
 * last day once, deleted messages included.
 */
export class RecentDeliveries {
  #known: Map<string, Delivery> | null = null;

  constructor(readonly sql: SqlStorage) {}

  /** The id of the message that came with this delivery, where one did within a day. */
  find(delivery: string, now: number): string | null {
    this.#known ??= this.#load(now);
    const found = this.#known.get(delivery);

    return found !== undefined && found.added > now - DUPLICATE_WINDOW ? found.id : null;
  }

  add(delivery: string, id: string, now: number): void {
    this.#known ??= this.#load(now);
    const known = this.#known;
    known.set(delivery, { id, added: now });

    for (const [oldest, { added }] of known) {
      if (added > now - DUPLICATE_WINDOW && known.size <= MAX_REMEMBERED_DELIVERIES) {
        return;
      }

      known.delete(oldest);
    }
  }

  /** By the table's own order: by the index the whole mailbox would be read and sorted first. */
  #load(now: number): Map<string, Delivery> {
    const found: [string, Delivery][] = [];
    const rows = this.sql.exec(
      'SELECT number, tag, delivery, added FROM messages NOT INDEXED ORDER BY number DESC LIMIT ?',
      MAX_REMEMBERED_DELIVERIES,
    );

    for (const { number, tag, delivery, added } of rows) {
      if (Number(added) < now - DUPLICATE_WINDOW - DISORDER) {
        break;
      }

      if (delivery !== '') {
        const id = messageId(Number(number), String(tag));
        found.push([String(delivery), { id, added: Number(added) }]);
      }
    }

    return new Map(found.reverse());
  }
}
