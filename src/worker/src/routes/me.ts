// `/v1/me`: the caller's account, its password and its options.

import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { readJson } from '../http/json';
import { problem } from '../http/problem';
import { MAX_RETENTION_DAYS } from '../limits';
import type { MailboxApp } from '../mailbox-app';
import type { LogInFailure } from '../storage/directory';
import { meAnswer } from './me-answer';
import { networkOfRequest } from './network';
import { address, givenPassword, newPassword } from './schemas';
import { tooManyTries } from './sign-in';

const PasswordBody = z.object({ oldPassword: givenPassword, newPassword });
const OptionsBody = z.strictObject({
  forward: z.strictObject({ address, keep: z.boolean() }).nullish(),
  retentionDays: z.number().int().min(1).max(MAX_RETENTION_DAYS).nullish(),
});

export const me = new Hono<MailboxApp>()
  .get('/', (c) => answerMe(c))
  .patch('/', async (c) => {
    const body = await readJson(c, OptionsBody);

    if (!body.ok) {
      return body.failure;
    }

    const { mailbox } = c.var;
    const { forward, retentionDays } = body.value;

    if (forward !== undefined && (await mailbox.directory.setForward(mailbox.name, forward))) {
      const message = 'That domain is served here: ask for an alias instead of a forward';

      return problem(c, 'rejected', message, { field: 'forward.address' });
    }

    if (retentionDays !== undefined) {
      mailbox.retention.setDays(retentionDays);
      await mailbox.clock.schedule();
    }

    return answerMe(c);
  })
  .put('/password', async (c) => {
    const body = await readJson(c, PasswordBody);

    if (!body.ok) {
      return body.failure;
    }

    const { mailbox, token } = c.var;
    const passwords = { old: body.value.oldPassword, fresh: body.value.newPassword };
    const network = networkOfRequest(c);
    const changed = await mailbox.directory.changePassword(
      mailbox.name,
      passwords,
      token.id,
      network,
    );

    return changed.ok ? c.body(null, 204) : passwordProblem(c, changed.failure);
  });

/** Not 401: the token of who asks is fine, whatever the password. */
function passwordProblem(c: Context, failure: LogInFailure): Response {
  return failure.kind === 'rate_limited'
    ? tooManyTries(c, failure.retryAfter)
    : problem(c, 'forbidden', 'The old password is wrong', {
        field: 'oldPassword',
        reason: 'wrong_password',
      });
}

async function answerMe(c: Context<MailboxApp>): Promise<Response> {
  const { mailbox } = c.var;
  const account = await mailbox.account();

  if (account === null) {
    return problem(c, 'unauthorized', 'This account is gone');
  }

  return c.json({
    ...meAnswer(account, mailbox.messages.state),
    retentionDays: mailbox.retention.days,
    recipientsToday: mailbox.outbox.dailyCount.today(Date.now()),
  });
}
