// Counts log-in attempts per address and per network, so that guessing is slow from one place and at one account.

import { ATTEMPT_WINDOW } from '../limits';

export class AttemptStore {
  constructor(readonly sql: SqlStorage) {}

  /**
   * Counts one attempt and returns null, or the milliseconds to wait where there were `limit` of them. It is
   * counted before the password is looked at: attempts sent all at once must not slip through together.
   */
  begin(subject: string, limit: number, now: number): number | null {
    const row = this.sql
      .exec('SELECT count, since FROM attempts WHERE subject = ?', subject)
      .toArray()[0];
    const since = Number(row?.since ?? 0);
    const running = since > now - ATTEMPT_WINDOW;

    if (running && Number(row?.count) >= limit) {
      return since + ATTEMPT_WINDOW - now;
    }

    this.sql.exec('DELETE FROM attempts WHERE since <= ?', now - ATTEMPT_WINDOW);
    this.sql.exec(
      `INSERT INTO attempts (subject, count, since) VALUES (?, 1, ?)
       ON CONFLICT (subject) DO UPDATE SET count = count + 1`,
      subject,
      now,
    );

    return null;
  }

  /** A right password: that attempt was none. Earlier wrong ones stay counted, whoever made them. */
  takeBack(subject: string): void {
    this.sql.exec('UPDATE attempts SET count = count - 1 WHERE subject = ?', subject);
  }
}

/** A home or an attacker has a whole IPv6 /64, so that is one network; an IPv4 address is one. */
export function networkOf(address: string): string {
  if (!address.includes(':')) {
    return address;
  }

  const [head = '', tail] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : Math.max(8 - left.length - right.length, 0);

  return [...left, ...Array<string>(missing).fill('0'), ...right].slice(0, 4).join(':');
}
