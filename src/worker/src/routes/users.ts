// `/v1/users`: what admins do with accounts, and how somebody makes one of their own.

import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../app';
import { readJson, takeBody } from '../http/json';
import { DEFAULT_QUOTA, MAX_DAILY_LIMIT, MAX_QUOTA } from '../limits';
import { parseAddress } from '../mail/address';
import type { Account } from '../storage/accounts';
import { directoryOf } from '../storage/objects';
import { changeProblem, createProblem } from './account-problems';
import { networkOfRequest } from './network';
import { onlyAdmins } from './only-admins';
import { address, domain, newPassword } from './schemas';

const role = z.enum(['admin', 'user']);
const quota = z.number().int().positive().max(MAX_QUOTA);

const NewUserBody = z.strictObject({
  address,
  password: newPassword,
  role: role.default('user'),
  quota: quota.default(DEFAULT_QUOTA),
});

const RegistrationBody = z.strictObject({
  address,
  password: newPassword,
  invite: z.string().min(1).max(100).nullish(),
});

const ChangeBody = z.strictObject({
  role: role.optional(),
  quota: quota.optional(),
  /** 0 lets a user read and not write. */
  dailyLimit: z.number().int().nonnegative().max(MAX_DAILY_LIMIT).optional(),
  disabled: z.boolean().optional(),
  password: newPassword.optional(),
  aliases: z.array(address).max(1000).optional(),
  catchAll: z.array(domain).max(1000).optional(),
});

export const users = new Hono<App>()
  .post('/', async (c, next) =>
    c.req.header('Authorization') === undefined ? register(c) : next(),
  )
  .use(takeBody, onlyAdmins)
  .get('/', async (c) => {
    const accounts = await directoryOf(c.env).users();

    return c.json({ users: accounts.map(userAnswer) });
  })
  .post('/', async (c) => {
    const body = await readJson(c, NewUserBody);

    if (!body.ok) {
      return body.failure;
    }

    const created = await directoryOf(c.env).createUser(c.var.admin, body.value);

    return created.ok
      ? c.json(userAnswer(created.value.account), 201)
      : createProblem(c, created.failure);
  })
  .get('/:address', async (c) => {
    const account = await directoryOf(c.env).accountAt(named(c));

    return account === null ? changeProblem(c, { kind: 'not_found' }) : c.json(userAnswer(account));
  })
  .patch('/:address', async (c) => {
    const body = await readJson(c, ChangeBody);

    if (!body.ok) {
      return body.failure;
    }

    const changed = await directoryOf(c.env).changeUser(c.var.admin, named(c), body.value);

    return changed.ok ? c.json(userAnswer(changed.value)) : changeProblem(c, changed.failure);
  })
  .delete('/:address', async (c) => {
    const deleted = await directoryOf(c.env).deleteUser(c.var.admin, named(c));

    return deleted.ok ? c.body(null, 204) : changeProblem(c, deleted.failure);
  });

async function register(c: Context<App>): Promise<Response> {
  const body = await readJson(c, RegistrationBody);

  if (!body.ok) {
    return body.failure;
  }

  const { invite = null, ...user } = body.value;
  const registered = await directoryOf(c.env).register({ ...user, invite }, networkOfRequest(c));

  return registered.ok
    ? c.json({ address: registered.value.account.address }, 201)
    : createProblem(c, registered.failure);
}

/** What is no address leads to no account. */
function named(c: Context): string {
  return parseAddress(c.req.param('address') ?? '')?.text ?? '';
}

/** The mailbox's name stays inside: it is half of what a token needs. */
function userAnswer(account: Account) {
  const { mailbox: _, ...answer } = account;

  return answer;
}
