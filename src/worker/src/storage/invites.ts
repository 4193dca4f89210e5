// Invites: each lets one person make one account, until it expires. Only the SHA-256 of its code is kept.

import { randomBytes, sha256, toBase64Url, toHex } from '../bytes';
import { MAX_INVITES } from '../limits';

export interface Invite {
  readonly id: string;
  /** What the admin wrote beside it, e.g. whom it is for. */
  readonly note: string;
  readonly created: number;
  readonly createdBy: string;
  readonly expires: number;
}

export class InviteStore {
  constructor(readonly sql: SqlStorage) {}

  /** Returns the invite and its code, which nobody can ask for again; null where there are too many. */
  async create(
    invite: Omit<Invite, 'id'>,
  ): Promise<{ readonly invite: Invite; readonly code: string } | null> {
    const code = toBase64Url(randomBytes(18));
    const hash = await sha256(code);
    const id = toHex(randomBytes(8));
    this.sql.exec('DELETE FROM invites WHERE expires <= ?', invite.created);

    if (Number(this.sql.exec('SELECT count(*) AS count FROM invites').one().count) >= MAX_INVITES) {
      return null;
    }

    this.sql.exec(
      'INSERT INTO invites (hash, id, note, created, created_by, expires) VALUES (?, ?, ?, ?, ?, ?)',
      hash,
      id,
      invite.note,
      invite.created,
      invite.createdBy,
      invite.expires,
    );

    return { invite: { id, ...invite }, code };
  }

  list(now: number): Invite[] {
    return this.sql
      .exec('SELECT * FROM invites WHERE expires > ? ORDER BY created, id', now)
      .toArray()
      .map((row) => ({
        id: String(row.id),
        note: String(row.note),
        created: Number(row.created),
        createdBy: String(row.created_by),
        expires: Number(row.expires),
      }));
  }

  isValid(hash: Uint8Array, now: number): boolean {
    const rows = this.sql.exec('SELECT 1 FROM invites WHERE hash = ? AND expires > ?', hash, now);

    return rows.toArray().length > 0;
  }

  /** Runs in the transaction that makes the account; false where somebody else was faster. */
  use(hash: Uint8Array, now: number): boolean {
    const used = this.sql.exec(
      'DELETE FROM invites WHERE hash = ? AND expires > ? RETURNING id',
      hash,
      now,
    );

    return used.toArray().length > 0;
  }

  remove(id: string): boolean {
    return this.sql.exec('DELETE FROM invites WHERE id = ? RETURNING id', id).toArray().length > 0;
  }
}
