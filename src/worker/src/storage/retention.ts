// Deletes messages that are older than the user wants to keep them.

import { DAY, EXPIRY_PAGE } from '../limits';
import type { MessageStore } from './messages';
import type { SubmissionStore } from './submissions';

export class Retention {
  /**
   * When the oldest message came in, or earlier: looked up once, since a look passes all tombstones. It may have
   * been deleted since, and then the alarm rings for nothing, once.
   */
  #oldest: number | null = null;

  constructor(
    readonly storage: DurableObjectStorage,
    readonly messages: MessageStore,
    readonly submissions: SubmissionStore,
  ) {}

  /** Days after which messages are deleted; null, as at the beginning, is never. */
  get days(): number | null {
    const { days } = this.storage.sql.exec('SELECT retention_days AS days FROM state').one();

    return days === null ? null : Number(days);
  }

  setDays(days: number | null): void {
    this.storage.sql.exec('UPDATE state SET retention_days = ?', days);
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

  /** Deletes a page of what is due, and the alarm comes back for the rest; returns how many messages it was. */
  run(now: number): number {
    const { days } = this;
    this.#oldest = null;

    return this.storage.transactionSync(() => {
      const expired = days === null ? [] : this.messages.addedBy(now - days * DAY, EXPIRY_PAGE);

      for (const message of expired) {
        this.messages.remove(message, this.submissions.isPending(message.number));
      }

      this.messages.pruneTombstones();

      return expired.length;
    });
  }
}
