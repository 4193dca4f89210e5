// `GET /v1/health`: whether storage answers.

import { Hono } from 'hono';
import type { App } from '../app';
import { directoryOf } from '../storage/objects';

export const health = new Hono<App>().get('/', async (c) => {
  // A failure is thrown, and becomes the 503 that says so.
  await directoryOf(c.env).info();

  return c.body(null, 204);
});
