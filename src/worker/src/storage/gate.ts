// The gate before everything that a stranger may try: counts tries, and checks passwords at one cost for all.

import {
  ATTEMPTS_PER_ADDRESS,
  ATTEMPTS_PER_NETWORK,
  MAX_WAITING_PASSWORDS,
  REGISTRATIONS_PER_NETWORK,
} from '../limits';
import type { Account, AccountStore } from './accounts';
import { AttemptStore } from './attempts';
import {
  hashPassword,
  isOutdated,
  nobodysPassword,
  type StoredPassword,
  verifyPassword,
} from './password';

export class Gate {
  readonly #attempts: AttemptStore;
  #waitingPasswords = 0;

  constructor(
    sql: SqlStorage,
    readonly accounts: AccountStore,
  ) {
    this.#attempts = new AttemptStore(sql);
  }

  /** Counts a try at an account; returns the seconds to wait where there were too many. */
  beginLogIn(address: string, network: string): number | null {
    if (this.#isBusy()) {
      return 1;
    }

    const now = Date.now();

    return inSeconds(
      this.#attempts.begin(`network ${network}`, ATTEMPTS_PER_NETWORK, now) ??
        this.#attempts.begin(`address ${address}`, ATTEMPTS_PER_ADDRESS, now),
    );
  }

  /** Right after all: that try was none. */
  takeBackLogIn(address: string, network: string): void {
    this.#attempts.takeBack(`address ${address}`);
    this.#attempts.takeBack(`network ${network}`);
  }

  /** Counts a try with a set-up key or an invite, or a registration where anyone may. */
  beginRegistration(network: string): number | null {
    return this.#isBusy()
      ? 1
      : inSeconds(
          this.#attempts.begin(`register ${network}`, REGISTRATIONS_PER_NETWORK, Date.now()),
        );
  }

  /** An unknown user and a wrong password take the same time. */
  async isRight(account: Account | null, password: string): Promise<boolean> {
    const stored = account === null ? nobodysPassword() : this.accounts.password(account.mailbox);
    const right = await this.#count(() => verifyPassword(password, stored));

    if (right && account !== null && isOutdated(stored)) {
      this.accounts.rehash(account.mailbox, stored, await this.hash(password));
    }

    return right && account !== null;
  }

  async hash(password: string): Promise<StoredPassword> {
    return this.#count(() => hashPassword(password));
  }

  #isBusy(): boolean {
    return this.#waitingPasswords >= MAX_WAITING_PASSWORDS;
  }

  /** Hashing is the one slow thing here: more of it at once would keep inbound mail waiting. */
  async #count<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#waitingPasswords += 1;

    try {
      return await work();
    } finally {
      this.#waitingPasswords -= 1;
    }
  }
}

function inSeconds(wait: number | null): number | null {
  return wait === null ? null : Math.ceil(wait / 1000);
}
