// `GET /v1/events`: a WebSocket that says when the mailbox changes.

import { Hono } from 'hono';
import { problem } from '../http/problem';
import type { MailboxApp } from '../mailbox-app';

export const events = new Hono<MailboxApp>().get('/', (c) => {
  if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket') {
    return problem(c, 'invalid_request', 'This is a WebSocket', { field: 'Upgrade' });
  }

  const { mailbox, token } = c.var;

  return mailbox.events.accept(token.id, mailbox.messages.state.seq);
});
