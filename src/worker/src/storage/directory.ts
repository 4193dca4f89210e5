// The directory object: addresses, passwords, roles. Only log-in, inbound mail and administration ask it.

import { DurableObject } from 'cloudflare:workers';
import { randomBytes, toBase64Url } from '../bytes';
import type { Env } from '../env';
import { ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_NETWORK, MAX_WAITING_PASSWORDS } from '../limits';
import { type Address, parseAddress } from '../mail/address';
import { failure, type Result, success } from '../result';
import { type Account, AccountStore, type Role } from './accounts';
import { AttemptStore } from './attempts';
import { directorySchema } from './directory-schema';
import { hashPassword, nobodysPassword, verifyPassword } from './password';
import { migrate } from './schema';

export type LogInFailure =
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'rate_limited'; readonly retryAfter: number };

export type CreateFailure = 'exists' | 'foreign_domain' | 'already_set_up';

export interface NewUser {
  readonly address: string;
  readonly password: string;
  readonly role: Role;
  readonly quota: number;
}

/** Where an envelope recipient leads. */
export type Route =
  | { readonly kind: 'mailbox'; readonly account: Account }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'elsewhere' };

export class Directory extends DurableObject<Env> {
  readonly #accounts: AccountStore;
  readonly #attempts: AttemptStore;
  #waitingPasswords = 0;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    migrate(context.storage, directorySchema);
    this.#accounts = new AccountStore(context.storage.sql);
    this.#attempts = new AttemptStore(context.storage.sql);
  }

  /** The key of the MAC in tokens: made at the first need, the same for ever after. */
  tokenKey(): ArrayBuffer {
    const sql = this.ctx.storage.sql;
    sql.exec(
      "INSERT OR IGNORE INTO settings (name, value) VALUES ('token_key', ?)",
      randomBytes(32).buffer,
    );

    return sql.exec("SELECT value FROM settings WHERE name = 'token_key'").one()
      .value as ArrayBuffer;
  }

  info(): { domains: string[]; setupDone: boolean } {
    return { domains: this.#accounts.domains(), setupDone: this.#accounts.hasAdmin() };
  }

  /** Makes the first admin, whose domain becomes the first that is served. Once only. */
  async setUp(user: NewUser): Promise<Result<Account, CreateFailure>> {
    return this.#create({ ...user, role: 'admin' }, () =>
      this.#accounts.hasAdmin() ? 'already_set_up' : null,
    );
  }

  async createUser(user: NewUser): Promise<Result<Account, CreateFailure>> {
    return this.#create(user, (address) =>
      this.#accounts.domains().includes(address.domain) ? null : 'foreign_domain',
    );
  }

  users(): Account[] {
    return this.#accounts.all();
  }

  account(mailbox: string): Account | null {
    return this.#accounts.byMailbox(mailbox);
  }

  /** An unknown user and a wrong password take the same time and get the same answer. */
  async logIn(
    text: string,
    password: string,
    network: string,
  ): Promise<Result<Account, LogInFailure>> {
    const subject = parseAddress(text)?.text ?? text;
    const wait = this.#beginAttempt(subject, network);

    if (wait !== null) {
      return failure({ kind: 'rate_limited', retryAfter: Math.ceil(wait / 1000) });
    }

    const account = this.#accounts.byAddress(subject);
    const stored = account === null ? nobodysPassword() : this.#accounts.password(account.mailbox);
    const right = await this.#countWaiting(() => verifyPassword(password, stored));

    if (!right || account === null) {
      return failure({ kind: 'unauthorized' });
    }

    this.#attempts.takeBack(`address ${subject}`);
    this.#attempts.takeBack(`network ${network}`);

    return account.disabled ? failure({ kind: 'disabled' }) : success(account);
  }

  /** The same order of addresses gives the same order of routes. */
  route(recipients: readonly string[]): Route[] {
    const domains = this.#accounts.domains();

    return recipients.map((recipient): Route => {
      const account = this.#accounts.byRecipient(recipient);

      if (account !== null) {
        return account.disabled ? { kind: 'disabled' } : { kind: 'mailbox', account };
      }

      const domain = parseAddress(recipient)?.domain ?? '';

      return { kind: domains.includes(domain) ? 'unknown' : 'elsewhere' };
    });
  }

  /** A mailbox tells what it holds, so that listing users asks no other object. */
  reportUsage(mailbox: string, messages: number, size: number): void {
    this.#accounts.setUsage(mailbox, messages, size);
  }

  #beginAttempt(subject: string, network: string): number | null {
    if (this.#waitingPasswords >= MAX_WAITING_PASSWORDS) {
      return 1000;
    }

    const now = Date.now();

    return (
      this.#attempts.begin(`network ${network}`, ATTEMPTS_PER_NETWORK, now) ??
      this.#attempts.begin(`address ${subject}`, ATTEMPTS_PER_ADDRESS, now)
    );
  }

  /** Hashing is the one slow thing here: more of it at once would keep inbound mail waiting. */
  async #countWaiting<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#waitingPasswords += 1;

    try {
      return await work();
    } finally {
      this.#waitingPasswords -= 1;
    }
  }

  /**
   * The mailbox is prepared first and the account's row is the commit: a crash in between leaves an empty
   * object that nothing names, never an account without a mailbox.
   */
  async #create(
    user: NewUser,
    check: (address: Address) => CreateFailure | null,
  ): Promise<Result<Account, CreateFailure>> {
    const address = parseAddress(user.address);

    if (address === null) {
      return failure('foreign_domain');
    }

    const refusal = (): CreateFailure | null =>
      check(address) ?? (this.#accounts.byAddress(address.text) === null ? null : 'exists');
    const early = refusal();

    if (early !== null) {
      return failure(early);
    }

    const mailbox = toBase64Url(randomBytes(16));
    const password = await this.#countWaiting(() => hashPassword(user.password));
    await this.env.MAILBOX.getByName(mailbox).create(mailbox);

    return this.ctx.storage.transactionSync(() => {
      // Asked again: another request may have made it while this password was hashed.
      const late = refusal();

      if (late !== null) {
        return failure(late);
      }

      const { role, quota } = user;
      const created = Date.now();
      this.#accounts.addDomain(address.domain);
      this.#accounts.insert({ mailbox, address: address.text, password, role, quota, created });
      const account = this.#accounts.byMailbox(mailbox);

      return account === null ? failure('exists') : success(account);
    });
  }
}
