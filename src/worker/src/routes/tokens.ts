// `GET /v1/tokens` and `DELETE /v1/tokens/{id}`: the user's devices.

import { Hono } from 'hono';
import { problem } from '../http/problem';
import type { MailboxApp } from '../mailbox-app';

export const tokens = new Hono<MailboxApp>()
  .get('/', (c) => {
    const current = c.var.token.id;
    const list = c.var.mailbox.tokens.list();

    return c.json({ tokens: list.map((token) => ({ ...token, current: token.id === current })) });
  })
  .delete('/:id', (c) => {
    const id = c.req.param('id');
    const { mailbox } = c.var;

    if (!mailbox.tokens.revoke(id)) {
      return problem(c, 'not_found', 'There is no such token');
    }

    mailbox.access.end(id);

    return c.body(null, 204);
  });
