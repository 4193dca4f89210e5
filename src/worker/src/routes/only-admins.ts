// Lets admins in, and nobody else.

import type { MiddlewareHandler } from 'hono';
import type { App } from '../app';
import { problem } from '../http/problem';
import { directoryOf, mailboxOf, tokenKeyOf } from '../storage/objects';
import { bearerToken, parseToken } from '../token';
import { notAdmin } from './account-problems';

/** The role comes from the directory each time, so taking it away acts at once. */
export const onlyAdmins: MiddlewareHandler<App> = async (c, next) => {
  const token = bearerToken(c.req.header('Authorization'));
  const parsed = await parseToken(await tokenKeyOf(c.env), token);

  if (parsed === null || !(await mailboxOf(c.env, parsed.mailbox).isToken(parsed.secret))) {
    return problem(c, 'unauthorized', 'The token is not valid; sign in again');
  }

  const account = await directoryOf(c.env).account(parsed.mailbox);

  if (account?.role !== 'admin' || account.disabled) {
    return notAdmin(c);
  }

  c.set('admin', account.address);

  return next();
};
