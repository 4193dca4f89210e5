// `GET /v1/diagnostics`: the self-test. Each finding is a sentence, and each remedy says what to do.

import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../app';
import { resolver } from '../diagnostics/dns';
import { checkDomains } from '../diagnostics/domains';
import { judgeServer, type ServerState } from '../diagnostics/server';
import type { Env } from '../env';
import { problem } from '../http/problem';
import { logFailure } from '../log';
import type { Directory } from '../storage/directory';
import { directoryOf } from '../storage/objects';
import { onlyAdmins } from './only-admins';

const Query = z.object({ domain: z.string().max(253).toLowerCase().optional() });

export const diagnostics = new Hono<App>().use(onlyAdmins).get('/', async (c) => {
  const query = Query.safeParse(c.req.query());

  if (!query.success) {
    return problem(c, 'invalid_request', 'This is not a domain', { field: 'domain' });
  }

  const state = await testStorage(c.env);
  // Reading often works where writing does not, as beyond a daily limit.
  const served = state?.domains ?? (await directoryOf(c.env).info()).domains;
  const { domain } = query.data;

  if (domain !== undefined && !served.includes(domain)) {
    return problem(c, 'not_found', 'This server does not serve that domain', { field: 'domain' });
  }

  // Looked up at each call: a function of the platform is not to be kept and called apart from it.
  const ask = resolver((url, init) => fetch(url, init));
  const inDomains = await checkDomains(ask, domain === undefined ? served : [domain]);
  const checks = [...judgeServer(state, c.env.EMAIL !== undefined), ...inDomains];

  return c.json({ checks });
});

async function testStorage(env: Env): Promise<ServerState | null> {
  try {
    return stateOf(await directoryOf(env).selfTest());
  } catch (error) {
    logFailure('the self-test of storage', error);

    return null;
  }
}

function stateOf({
  schemaVersion,
  domains,
  accounts,
}: ReturnType<Directory['selfTest']>): ServerState {
  return {
    schemaVersion,
    domains,
    lastReceived: accounts.reduce<number | null>(
      (last, account) => ((account.lastReceived ?? 0) > (last ?? 0) ? account.lastReceived : last),
      null,
    ),
    full: accounts.flatMap(({ address, fullSince: since }) =>
      since === null ? [] : [{ address, since }],
    ),
    forwardFailed: accounts.flatMap(({ address, forward, forwardFailed: since }) =>
      forward === null || since === null ? [] : [{ address, since }],
    ),
  };
}
