// `GET /v1/messages/{id}`: the exact bytes, a part of them, or the top of them.

import type { Context } from 'hono';
import { problem } from '../http/problem';
import { parseRange } from '../http/range';
import { fixedLength } from '../http/streams';
import { topOf } from '../mail/top';
import type { MailboxApp } from '../mailbox-app';
import type { MessageStore, StoredMessage } from '../storage/messages';
import { guarded } from './guarded';

export function answerMessage(
  c: Context<MailboxApp>,
  store: MessageStore,
  message: StoredMessage,
): Response {
  const etag = `"${message.sha256}"`;
  setHeaders(c, etag);

  if (c.req.header('If-None-Match') === etag) {
    return c.body(null, 304);
  }

  const ifRange = c.req.header('If-Range');
  const wanted = ifRange === undefined || ifRange === etag ? c.req.header('Range') : undefined;
  const range = parseRange(wanted, message.octets);

  if (range === 'unsatisfiable') {
    c.header('Content-Range', `bytes */${message.octets}`);
    return problem(c, 'range_not_satisfiable', 'The message ends before that');
  }

  const { start, end } = range ?? { start: 0, end: message.octets };
  c.header('Content-Length', String(end - start));

  if (range !== null) {
    c.header('Content-Range', `bytes ${start}-${end - 1}/${message.octets}`);
  }

  const body = fixedLength(guarded(c, store.chunks.read(message.number, start, end)), end - start);

  return c.body(body, range === null ? 200 : 206);
}

export function answerTop(
  c: Context<MailboxApp>,
  store: MessageStore,
  message: StoredMessage,
  lines: number,
): Response {
  setHeaders(c, `"${message.sha256}-${lines}"`);

  return c.body(guarded(c, topOf(store.chunks.read(message.number, 0, message.octets), lines)));
}

function setHeaders(c: Context, etag: string): void {
  c.header('Content-Type', 'message/rfc822');
  c.header('Accept-Ranges', 'bytes');
  c.header('ETag', etag);
  // A message never changes, but it is private and leaves nothing behind on the way.
  c.header('Cache-Control', 'private, no-store');
}
