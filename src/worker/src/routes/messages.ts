// `/v1/messages`: listing, reading and deleting the caller's mail.

import { Hono } from 'hono';
import { z } from 'zod';
import { readJson } from '../http/json';
import { problem } from '../http/problem';
import { FRAMES_TYPE } from '../http/streams';
import { MAX_FETCH_IDS } from '../limits';
import type { MailboxApp } from '../mailbox-app';
import { guarded } from './guarded';
import { fetchFrames, listFrames } from './message-frames';
import { answerMessage, answerTop } from './one-message';

const ListQuery = z.object({
  since: z.coerce.number().int().nonnegative().optional(),
  mailbox: z.enum(['inbox', 'sent']).default('inbox'),
});
const MessageQuery = z.object({ lines: z.coerce.number().int().nonnegative().optional() });
const IdsBody = z.object({ ids: z.array(z.string().min(1).max(70)).max(MAX_FETCH_IDS) });

export const messages = new Hono<MailboxApp>()
  .get('/', (c) => {
    const query = ListQuery.safeParse(c.req.query());

    if (!query.success) {
      const field = query.error.issues[0]?.path.join('.') ?? '';
      return problem(c, 'invalid_request', 'The query is not as it should be', { field });
    }

    const store = c.var.mailbox.messages;
    const { since, mailbox } = query.data;
    const etag = `"${store.state.seq}"`;
    c.header('ETag', etag);
    c.header('Cache-Control', 'private, no-cache');

    return c.req.header('If-None-Match') === etag
      ? c.body(null, 304)
      : c.body(guarded(c, listFrames(store, mailbox, since)), 200, { 'Content-Type': FRAMES_TYPE });
  })
  .get('/:id', (c) => {
    const store = c.var.mailbox.messages;
    const query = MessageQuery.safeParse(c.req.query());
    const message = store.find(c.req.param('id'));

    if (!query.success) {
      return problem(c, 'invalid_request', 'A number of lines is expected', { field: 'lines' });
    }

    if (message === null) {
      return problem(c, 'not_found', 'There is no such message');
    }

    return query.data.lines === undefined
      ? answerMessage(c, store, message)
      : answerTop(c, store, message, query.data.lines);
  })
  .post('/fetch', async (c) => {
    const body = await readJson(c, IdsBody);

    return body.ok
      ? c.body(guarded(c, fetchFrames(c.var.mailbox.messages, body.value.ids)), 200, {
          'Content-Type': FRAMES_TYPE,
        })
      : body.failure;
  })
  .post('/delete', async (c) => {
    const body = await readJson(c, IdsBody);

    if (!body.ok) {
      return body.failure;
    }

    return c.json(c.var.mailbox.deleteMessages(body.value.ids));
  });
