// The directory object: addresses, passwords, roles. Only log-in, inbound mail and administration ask it.

import { DurableObject } from 'cloudflare:workers';
import { randomBytes, sha256, toBase64Url } from '../bytes';
import type { Env } from '../env';
import { CHORE_RETRY, DEFAULT_QUOTA, MAX_DOMAINS } from '../limits';
import { logFailure } from '../log';
import { parseAddress } from '../mail/address';
import { failure, type Result, success } from '../result';
import {
  type AccountChange,
  AccountChanges,
  type AddressFailure,
  type ChangeFailure,
} from './account-changes';
import {
  type Account,
  AccountStore,
  type Chore,
  type Forward,
  type Role,
  type Usage,
} from './accounts';
import { type AuditEntry, AuditStore } from './audit';
import { directorySchema } from './directory-schema';
import { DomainStore } from './domains';
import { Gate } from './gate';
import { type Invite, InviteStore } from './invites';
import { migrate } from './schema';

export type LogInFailure =
  | { readonly kind: 'unauthorized' | 'disabled' }
  | { readonly kind: 'rate_limited'; readonly retryAfter: number };

export type CreateFailure =
  | { readonly kind: AddressFailure | 'already_set_up' | 'closed' | 'bad_invite' | 'not_admin' }
  | { readonly kind: 'rate_limited'; readonly retryAfter: number };

export type Registration = 'closed' | 'invite' | 'open';

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

/** An account, and the generation that tokens made for it now belong to. */
export interface SignedIn {
  readonly account: Account;
  readonly generation: number;
}

export class Directory extends DurableObject<Env> {
  readonly #accounts: AccountStore;
  readonly #domains: DomainStore;
  readonly #invites: InviteStore;
  readonly #audit: AuditStore;
  readonly #changes: AccountChanges;
  readonly #gate: Gate;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    const { storage } = context;
    migrate(storage, directorySchema);
    this.#accounts = new AccountStore(storage.sql);
    this.#domains = new DomainStore(storage.sql);
    this.#invites = new InviteStore(storage.sql);
    this.#audit = new AuditStore(storage.sql);
    this.#changes = new AccountChanges(storage, this.#accounts, this.#domains, this.#audit);
    this.#gate = new Gate(storage.sql, this.#accounts);
    context.waitUntil(this.#rememberChores());
  }

  /** The key of the MAC in tokens: made at the first need, the same for ever after. */
  tokenKey(): ArrayBuffer {
    this.ctx.storage.sql.exec(
      "INSERT OR IGNORE INTO settings (name, value) VALUES ('token_key', ?)",
      randomBytes(32).buffer,
    );

    return this.#setting('token_key') as ArrayBuffer;
  }

  info(): { domains: string[]; registration: Registration; setupDone: boolean } {
    return {
      domains: this.#domains.names(),
      registration: this.#registration(),
      setupDone: this.#accounts.hasAdmin(),
    };
  }

  /** What the self-test asks: the version of the tables, after a row was written and read back. */
  selfTest(): { schemaVersion: number; accounts: Account[]; domains: string[] } {
    const now = String(Date.now());
    this.#setSetting('self_test', now);

    if (this.#setting('self_test') !== now) {
      throw new Error('what was written did not come back');
    }

    return {
      schemaVersion: directorySchema.length,
      accounts: this.#accounts.all(),
      domains: this.#domains.names(),
    };
  }

  /** Counts a try with the set-up key, which has no address; returns the seconds to wait, or null. */
  beginSetUp(network: string): number | null {
    return this.#gate.beginRegistration(network);
  }

  /** Makes the first admin, whose domain becomes the first that is served. Once only. */
  async setUp(user: NewUser): Promise<Result<SignedIn, CreateFailure>> {
    const domain = parseAddress(user.address)?.domain ?? '';

    return this.#create(
      { ...user, role: 'admin' },
      {
        check: () => (this.#accounts.hasAdmin() ? { kind: 'already_set_up' } : null),
        commit: () => {
          this.#domains.add(domain);
          this.#audit.add(user.address, 'set_up', user.address);
        },
        byAdmin: true,
        ownDomain: true,
      },
    );
  }

  async createUser(actor: string, user: NewUser): Promise<Result<SignedIn, CreateFailure>> {
    const { role, quota } = user;

    return this.#create(user, {
      check: () => (this.#changes.isAdmin(actor) ? null : { kind: 'not_admin' }),
      commit: () => this.#audit.add(actor, 'user_created', user.address, { role, quota }),
      byAdmin: true,
      ownDomain: false,
    });
  }

  /** Somebody makes their own account, with an invite or where registration is open. */
  async register(
    user: { readonly address: string; readonly password: string; readonly invite: string | null },
    network: string,
  ): Promise<Result<SignedIn, CreateFailure>> {
    const retryAfter = this.#gate.beginRegistration(network);

    if (retryAfter !== null) {
      return failure({ kind: 'rate_limited', retryAfter });
    }

    const { address, password, invite } = user;
    const hash = invite === null ? null : await sha256(invite);
    const check = (): CreateFailure | null => {
      if (hash !== null && this.#registration() !== 'closed') {
        return this.#invites.isValid(hash, Date.now()) ? null : { kind: 'bad_invite' };
      }

      return this.#registration() === 'open' ? null : { kind: 'closed' };
    };

    return this.#create(
      { address, password, role: 'user', quota: DEFAULT_QUOTA },
      {
        check,
        commit: () => {
          if (hash !== null) {
            this.#invites.use(hash, Date.now());
          }

          this.#audit.add(address, 'user_registered', address, { invited: hash !== null });
        },
        byAdmin: false,
        ownDomain: false,
      },
    );
  }

  users(): Account[] {
    return this.#accounts.all();
  }

  account(mailbox: string): Account | null {
    return this.#accounts.byMailbox(mailbox);
  }

  accountAt(address: string): Account | null {
    return this.#accounts.byAddress(address);
  }

  async changeUser(
    actor: string,
    address: string,
    change: AccountChange & { readonly password?: string | undefined },
  ): Promise<Result<Account, ChangeFailure>> {
    const { password, ...more } = change;
    const hashed = password === undefined ? null : await this.#gate.hash(password);
    const changed = this.#changes.change(actor, address, more, hashed);
    await this.#doChores();

    return changed;
  }

  async deleteUser(actor: string, address: string): Promise<Result<Account, ChangeFailure>> {
    const removed = this.#changes.remove(actor, address);
    await this.#doChores();

    return removed;
  }

  /** An unknown user and a wrong password take the same time and get the same answer. */
  async logIn(
    text: string,
    password: string,
    network: string,
  ): Promise<Result<SignedIn, LogInFailure>> {
    const account = this.#accounts.byAddress(parseAddress(text)?.text ?? '');
    // An alias must not be another ten tries.
    const address = account?.address ?? text;
    const retryAfter = this.#gate.beginLogIn(address, network);

    if (retryAfter !== null) {
      return failure({ kind: 'rate_limited', retryAfter });
    }

    // Read before the password is checked: a token must not outlive a change made meanwhile.
    const generation = account === null ? 0 : (this.#accounts.generation(account.mailbox) ?? 0);

    if (!(await this.#gate.isRight(account, password)) || account === null) {
      return failure({ kind: 'unauthorized' });
    }

    this.#gate.takeBackLogIn(address, network);

    return account.disabled ? failure({ kind: 'disabled' }) : success({ account, generation });
  }

  /** All tokens but the one that asked are over; a mailbox that cannot be told now is told by the alarm. */
  async changePassword(
    mailbox: string,
    passwords: { readonly old: string; readonly fresh: string },
    keptToken: string,
    network: string,
  ): Promise<Result<null, LogInFailure>> {
    const account = this.#accounts.byMailbox(mailbox);

    if (account === null) {
      return failure({ kind: 'unauthorized' });
    }

    const generation = this.#accounts.generation(mailbox);
    const retryAfter = this.#gate.beginLogIn(account.address, network);

    if (retryAfter !== null) {
      return failure({ kind: 'rate_limited', retryAfter });
    }

    if (!(await this.#gate.isRight(account, passwords.old))) {
      return failure({ kind: 'unauthorized' });
    }

    this.#gate.takeBackLogIn(account.address, network);
    const hashed = await this.#gate.hash(passwords.fresh);
    const changed = this.ctx.storage.transactionSync(() => {
      // An admin may have set another one while this was hashed, and that one holds.
      if (this.#accounts.generation(mailbox) !== generation) {
        return false;
      }

      this.#accounts.setPassword(mailbox, hashed, keptToken);
      this.#accounts.begin(mailbox, 'sync');

      return true;
    });
    await this.#doChores();

    return changed ? success(null) : failure({ kind: 'unauthorized' });
  }

  /** To an address here an alias leads better; and mail forwarded in a circle would never end. */
  setForward(mailbox: string, forward: Forward | null): 'here' | null {
    const domain = parseAddress(forward?.address ?? '')?.domain ?? '';

    if (this.#domains.names().includes(domain)) {
      return 'here';
    }

    this.ctx.storage.transactionSync(() => {
      this.#accounts.set(mailbox, 'forward_to', forward?.address ?? null);
      this.#accounts.set(mailbox, 'forward_keep', forward?.keep === false ? 0 : 1);
      this.#accounts.set(mailbox, 'forward_failed', null);
    });

    return null;
  }

  reportForward(mailbox: string, failed: boolean): void {
    this.#accounts.set(mailbox, 'forward_failed', failed ? Date.now() : null);
  }

  /** The same order of addresses gives the same order of routes. */
  route(recipients: readonly string[]): Route[] {
    const domains = this.#domains.names();

    return recipients.map((recipient): Route => {
      const address = parseAddress(recipient);
      const isHere = address !== null && domains.includes(address.domain);
      const account =
        this.#accounts.byRecipient(recipient) ??
        (isHere ? this.#fallback(address.local, address.domain) : null);

      if (account !== null) {
        return account.disabled ? { kind: 'disabled' } : { kind: 'mailbox', account };
      }

      return { kind: isHere ? 'unknown' : 'elsewhere' };
    });
  }

  /** A mailbox tells what it holds, so that listing users asks no other object. */
  reportUsage(mailbox: string, usage: Usage): void {
    this.#accounts.setUsage(mailbox, usage, Date.now());
  }

  async createInvite(
    actor: string,
    note: string,
    lifetime: number,
  ): Promise<{ invite: Invite; code: string } | null> {
    const created = Date.now();
    const made = await this.#invites.create({
      note,
      created,
      createdBy: actor,
      expires: created + lifetime,
    });

    if (made !== null) {
      this.#audit.add(actor, 'invite_created', made.invite.id, { note });
    }

    return made;
  }

  invites(): Invite[] {
    return this.#invites.list(Date.now());
  }

  deleteInvite(actor: string, id: string): boolean {
    const deleted = this.#invites.remove(id);

    if (deleted) {
      this.#audit.add(actor, 'invite_deleted', id);
    }

    return deleted;
  }

  domains(): { name: string; catchAll: string | null }[] {
    return this.#domains.names().map((name) => {
      const mailbox = this.#domains.catchAll(name);
      const account = mailbox === null ? null : this.#accounts.byMailbox(mailbox);

      return { name, catchAll: account?.address ?? null };
    });
  }

  addDomain(actor: string, name: string): 'too_many' | null {
    const names = this.#domains.names();

    if (!names.includes(name)) {
      if (names.length >= MAX_DOMAINS) {
        return 'too_many';
      }

      this.#changes.record(actor, 'domain_added', name, () => this.#domains.add(name));
    }

    return null;
  }

  removeDomain(actor: string, name: string): 'in_use' | 'not_found' | null {
    if (!this.#domains.names().includes(name)) {
      return 'not_found';
    }

    if (this.#domains.isInUse(name)) {
      return 'in_use';
    }

    this.#changes.record(actor, 'domain_removed', name, () => this.#domains.remove(name));

    return null;
  }

  setRegistration(actor: string, registration: Registration): void {
    this.#changes.record(actor, 'settings_changed', `registration ${registration}`, () =>
      this.#setSetting('registration', registration),
    );
  }

  audit(before: number): AuditEntry[] {
    return this.#audit.page(before);
  }

  /** Tells the mailboxes that could not be told before. */
  override async alarm(): Promise<void> {
    await this.#doChores();
  }

  /** The catch-all; and RFC 5321 section 4.5.1 wants somebody to read what is for the postmaster. */
  #fallback(local: string, domain: string): Account | null {
    const mailbox = this.#domains.catchAll(domain);
    const account = mailbox === null ? null : this.#accounts.byMailbox(mailbox);

    return account ?? (local === 'postmaster' ? this.#accounts.oldestAdmin() : null);
  }

  /** The alarm is set first: if this object dies half-way, it is what finishes the work. */
  async #doChores(): Promise<void> {
    const chores = this.#accounts.chores();

    if (chores.length === 0) {
      return;
    }

    await this.ctx.storage.setAlarm(Date.now() + CHORE_RETRY);

    for (const chore of chores) {
      try {
        await this.#tell(chore);
        this.#accounts.finish(chore);
      } catch (error) {
        logFailure(`mailbox not told: ${chore.kind}`, error);
      }
    }

    if (this.#accounts.chores().length === 0) {
      await this.ctx.storage.deleteAlarm();
    }
  }

  /** An alarm may have been lost, beyond a daily limit say; what it was for must not be. */
  async #rememberChores(): Promise<void> {
    try {
      if (this.#accounts.chores().length > 0 && (await this.ctx.storage.getAlarm()) === null) {
        await this.ctx.storage.setAlarm(Date.now() + CHORE_RETRY);
      }
    } catch (error) {
      logFailure('alarm for what is left to do', error);
    }
  }

  async #tell(chore: Chore): Promise<void> {
    const mailbox = this.env.MAILBOX.getByName(chore.mailbox);

    await (chore.kind === 'delete' ? mailbox.destroy() : mailbox.sync(chore.standing));
  }

  /**
   * The mailbox is prepared first and the account's row is the commit: a crash in between leaves an empty
   * object that nothing names, never an account without a mailbox.
   */
  async #create(
    user: NewUser,
    policy: {
      readonly check: () => CreateFailure | null;
      readonly commit: () => void;
      readonly byAdmin: boolean;
      /** Whether the account brings its domain along. */
      readonly ownDomain: boolean;
    },
  ): Promise<Result<SignedIn, CreateFailure>> {
    const refusal = (): CreateFailure | null => {
      const why = this.#changes.addressFailure(user.address, policy.byAdmin);
      const isRefused = why !== null && !(policy.ownDomain && why === 'foreign_domain');

      return policy.check() ?? (isRefused ? { kind: why } : null);
    };
    const early = refusal();

    if (early !== null) {
      return failure(early);
    }

    const mailbox = toBase64Url(randomBytes(16));
    const password = await this.#gate.hash(user.password);
    await this.env.MAILBOX.getByName(mailbox).create(mailbox);

    return this.ctx.storage.transactionSync(() => {
      // Asked again: another request may have made it while this password was hashed.
      const late = refusal();

      if (late !== null) {
        return failure(late);
      }

      const { address, role, quota } = user;
      this.#accounts.insert({ mailbox, address, password, role, quota, created: Date.now() });
      policy.commit();
      const account = this.#accounts.byMailbox(mailbox);

      return account === null ? failure({ kind: 'taken' }) : success({ account, generation: 0 });
    });
  }

  #registration(): Registration {
    const value = this.#setting('registration');

    return value === 'invite' || value === 'open' ? value : 'closed';
  }

  #setting(name: string): SqlStorageValue {
    const rows = this.ctx.storage.sql.exec('SELECT value FROM settings WHERE name = ?', name);

    return rows.toArray()[0]?.value ?? null;
  }

  #setSetting(name: string, value: string): void {
    this.ctx.storage.sql.exec(
      'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    );
  }
}
