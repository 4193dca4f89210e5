// Counts whom a user wrote to today, so that a stolen password does not make this server a source of spam.

import { DAY } from '../limits';

export class DailyCount {
  constructor(readonly sql: SqlStorage) {}

  /** Recipients since 00:00 UTC. */
  today(now: number): number {
    const row = this.sql.exec('SELECT sent_day AS day, sent_count AS count FROM state').one();

    return Number(row.day) === dayOf(now) ? Number(row.count) : 0;
  }

  /** Runs in the transaction that takes the message in. */
  add(recipients: number, now: number): void {
    const count = this.today(now) + recipients;
    this.sql.exec('UPDATE state SET sent_day = ?, sent_count = ?', dayOf(now), count);
  }
}

/** Milliseconds until the count begins again. */
export function untilNextDay(now: number): number {
  return (dayOf(now) + 1) * DAY - now;
}

function dayOf(time: number): number {
  return Math.floor(time / DAY);
}
