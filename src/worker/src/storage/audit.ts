// The audit trail of administration: who did what to whom, and when. It never holds a secret.

import { AUDIT_PAGE, MAX_AUDIT_ENTRIES } from '../limits';

export type AuditAction =
  | 'set_up'
  | 'user_created'
  | 'user_registered'
  | 'user_changed'
  | 'user_deleted'
  | 'invite_created'
  | 'invite_deleted'
  | 'domain_added'
  | 'domain_removed'
  | 'settings_changed';

export interface AuditEntry {
  readonly number: number;
  readonly time: number;
  readonly actor: string;
  readonly action: AuditAction;
  readonly subject: string;
  readonly details: unknown;
}

export class AuditStore {
  constructor(readonly sql: SqlStorage) {}

  /** Runs in the transaction of what it tells about: neither is there without the other. */
  add(actor: string, action: AuditAction, subject: string, details: object = {}): void {
    const { number } = this.sql
      .exec(
        'INSERT INTO audit (time, actor, action, subject, details) VALUES (?, ?, ?, ?, ?) RETURNING number',
        Date.now(),
        actor,
        action,
        subject,
        JSON.stringify(details),
      )
      .one();

    this.sql.exec('DELETE FROM audit WHERE number <= ?', Number(number) - MAX_AUDIT_ENTRIES);
  }

  /** The newest first, a page of those before the number `before`. */
  page(before: number): AuditEntry[] {
    return this.sql
      .exec('SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?', before, AUDIT_PAGE)
      .toArray()
      .map((row) => ({
        number: Number(row.number),
        time: Number(row.time),
        actor: String(row.actor),
        action: String(row.action) as AuditAction,
        subject: String(row.subject),
        details: JSON.parse(String(row.details)),
      }));
  }
}
