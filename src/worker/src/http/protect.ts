// What both applications, the Worker's and the mailbox object's, do with every answer.

import type { Hono, Env as HonoEnv } from 'hono';
import { logFailure } from '../log';
import { STORAGE_IS_NEWER } from '../storage/schema';
import { problem } from './problem';

export function protect<Types extends HonoEnv>(app: Hono<Types>): void {
  app.use(async (c, next) => {
    await next();

    // A WebSocket's answer cannot be changed, and one from the mailbox object went through here already.
    if (c.res.status === 101 || c.res.headers.has('X-Content-Type-Options')) {
      return;
    }

    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Strict-Transport-Security', 'max-age=31536000');

    if (!c.res.headers.has('Content-Security-Policy')) {
      c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    }

    if (!c.res.headers.has('Cache-Control')) {
      c.header('Cache-Control', 'no-store');
    }
  });

  app.notFound((c) => problem(c, 'not_found', 'There is nothing here'));

  app.onError((error, c) => {
    logFailure(`${c.req.method} ${c.req.routePath}`, error);

    if (error.message.includes(STORAGE_IS_NEWER)) {
      return problem(c, 'unavailable', STORAGE_IS_NEWER, { retryAfter: 300 });
    }

    return problem(c, 'unavailable', 'Something failed here; try again later', { retryAfter: 30 });
  });
}
