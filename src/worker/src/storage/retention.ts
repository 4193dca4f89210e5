// Deletes messages that are older than the user wants to keep them.

import { DAY, EXPIRY_PAGE } from '../limits';
import type { MessageStore } from './messages';
import type { SubmissionStore } from './submissions';

export class Retention {
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
    const oldest = days === null ? null : this.messages.oldestAdded();

    return days === null || oldest === null ? null : oldest + days * DAY;
  }

  /** Deletes a page of what is due, and the alarm comes back for the rest; returns how many messages it was. */
  run(now: number): number {
    const { days } = this;

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
