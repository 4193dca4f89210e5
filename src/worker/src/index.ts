// The Worker: HTTP requests, inbound mail, and the objects that keep everything.

import { app } from './app';
import { receiveEmail } from './email';
import type { Env } from './env';

export { Directory } from './storage/directory';
export { Mailbox } from './storage/mailbox';

export default {
  fetch: app.fetch,
  email: receiveEmail,
} satisfies ExportedHandler<Env>;
