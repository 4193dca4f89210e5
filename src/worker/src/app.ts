// The Worker's routes. What belongs to one mailbox goes on to its object; the rest is answered here.

import { Hono } from 'hono';
import type { Env } from './env';
import { protect } from './http/protect';
import { forward } from './routes/forward';
import { health } from './routes/health';
import { info } from './routes/info';
import { setup } from './routes/setup';
import { signIn } from './routes/sign-in';
import { users } from './routes/users';

export interface App {
  Bindings: Env;
}

export const app = new Hono<App>();

protect(app);

app.route('/v1/info', info);
app.route('/v1/health', health);
app.route('/v1/setup', setup);
app.route('/v1/tokens', signIn);
app.route('/v1/users', users);

for (const path of ['me', 'tokens', 'messages', 'submissions', 'events']) {
  app.all(`/v1/${path}`, forward);
  app.all(`/v1/${path}/*`, forward);
}
