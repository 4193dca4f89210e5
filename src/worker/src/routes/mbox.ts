// `GET /v1/export` and `POST /v1/import`: a mailbox as one file, out and in.

import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { drain } from '../http/first-line';
import { partFrames } from '../http/part-frames';
import { problem } from '../http/problem';
import { FRAMES_TYPE } from '../http/streams';
import { MAX_DRAINED_IMPORT } from '../limits';
import type { MailboxApp } from '../mailbox-app';
import { mailboxFile } from '../storage/mailbox-file';
import { type ImportCounts, type ImportFailure, MailboxImport } from '../storage/mailbox-import';
import type { MailboxName } from '../storage/messages';
import { guarded } from './guarded';

const MailboxQuery = z.object({ mailbox: z.enum(['inbox', 'sent']).default('inbox') });

export const exportRoute = new Hono<MailboxApp>().get('/', (c) => {
  const mailbox = chosenMailbox(c);

  if (mailbox === null) {
    return noSuchMailbox(c);
  }

  const file = mailboxFile(c.var.mailbox.messages, mailbox);

  return c.req.header('Accept') === FRAMES_TYPE
    ? c.body(guarded(c, partFrames(file)), 200, { 'Content-Type': FRAMES_TYPE })
    : c.body(guarded(c, file), 200, {
        'Content-Type': 'application/mbox',
        'Content-Disposition': `attachment; filename="${mailbox}.mbox"`,
      });
});

export const importRoute = new Hono<MailboxApp>().post('/', async (c) => {
  const name = chosenMailbox(c);
  const body = c.req.raw.body ?? new Blob([]).stream();
  const length = c.req.raw.body === null ? '0' : c.req.header('Content-Length');
  const imported =
    name === null ? noSuchMailbox(c) : await importInto(c, name, body, Number(length));

  if (imported.status >= 400) {
    // A client that is still writing would see a broken connection and not the answer.
    await drain(body.values(), MAX_DRAINED_IMPORT);
  }

  return imported;
});

async function importInto(
  c: Context<MailboxApp>,
  name: MailboxName,
  body: ReadableStream<Uint8Array>,
  length: number,
): Promise<Response> {
  const { mailbox } = c.var;

  if (!Number.isSafeInteger(length)) {
    const message = 'The length of the file is needed, to know that it is whole';

    return problem(c, 'invalid_request', message, { field: 'Content-Length' });
  }

  const account = await mailbox.account();

  if (account === null) {
    return problem(c, 'unauthorized', 'This account is gone');
  }

  if (account.disabled) {
    return problem(c, 'forbidden', 'This account is disabled');
  }

  const { context, messages, events, access } = mailbox;
  const isOpen = () => access.isOpen(c.var.token.id);
  const work = new MailboxImport(context.storage, messages, events, name, account.quota, isOpen);

  try {
    const imported = await work.run(body.values({ preventCancel: true }), length);

    return imported.ok
      ? c.json({ ...imported.value, complete: true })
      : importProblem(c, imported.failure, work.counts);
  } finally {
    await mailbox.clock.schedule();
    mailbox.usage.report();
  }
}

function importProblem(c: Context, failed: ImportFailure, counts: ImportCounts): Response {
  switch (failed) {
    case 'not_mbox':
      return problem(
        c,
        'invalid_request',
        'This is no mailbox file (mbox): it has to begin with a line that begins with "From "',
      );
    case 'cut_off':
      return problem(c, 'unauthorized', 'This device was revoked, or the account disabled', counts);
    case 'cut':
      return problem(c, 'invalid_request', 'The file ended before its Content-Length', counts);
    case 'quota_exceeded':
      return problem(
        c,
        'quota_exceeded',
        `The mailbox is full; ${counts.imported} messages were imported and stay`,
        counts,
      );
  }
}

function chosenMailbox(c: Context): MailboxName | null {
  const query = MailboxQuery.safeParse(c.req.query());

  return query.success ? query.data.mailbox : null;
}

function noSuchMailbox(c: Context): Response {
  return problem(c, 'invalid_request', 'The mailbox is inbox or sent', { field: 'mailbox' });
}
