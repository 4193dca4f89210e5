// Finds the messages that are older than the user wants to keep them.

import { DAY, EXPIRY_PAGE } from '../limits';
import type { MessageStore, StoredMessage } from './messages';

export class Retention {
  /**
   * When the oldest message came in, or earlier: looked up once, since a look passes all tombstones. It may have
   * been deleted since, and then the alarm rings for nothing, once.
   */
  #oldest: number | null = null;

  constructor(readonly messages: MessageStore) {}

  /** Days after which messages are deleted; null, as at the beginning, is never. */
  get days(): number | null {
    const { days } = this.messages.sql.exec('SELECT retention_days AS days FROM state').one();

    return days === null ? null : Number(days);
  }

  setDays(days: number | null): void {
    this.messages.sql.exec('UPDATE state SET retention_days = ?', days);
  }

  nextDue(): number | null {
    const { days } = this;

    if (days === null || this.messages.state.messages === 0) {
      this.#oldest = null;

      return null;
    }

    this.#oldest ??= this.messages.oldestAdded();

    return this.#oldest === null ? null : this.#oldest + days * DAY;
  }

  /** A page of what is to be deleted by `now`; the alarm comes back for the rest. */
  expired(now: number): StoredMessage[] {
    const { days } = this;
    this.#oldest = null;

    return days === null ? [] : this.messages.addedBy(now - days * DAY, EXPIRY_PAGE);
  }
}
