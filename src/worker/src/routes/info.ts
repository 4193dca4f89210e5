// `GET /v1/info`: what anyone may know about this server.

import { Hono } from 'hono';
import type { App } from '../app';
import { directoryOf } from '../storage/objects';
import { VERSION } from '../version';

export const info = new Hono<App>().get('/', async (c) => {
  const { domains, registration, setupDone } = await directoryOf(c.env).info();

  return c.json({ name: 'Neko Mail', version: VERSION, domains, registration, setupDone });
});
