// What admins do to accounts: every change checked against all others, in one transaction with its audit entry.

import { MAX_ALIASES } from '../limits';
import { isReserved, parseAddress, withoutTag } from '../mail/address';
import { failure, type Result, success } from '../result';
import type { Account, AccountStore, Role } from './accounts';
import type { AuditAction, AuditStore } from './audit';
import type { DomainStore } from './domains';
import type { StoredPassword } from './password';

export interface AccountChange {
  readonly role?: Role | undefined;
  readonly quota?: number | undefined;
  readonly dailyLimit?: number | undefined;
  readonly disabled?: boolean | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly catchAll?: readonly string[] | undefined;
}

export type AddressFailure = 'taken' | 'foreign_domain' | 'plus_form' | 'reserved';

export type ChangeFailure =
  | {
      readonly kind:
        | 'not_admin'
        | 'not_found'
        | 'alias'
        | 'last_admin'
        | 'too_many_aliases'
        | 'unknown_domain';
    }
  | { readonly kind: 'address'; readonly address: string; readonly why: AddressFailure };

export class AccountChanges {
  constructor(
    readonly storage: DurableObjectStorage,
    readonly accounts: AccountStore,
    readonly domains: DomainStore,
    readonly audit: AuditStore,
  ) {}

  /**
   * Why this address cannot be given to somebody, or null. One with a tag would take the plus-forms of another
   * user; and certificates are issued to whoever reads `admin@` and its like, so only an admin gives those away.
   */
  addressFailure(text: string, byAdmin: boolean): AddressFailure | null {
    const address = parseAddress(text);

    if (address !== null && withoutTag(address) !== null) {
      return 'plus_form';
    }

    if (address === null || !this.domains.names().includes(address.domain)) {
      return 'foreign_domain';
    }

    if (!byAdmin && isReserved(address)) {
      return 'reserved';
    }

    return this.accounts.isTaken(address.text) ? 'taken' : null;
  }

  /** Whether who asked is an admin at this moment: a password takes time to hash, and much can happen in it. */
  isAdmin(actor: string): boolean {
    const account = this.accounts.byAddress(actor);

    return account?.role === 'admin' && !account.disabled;
  }

  change(
    actor: string,
    address: string,
    change: AccountChange,
    password: StoredPassword | null,
  ): Result<Account, ChangeFailure> {
    return this.storage.transactionSync(() => {
      const account = this.accounts.byAddress(address);

      if (!this.isAdmin(actor)) {
        return failure({ kind: 'not_admin' });
      }

      if (account === null) {
        return failure({ kind: 'not_found' });
      }

      const refused = this.#refusal(account, change);

      if (refused !== null) {
        return failure(refused);
      }

      this.#apply(account.mailbox, change);

      if (password !== null) {
        this.accounts.setPassword(account.mailbox, password, null);
      }

      if (password !== null || change.disabled !== undefined) {
        this.accounts.begin(account.mailbox, 'sync');
      }

      const details = { ...change, ...(password === null ? {} : { password: 'changed' }) };
      this.audit.add(actor, 'user_changed', account.address, details);
      const changed = this.accounts.byMailbox(account.mailbox);

      return changed === null ? failure({ kind: 'not_found' }) : success(changed);
    });
  }

  /** From here on nobody finds the account; its mail goes with the directory's alarm, whatever fails. */
  remove(actor: string, address: string): Result<Account, ChangeFailure> {
    return this.storage.transactionSync(() => {
      const account = this.accounts.byAddress(address);

      if (!this.isAdmin(actor)) {
        return failure({ kind: 'not_admin' });
      }

      if (account === null) {
        return failure({ kind: 'not_found' });
      }

      // Who means to take an alias away must not lose a mailbox.
      if (account.address !== address) {
        return failure({ kind: 'alias' });
      }

      if (this.#isLastAdmin(account)) {
        return failure({ kind: 'last_admin' });
      }

      const { messages, size } = account;
      this.domains.setCatchAll(account.mailbox, []);
      this.accounts.begin(account.mailbox, 'delete');
      this.audit.add(actor, 'user_deleted', account.address, { messages, size });

      return success(account);
    });
  }

  /** An action on anything but an account that has to be on record. */
  record(actor: string, action: AuditAction, subject: string, act: () => void): void {
    this.storage.transactionSync(() => {
      act();
      this.audit.add(actor, action, subject);
    });
  }

  #refusal(account: Account, change: AccountChange): ChangeFailure | null {
    const loses = change.role === 'user' || change.disabled === true;

    if (loses && this.#isLastAdmin(account)) {
      return { kind: 'last_admin' };
    }

    if ((change.aliases?.length ?? 0) > MAX_ALIASES) {
      return { kind: 'too_many_aliases' };
    }

    const served = this.domains.names();

    if (change.catchAll?.some((name) => !served.includes(name))) {
      return { kind: 'unknown_domain' };
    }

    const fresh = change.aliases?.filter((alias) => !account.aliases.includes(alias)) ?? [];

    for (const alias of fresh) {
      const why = this.addressFailure(alias, true);

      if (why !== null) {
        return { kind: 'address', address: alias, why };
      }
    }

    return null;
  }

  #apply(mailbox: string, change: AccountChange): void {
    const { role, quota, dailyLimit, disabled, aliases, catchAll } = change;

    if (role !== undefined) {
      this.accounts.set(mailbox, 'role', role);
    }

    if (quota !== undefined) {
      this.accounts.set(mailbox, 'quota', quota);
    }

    if (dailyLimit !== undefined) {
      this.accounts.set(mailbox, 'daily_limit', dailyLimit);
    }

    if (disabled !== undefined) {
      this.accounts.set(mailbox, 'disabled', disabled ? 1 : 0);
    }

    if (aliases !== undefined) {
      this.accounts.setAliases(mailbox, [...new Set(aliases)]);
    }

    if (catchAll !== undefined) {
      this.domains.setCatchAll(mailbox, catchAll);
    }
  }

  #isLastAdmin(account: Account): boolean {
    return (
      account.role === 'admin' && !account.disabled && !this.accounts.hasOtherAdmin(account.mailbox)
    );
  }
}
