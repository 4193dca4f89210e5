// Gets a token of an admin: of the first one, made here with a key that nobody sees, or of one who is there.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CloudflareApi } from './cloudflare.ts';
import { SCRIPT } from './plan-types.ts';
import { SETUP_KEY } from './state.ts';
import { Stop } from './stop.ts';
import type { Terminal } from './terminal.ts';
import type { Credentials, Info, Session, WorkerClient } from './worker-client.ts';

/** How often, and how long apart, something is tried that takes a while to arrive at Cloudflare's edge. */
export interface Patience {
  readonly tries: number;
  readonly interval: number;
}

export async function waitForWorker(worker: WorkerClient, patience: Patience): Promise<Info> {
  for (let left = patience.tries; left > 0; left -= 1) {
    const info = await worker.info();

    if (info !== null) {
      return info;
    }

    await pause(patience.interval);
  }

  throw new Stop(
    `The Worker is deployed, but ${worker.url} does not answer as Neko Mail yet. A new address can take some ` +
      'minutes. Open it in a browser: when it answers, run this again, and it continues from here.',
  );
}

export async function makeFirstAdmin(
  tools: { api: CloudflareApi; worker: WorkerClient; terminal: Terminal; patience: Patience },
  accountId: string,
  user: Credentials,
): Promise<Session> {
  const { api, worker, terminal, patience } = tools;
  // A key that is there was never used, and cannot be read: a new one takes its place.
  const key = randomBytes(32).toString('hex');
  terminal.hide(key);
  await api.setSecret(accountId, SCRIPT, SETUP_KEY, key);

  for (let left = patience.tries; left > 0; left -= 1) {
    const answer = await worker.setUp(key, user);

    if (answer === 'done_already') {
      return worker.signIn(user);
    }

    if (answer !== 'wrong_key') {
      return answer;
    }

    // The secret makes a new version of the Worker, which may not answer everywhere yet.
    await pause(patience.interval);
  }

  throw new Stop('The Worker does not take its new set-up key. Run this again in a few minutes.');
}
