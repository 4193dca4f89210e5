// `GET /v1/me`: the caller's account and what is in the mailbox.

import { Hono } from 'hono';
import { problem } from '../http/problem';
import type { MailboxApp } from '../mailbox-app';
import { meAnswer } from './me-answer';

export const me = new Hono<MailboxApp>().get('/', async (c) => {
  const { mailbox } = c.var;
  const account = await mailbox.account();

  return account === null
    ? problem(c, 'unauthorized', 'This account is gone')
    : c.json(meAnswer(account, mailbox.messages.state));
});
