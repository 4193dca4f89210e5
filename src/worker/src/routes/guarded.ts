// A stream that ends, broken, when the device that reads it is revoked or the account disabled.

import type { Context } from 'hono';
import { streamOf } from '../http/streams';
import type { MailboxApp } from '../mailbox-app';

export function guarded(
  c: Context<MailboxApp>,
  pieces: Iterable<Uint8Array>,
): ReadableStream<Uint8Array> {
  const { mailbox, token } = c.var;

  return streamOf(mailbox.access.whileOpen(token.id, pieces));
}
