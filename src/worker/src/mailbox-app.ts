// The routes of one mailbox; they run in its object, and each asks for a token of this very mailbox.

import { Hono, type MiddlewareHandler } from 'hono';
import { takeBody } from './http/json';
import { problem } from './http/problem';
import { protect } from './http/protect';
import { events } from './routes/events';
import { exportRoute, importRoute } from './routes/mbox';
import { me } from './routes/me';
import { messages } from './routes/messages';
import { submissions } from './routes/submissions';
import { tokens } from './routes/tokens';
import type { OpenMailbox } from './storage/open-mailbox';
import type { Token } from './storage/tokens';
import { bearerToken } from './token';

export interface MailboxApp {
  Bindings: { readonly mailbox: OpenMailbox | null };
  Variables: { mailbox: OpenMailbox; token: Token };
}

/** The Worker checked that the token names this mailbox; the secret in it is checked here. */
const authenticate: MiddlewareHandler<MailboxApp> = async (c, next) => {
  const secret = bearerToken(c.req.header('Authorization')).split('.')[3] ?? '';
  const { mailbox } = c.env;
  const token = await mailbox?.tokens.check(secret, Date.now());

  if (mailbox === null || token == null) {
    return problem(c, 'unauthorized', 'The token is not valid; sign in again');
  }

  if (mailbox.standing.isDisabled) {
    return problem(c, 'forbidden', 'This account is disabled; ask your administrator');
  }

  c.set('mailbox', mailbox);
  c.set('token', token);

  return next();
};

export const mailboxApp = new Hono<MailboxApp>();

protect(mailboxApp);
for (const path of ['me', 'tokens', 'messages']) {
  mailboxApp.use(`/v1/${path}/*`, takeBody);
}

mailboxApp.use(authenticate);
mailboxApp.route('/v1/me', me);
mailboxApp.route('/v1/tokens', tokens);
mailboxApp.route('/v1/messages', messages);
mailboxApp.route('/v1/submissions', submissions);
mailboxApp.route('/v1/events', events);
mailboxApp.route('/v1/export', exportRoute);
mailboxApp.route('/v1/import', importRoute);
