// The rows of the directory: who has an account, at which address, in which mailbox.

import { DEFAULT_DAILY_LIMIT } from '../limits';
import { parseAddress, withoutTag } from '../mail/address';
import type { StoredPassword } from './password';

export type Role = 'admin' | 'user';

/** Where a user's mail goes, besides here or instead. */
export interface Forward {
  readonly address: string;
  readonly keep: boolean;
}

export interface Account {
  readonly mailbox: string;
  readonly address: string;
  readonly aliases: string[];
  /** The domains whose unknown addresses lead here, and may be sent from. */
  readonly catchAll: string[];
  readonly role: Role;
  readonly disabled: boolean;
  readonly quota: number;
  readonly dailyLimit: number;
  readonly messages: number;
  readonly size: number;
  readonly created: number;
  readonly lastReceived: number | null;
  /** Since when mail is refused because the mailbox is full. */
  readonly fullSince: number | null;
  readonly forward: Forward | null;
  /** When the platform last refused to forward; the message was kept here then. */
  readonly forwardFailed: number | null;
}

export interface NewAccount {
  readonly mailbox: string;
  readonly address: string;
  readonly password: StoredPassword;
  readonly role: Role;
  readonly quota: number;
  readonly created: number;
}

export interface Usage {
  readonly messages: number;
  readonly size: number;
  readonly full: boolean;
  readonly lastReceived: number | null;
}

/** Where a mailbox does not yet know what its account's row says. */
export type Chore =
  | { readonly kind: 'delete'; readonly mailbox: string }
  | {
      readonly kind: 'sync';
      readonly mailbox: string;
      readonly standing: Standing;
    };

/** What a mailbox has to know about its account. */
export interface Standing {
  /** Grows with every change: what comes late must not undo what came after it. */
  readonly revision: number;
  readonly disabled: boolean;
  /** Grows with every new password; tokens of earlier generations are over, but for one. */
  readonly generation: number;
  readonly keptToken: string | null;
}

type Column =
  | 'role'
  | 'quota'
  | 'daily_limit'
  | 'disabled'
  | 'forward_to'
  | 'forward_keep'
  | 'forward_failed';

/** An account that is being deleted is there for nobody but the alarm that deletes it. */
const ALIVE = "pending IS NOT 'delete'";

export class AccountStore {
  constructor(readonly sql: SqlStorage) {}

  hasAdmin(): boolean {
    return this.sql.exec("SELECT 1 FROM accounts WHERE role = 'admin'").toArray().length > 0;
  }

  /** Admins who can sign in, `except` one. */
  hasOtherAdmin(except: string): boolean {
    const rows = this.sql.exec(
      `SELECT 1 FROM accounts WHERE role = 'admin' AND disabled = 0 AND mailbox <> ? AND ${ALIVE} LIMIT 1`,
      except,
    );

    return rows.toArray().length > 0;
  }

  insert(account: NewAccount): void {
    this.sql.exec(
      `INSERT INTO accounts (mailbox, address, password_hash, password_salt, password_scheme, role, quota, created, daily_limit)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      account.mailbox,
      account.address,
      account.password.hash,
      account.password.salt,
      account.password.scheme,
      account.role,
      account.quota,
      account.created,
      DEFAULT_DAILY_LIMIT,
    );
  }

  /** The account that owns exactly this address, as its own or as an alias. */
  byAddress(address: string): Account | null {
    return this.#one(
      `(address = ?1 OR mailbox = (SELECT mailbox FROM aliases WHERE aliases.address = ?1)) AND ${ALIVE}`,
      address,
    );
  }

  byMailbox(mailbox: string): Account | null {
    return this.#one(`mailbox = ?1 AND ${ALIVE}`, mailbox);
  }

  /** Whether anybody has this address, an account included that is not quite gone yet. */
  isTaken(address: string): boolean {
    const rows = this.sql.exec(
      'SELECT 1 FROM accounts WHERE address = ?1 UNION SELECT 1 FROM aliases WHERE address = ?1',
      address,
    );

    return rows.toArray().length > 0;
  }

  /** Whom mail to this envelope recipient is for: exact address or alias, then the plus-form. */
  byRecipient(recipient: string): Account | null {
    const address = parseAddress(recipient);

    if (address === null) {
      return null;
    }

    const base = withoutTag(address);

    return this.byAddress(address.text) ?? (base === null ? null : this.byAddress(base.text));
  }

  oldestAdmin(): Account | null {
    return this.#one(
      `role = ?1 AND disabled = 0 AND ${ALIVE} ORDER BY created, mailbox LIMIT 1`,
      'admin',
    );
  }

  all(): Account[] {
    return this.sql
      .exec(`SELECT * FROM accounts WHERE ${ALIVE} ORDER BY address`)
      .toArray()
      .map((row) => this.#account(row));
  }

  password(mailbox: string): StoredPassword {
    const row = this.sql
      .exec(
        'SELECT password_hash, password_salt, password_scheme FROM accounts WHERE mailbox = ?',
        mailbox,
      )
      .one();

    return {
      hash: row.password_hash as ArrayBuffer,
      salt: row.password_salt as ArrayBuffer,
      scheme: String(row.password_scheme),
    };
  }

  /** Replaces a hash by one of the same password, unless the password was changed meanwhile. */
  rehash(mailbox: string, old: StoredPassword, fresh: StoredPassword): void {
    this.sql.exec(
      `UPDATE accounts SET password_hash = ?, password_salt = ?, password_scheme = ?
       WHERE mailbox = ? AND password_hash = ?`,
      fresh.hash,
      fresh.salt,
      fresh.scheme,
      mailbox,
      old.hash,
    );
  }

  /** A new password ends every token but `keptToken`: their generation is over. */
  setPassword(mailbox: string, password: StoredPassword, keptToken: string | null): void {
    this.sql.exec(
      `UPDATE accounts SET password_hash = ?, password_salt = ?, password_scheme = ?,
         generation = generation + 1, kept_token = ?
       WHERE mailbox = ?`,
      password.hash,
      password.salt,
      password.scheme,
      keptToken,
      mailbox,
    );
  }

  /** Null where the account is gone. */
  generation(mailbox: string): number | null {
    const row = this.sql
      .exec(`SELECT generation FROM accounts WHERE mailbox = ? AND ${ALIVE}`, mailbox)
      .toArray()[0];

    return row === undefined ? null : Number(row.generation);
  }

  set(mailbox: string, column: Column, value: string | number | null): void {
    this.sql.exec(`UPDATE accounts SET ${column} = ? WHERE mailbox = ?`, value, mailbox);
  }

  setAliases(mailbox: string, aliases: readonly string[]): void {
    this.sql.exec('DELETE FROM aliases WHERE mailbox = ?', mailbox);

    for (const alias of aliases) {
      this.sql.exec('INSERT INTO aliases (address, mailbox) VALUES (?, ?)', alias, mailbox);
    }
  }

  setUsage(mailbox: string, usage: Usage, now: number): void {
    this.sql.exec(
      `UPDATE accounts SET messages = ?, size = ?, last_received = coalesce(?, last_received),
         full_since = CASE WHEN ? THEN coalesce(full_since, ?) END
       WHERE mailbox = ?`,
      usage.messages,
      usage.size,
      usage.lastReceived,
      usage.full ? 1 : 0,
      now,
      mailbox,
    );
  }

  /** Notes that the mailbox has to be told; a deletion is never taken back. */
  begin(mailbox: string, chore: Chore['kind']): void {
    this.sql.exec(
      `UPDATE accounts SET pending = ?, revision = revision + 1 WHERE mailbox = ? AND ${ALIVE}`,
      chore,
      mailbox,
    );
  }

  chores(): Chore[] {
    return this.sql
      .exec('SELECT * FROM accounts WHERE pending IS NOT NULL')
      .toArray()
      .map((row): Chore => {
        const mailbox = String(row.mailbox);

        if (row.pending === 'delete') {
          return { kind: 'delete', mailbox };
        }

        return {
          kind: 'sync',
          mailbox,
          standing: {
            revision: Number(row.revision),
            disabled: row.disabled !== 0,
            generation: Number(row.generation),
            keptToken: row.kept_token === null ? null : String(row.kept_token),
          },
        };
      });
  }

  /** The mailbox knows; unless the row has changed again while it was told. */
  finish(chore: Chore): void {
    if (chore.kind === 'delete') {
      this.sql.exec('DELETE FROM aliases WHERE mailbox = ?', chore.mailbox);
      this.sql.exec('DELETE FROM accounts WHERE mailbox = ?', chore.mailbox);
    } else {
      this.sql.exec(
        `UPDATE accounts SET pending = NULL WHERE mailbox = ? AND pending = 'sync' AND revision = ?`,
        chore.mailbox,
        chore.standing.revision,
      );
    }
  }

  #one(condition: string, value: string): Account | null {
    const row = this.sql.exec(`SELECT * FROM accounts WHERE ${condition}`, value).toArray()[0];

    return row === undefined ? null : this.#account(row);
  }

  #account(row: Record<string, SqlStorageValue>): Account {
    const mailbox = String(row.mailbox);

    return {
      mailbox,
      address: String(row.address),
      aliases: this.#texts('SELECT address AS text FROM aliases WHERE mailbox = ?', mailbox),
      catchAll: this.#texts('SELECT name AS text FROM domains WHERE catch_all = ?', mailbox),
      role: row.role === 'admin' ? 'admin' : 'user',
      disabled: row.disabled !== 0,
      quota: Number(row.quota),
      dailyLimit: Number(row.daily_limit),
      messages: Number(row.messages),
      size: Number(row.size),
      created: Number(row.created),
      lastReceived: numberOrNull(row.last_received),
      fullSince: numberOrNull(row.full_since),
      forward:
        row.forward_to === null
          ? null
          : { address: String(row.forward_to), keep: row.forward_keep !== 0 },
      forwardFailed: numberOrNull(row.forward_failed),
    };
  }

  #texts(query: string, mailbox: string): string[] {
    return this.sql
      .exec(`${query} ORDER BY text`, mailbox)
      .toArray()
      .map((row) => String(row.text));
  }
}

function numberOrNull(value: SqlStorageValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
