// `/v1/invites`: one-time invites, for admins to give to people.

import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../app';
import { readJson, takeBody } from '../http/json';
import { problem } from '../http/problem';
import { INVITE_LIFETIME, MAX_INVITE_LIFETIME, MAX_INVITES } from '../limits';
import { directoryOf } from '../storage/objects';
import { onlyAdmins } from './only-admins';
import { lineOfText } from './schemas';

const InviteBody = z.strictObject({
  note: lineOfText(200).default(''),
  /** Milliseconds. */
  lifetime: z.number().int().min(60_000).max(MAX_INVITE_LIFETIME).default(INVITE_LIFETIME),
});

export const invites = new Hono<App>()
  .use(takeBody, onlyAdmins)
  .get('/', async (c) => c.json({ invites: await directoryOf(c.env).invites() }))
  .post('/', async (c) => {
    const body = await readJson(c, InviteBody);

    if (!body.ok) {
      return body.failure;
    }

    const { note, lifetime } = body.value;
    const made = await directoryOf(c.env).createInvite(c.var.admin, note, lifetime);

    return made === null
      ? problem(c, 'conflict', `At most ${MAX_INVITES} invites; delete some first`, {
          reason: 'too_many',
        })
      : c.json({ ...made.invite, code: made.code }, 201);
  })
  .delete('/:id', async (c) =>
    (await directoryOf(c.env).deleteInvite(c.var.admin, c.req.param('id')))
      ? c.body(null, 204)
      : problem(c, 'not_found', 'There is no such invite'),
  );
