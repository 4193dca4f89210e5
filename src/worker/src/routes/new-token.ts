// Makes a token for somebody who proved to be the account's owner, and the answer that carries it.

import type { Context } from 'hono';
import type { App } from '../app';
import { problem } from '../http/problem';
import type { SignedIn } from '../storage/directory';
import { mailboxOf, tokenKeyOf } from '../storage/objects';
import { formatToken } from '../token';
import { meAnswer } from './me-answer';

export async function answerWithNewToken(
  c: Context<App>,
  { account, generation }: SignedIn,
  device: string,
): Promise<Response> {
  const issued = await mailboxOf(c.env, account.mailbox).issueToken(device, generation);

  if (!issued.ok) {
    return issued.failure === 'too_many'
      ? problem(c, 'conflict', 'There are too many devices; revoke one first', {
          reason: 'too_many',
        })
      : problem(
          c,
          'unauthorized',
          'The password was changed a moment ago; sign in with the new one',
        );
  }

  const { token, secret, usage } = issued.value;
  const text = await formatToken(await tokenKeyOf(c.env), account.mailbox, secret);

  return c.json({ token: text, tokenId: token.id, me: meAnswer(account, usage) }, 201);
}
