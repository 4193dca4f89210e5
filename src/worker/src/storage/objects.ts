// The way from the Worker to its objects.

import type { Env } from '../env';
import { importTokenKey } from '../token';
import type { Directory } from './directory';
import type { Mailbox } from './mailbox';

/** One object holds all addresses; its name is the place to shard by domain, should that ever be needed. */
export function directoryOf(env: Env): DurableObjectStub<Directory> {
  return env.DIRECTORY.getByName('directory');
}

export function mailboxOf(env: Env, mailbox: string): DurableObjectStub<Mailbox> {
  return env.MAILBOX.getByName(mailbox);
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
