// `/v1/domains`, `/v1/settings` and `/v1/audit`: what admins do besides accounts.

import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../app';
import { readJson, takeBody } from '../http/json';
import { problem } from '../http/problem';
import { MAX_DOMAINS } from '../limits';
import { directoryOf } from '../storage/objects';
import { onlyAdmins } from './only-admins';
import { domain } from './schemas';

const SettingsBody = z.strictObject({ registration: z.enum(['closed', 'invite', 'open']) });
const AuditQuery = z.object({ before: z.coerce.number().int().positive().optional() });

export const domains = new Hono<App>()
  .use(takeBody, onlyAdmins)
  .get('/', async (c) => c.json({ domains: await directoryOf(c.env).domains() }))
  .put('/:name', async (c) => {
    const name = domain.safeParse(c.req.param('name'));

    if (!name.success) {
      return problem(c, 'invalid_request', 'This is not a domain name', { field: 'name' });
    }

    return (await directoryOf(c.env).addDomain(c.var.admin, name.data)) === null
      ? c.body(null, 204)
      : problem(c, 'conflict', `At most ${MAX_DOMAINS} domains`);
  })
  .delete('/:name', async (c) => {
    const name = domain.safeParse(c.req.param('name'));
    const refused = await directoryOf(c.env).removeDomain(c.var.admin, name.data ?? '');

    switch (refused) {
      case null:
        return c.body(null, 204);
      case 'in_use':
        return problem(c, 'conflict', 'Users or aliases live in this domain; remove them first');
      case 'not_found':
        return problem(c, 'not_found', 'This server does not serve that domain');
    }
  });

export const settings = new Hono<App>()
  .use(takeBody, onlyAdmins)
  .get('/', async (c) => {
    const { registration } = await directoryOf(c.env).info();

    return c.json({ registration });
  })
  .patch('/', async (c) => {
    const body = await readJson(c, SettingsBody);

    if (!body.ok) {
      return body.failure;
    }

    await directoryOf(c.env).setRegistration(c.var.admin, body.value.registration);

    return c.json(body.value);
  });

export const audit = new Hono<App>().use(takeBody, onlyAdmins).get('/', async (c) => {
  const query = AuditQuery.safeParse(c.req.query());

  if (!query.success) {
    return problem(c, 'invalid_request', 'A number of an entry is expected', { field: 'before' });
  }

  const entries = await directoryOf(c.env).audit(query.data.before ?? Number.MAX_SAFE_INTEGER);

  return c.json({ entries });
});
