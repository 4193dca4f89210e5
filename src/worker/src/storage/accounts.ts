// The rows of the directory: who has an account, at which address, in which mailbox.

import { parseAddress, withoutTag } from '../mail/address';
import type { StoredPassword } from './password';

export type Role = 'admin' | 'user';

export interface Account {
  readonly mailbox: string;
  readonly address: string;
  readonly aliases: string[];
  readonly role: Role;
  readonly disabled: boolean;
  readonly quota: number;
  readonly messages: number;
  readonly size: number;
  readonly created: number;
}

export interface NewAccount {
  readonly mailbox: string;
  readonly address: string;
  readonly password: StoredPassword;
  readonly role: Role;
  readonly quota: number;
  readonly created: number;
}

export class AccountStore {
  constructor(readonly sql: SqlStorage) {}

  domains(): string[] {
    return this.sql
      .exec('SELECT name FROM domains ORDER BY name')
      .toArray()
      .map((row) => String(row.name));
  }

  addDomain(name: string): void {
    this.sql.exec('INSERT OR IGNORE INTO domains (name) VALUES (?)', name);
  }

  hasAdmin(): boolean {
    return this.sql.exec("SELECT 1 FROM accounts WHERE role = 'admin'").toArray().length > 0;
  }

  insert(account: NewAccount): void {
    this.sql.exec(
      `INSERT INTO accounts (mailbox, address, password_hash, password_salt, password_scheme, role, quota, created)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      account.mailbox,
      account.address,
      account.password.hash,
      account.password.salt,
      account.password.scheme,
      account.role,
      account.quota,
      account.created,
    );
  }

  /** The account that owns exactly this address, as its own or as an alias. */
  byAddress(address: string): Account | null {
    return this.#one(
      `address = ?1 OR mailbox = (SELECT mailbox FROM aliases WHERE aliases.address = ?1)`,
      address,
    );
  }

  byMailbox(mailbox: string): Account | null {
    return this.#one('mailbox = ?1', mailbox);
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

  all(): Account[] {
    return this.sql
      .exec('SELECT * FROM accounts ORDER BY address')
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

  setUsage(mailbox: string, messages: number, size: number): void {
    this.sql.exec(
      'UPDATE accounts SET messages = ?, size = ? WHERE mailbox = ?',
      messages,
      size,
      mailbox,
    );
  }

  #one(condition: string, value: string): Account | null {
    const row = this.sql.exec(`SELECT * FROM accounts WHERE ${condition}`, value).toArray()[0];

    return row === undefined ? null : this.#account(row);
  }

  #account(row: Record<string, SqlStorageValue>): Account {
    const mailbox = String(row.mailbox);
    const aliases = this.sql
      .exec('SELECT address FROM aliases WHERE mailbox = ? ORDER BY address', mailbox)
      .toArray();

    return {
      mailbox,
      address: String(row.address),
      aliases: aliases.map((alias) => String(alias.address)),
      role: row.role === 'admin' ? 'admin' : 'user',
      disabled: row.disabled !== 0,
      quota: Number(row.quota),
      messages: Number(row.messages),
      size: Number(row.size),
      created: Number(row.created),
    };
  }
}
