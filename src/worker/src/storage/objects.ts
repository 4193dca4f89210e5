// The way from the Worker to its objects.

import type { Env } from '../env';
import { logFailure } from '../log';
import { importTokenKey } from '../token';
import type { Account } from './accounts';
import type { Directory } from './directory';
import type { Mailbox } from './mailbox';

/** One object holds all addresses; its name is the place to shard by domain, should that ever be needed. */
export function directoryOf(env: Env): DurableObjectStub<Directory> {
  return env.DIRECTORY.getByName('directory');
}

export function mailboxOf(env: Env, mailbox: string): DurableObjectStub<Mailbox> {
  return env.MAILBOX.getByName(mailbox);
}

/** Where a forward fails the account shows it; one that works again takes that back. Never a reason to fail. */
export async function noteForward(env: Env, account: Account, forwarded: boolean): Promise<void> {
  if (forwarded && account.forwardFailed === null) {
    return;
  }

  try {
    await directoryOf(env).reportForward(account.mailbox, !forwarded);
  } catch (error) {
    logFailure('note about a forward', error);
  }
}

let cachedTokenKey: CryptoKey | null = null;

/**
 * The key never changes, so each isolate asks for it once and the hot path does not ask the directory. The key
 * is cached, not the promise of it: a promise belongs to the request that made it.
 */
export async function tokenKeyOf(env: Env): Promise<CryptoKey> {
  cachedTokenKey ??= await importTokenKey(await directoryOf(env).tokenKey());

  return cachedTokenKey;
}
