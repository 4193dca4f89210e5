// Hands a request to the mailbox that its token names, and drops made-up names before they wake anything.

import type { Context } from 'hono';
import type { App } from '../app';
import { problem } from '../http/problem';
import { mailboxOf, tokenKeyOf } from '../storage/objects';
import { bearerToken, parseToken } from '../token';

export async function forward(c: Context<App>): Promise<Response> {
  const token = bearerToken(c.req.header('Authorization'));
  const parsed = await parseToken(await tokenKeyOf(c.env), token);

  return parsed === null
    ? problem(c, 'unauthorized', 'The token is not valid; sign in again')
    : mailboxOf(c.env, parsed.mailbox).fetch(c.req.raw);
}
