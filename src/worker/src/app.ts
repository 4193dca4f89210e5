// The Worker's routes. What belongs to one mailbox goes on to its object; the rest is answered here.

import { Hono } from 'hono';
import type { Env } from './env';
import { protect } from './http/protect';
import { audit, domains, settings } from './routes/administration';
import { diagnostics } from './routes/diagnostics';
import { forward } from './routes/forward';
import { health } from './routes/health';
import { info } from './routes/info';
import { invites } from './routes/invites';
import { page } from './routes/page';
import { setup } from './routes/setup';
import { signIn } from './routes/sign-in';
import { users } from './routes/users';

export interface App {
  Bindings: Env;
  /** The address of the admin who asks, where only admins may. */
  Variables: { admin: string };
}

export const app = new Hono<App>();

protect(app);

app.route('/', page);
app.route('/v1/info', info);
app.route('/v1/health', health);
app.route('/v1/setup', setup);
app.route('/v1/tokens', signIn);
app.route('/v1/users', users);
app.route('/v1/invites', invites);
app.route('/v1/domains', domains);
app.route('/v1/settings', settings);
app.route('/v1/audit', audit);
app.route('/v1/diagnostics', diagnostics);

for (const path of ['me', 'tokens', 'messages', 'submissions', 'events', 'export', 'import']) {
  app.all(`/v1/${path}`, forward);
  app.all(`/v1/${path}/*`, forward);
}
