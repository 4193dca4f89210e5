// `/v1/users`: what admins do with accounts.

import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { App } from '../app';
import { readJson } from '../http/json';
import { problem } from '../http/problem';
import { DEFAULT_QUOTA } from '../limits';
import type { Account } from '../storage/accounts';
import type { CreateFailure } from '../storage/directory';
import { directoryOf, mailboxOf, tokenKeyOf } from '../storage/objects';
import { bearerToken, parseToken } from '../token';
import { address, newPassword } from './schemas';

const MAX_QUOTA = 10 * 1024 ** 3;

const NewUserBody = z.object({
  address,
  password: newPassword,
  role: z.enum(['admin', 'user']).default('user'),
  quota: z.number().int().positive().max(MAX_QUOTA).default(DEFAULT_QUOTA),
});

/** The role comes from the directory each time, so taking it away acts at once. */
const onlyAdmins: MiddlewareHandler<App> = async (c, next) => {
  const token = bearerToken(c.req.header('Authorization'));
  const parsed = await parseToken(await tokenKeyOf(c.env), token);

  if (parsed === null || !(await mailboxOf(c.env, parsed.mailbox).isToken(parsed.secret))) {
    return problem(c, 'unauthorized', 'The token is not valid; sign in again');
  }

  const account = await directoryOf(c.env).account(parsed.mailbox);

  return account?.role === 'admin' && !account.disabled
    ? next()
    : problem(c, 'forbidden', 'Only an admin may do this');
};

export const users = new Hono<App>()
  .use(onlyAdmins)
  .get('/', async (c) => {
    const accounts = await directoryOf(c.env).users();

    return c.json({ users: accounts.map(userAnswer) });
  })
  .post('/', async (c) => {
    const body = await readJson(c, NewUserBody);

    if (!body.ok) {
      return body.failure;
    }

    const created = await directoryOf(c.env).createUser(body.value);

    return created.ok ? c.json(userAnswer(created.value), 201) : createProblem(c, created.failure);
  });

/** The mailbox's name stays inside: it is half of what a token needs. */
function userAnswer(account: Account) {
  const { mailbox: _, ...answer } = account;

  return answer;
}

export function createProblem(c: Context, failure: CreateFailure): Response {
  switch (failure) {
    case 'exists':
      return problem(c, 'conflict', 'This address is taken');
    case 'already_set_up':
      return problem(c, 'conflict', 'This server is set up already');
    case 'foreign_domain':
      return problem(c, 'rejected', 'This server does not serve that domain', { field: 'address' });
  }
}
