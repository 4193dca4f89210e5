// `/v1/submissions`: taking mail from a user to bring it to others.

import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { drain, splitFirstLine } from '../http/first-line';
import { checkJson } from '../http/json';
import { problem } from '../http/problem';
import { MAX_ENVELOPE_LINE, MAX_MESSAGE_SIZE, MAX_RECIPIENTS } from '../limits';
import { parseAddress } from '../mail/address';
import type { MailboxApp } from '../mailbox-app';
import { failure, type Result, success } from '../result';
import type { OpenMailbox } from '../storage/open-mailbox';
import type { AcceptFailure, Envelope } from '../storage/outbox';
import type { EnvelopeRecipient, Submission } from '../storage/submissions';
import { address } from './schemas';

/** RFC 3461: xtext and keywords, which go into reports; printable, so that no header can be made with them. */
const printable = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\x21-\x7e]*$/);

/** RFC 6533 section 3: an original recipient may be in UTF-8. */
const printableUnicode = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{C}\p{Z}]*$/u);

const EnvelopeLine = z.object({
  from: address,
  recipients: z
    .array(
      z.object({
        address: z.string().max(512),
        notify: printable(40).nullish(),
        orcpt: printableUnicode(500).nullish(),
      }),
    )
    .min(1)
    .max(1000),
  ret: z.enum(['FULL', 'HDRS']).nullish(),
  envid: printable(100).nullish(),
  size: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

type BadRecipient = { readonly kind: 'bad_recipient'; readonly index: number };
type SubmitFailure =
  | AcceptFailure
  | BadRecipient
  | { readonly kind: 'too_large' | 'too_many_recipients' };

export const submissions = new Hono<MailboxApp>()
  .post('/', async (c) => {
    const { mailbox } = c.var;
    const idempotencyKey = c.req.header('Idempotency-Key') ?? '';
    const head = await splitFirstLine(c.req.raw.body, MAX_ENVELOPE_LINE);

    if (!IDEMPOTENCY_KEY.test(idempotencyKey)) {
      return problem(c, 'invalid_request', 'A key is needed', { field: 'Idempotency-Key' });
    }

    if (!head.ok) {
      return problem(c, 'invalid_request', 'The body starts with one line of JSON');
    }

    const line = checkJson(c, head.value.line, EnvelopeLine);

    if (!line.ok) {
      return line.failure;
    }

    const envelope = asEnvelope(line.value, idempotencyKey);
    const isOpen = () => mailbox.access.isOpen(c.var.token.id);
    const submitted = envelope.ok
      ? await submit(mailbox, envelope.value, head.value.rest, isOpen)
      : envelope;

    if (!submitted.ok) {
      // A client that is still writing would see a broken connection and not the answer.
      await drain(head.value.rest, MAX_MESSAGE_SIZE);

      return submitProblem(c, submitted.failure);
    }

    return c.json(submissionAnswer(mailbox, submitted.value), 202);
  })
  .get('/:id', (c) => {
    const { mailbox } = c.var;
    const submission = mailbox.submissions.byId(c.req.param('id'));

    return submission === null
      ? problem(c, 'not_found', 'There is no such submission')
      : c.json(submissionAnswer(mailbox, submission));
  });

async function submit(
  mailbox: OpenMailbox,
  envelope: Envelope,
  body: AsyncIterable<Uint8Array>,
  isOpen: () => boolean,
): Promise<Result<Submission, SubmitFailure>> {
  const repeated = mailbox.outbox.repeated(envelope);

  if (!repeated.ok) {
    return repeated;
  }

  if (repeated.value !== null) {
    await drain(body, MAX_MESSAGE_SIZE);

    return success(repeated.value);
  }

  const refused = checkEnvelope(envelope);

  if (refused !== null) {
    return failure(refused);
  }

  const accepted = await mailbox.outbox.accept(envelope, body, isOpen);

  if (accepted.ok) {
    mailbox.usage.report();
    await mailbox.attemptFirst(accepted.value);
  }

  return accepted;
}

/** What no user may send. */
function checkEnvelope(envelope: Envelope): SubmitFailure | null {
  if (envelope.size > MAX_MESSAGE_SIZE) {
    return { kind: 'too_large' };
  }

  if (envelope.recipients.length > MAX_RECIPIENTS) {
    return { kind: 'too_many_recipients' };
  }

  return null;
}

/** The same address twice is one recipient; what the first one asked for holds. */
function asEnvelope(
  line: z.output<typeof EnvelopeLine>,
  idempotencyKey: string,
): Result<Envelope, BadRecipient> {
  const { from: sender, recipients, ret, envid, size, sha256 } = line;
  const unique = new Map<string, EnvelopeRecipient>();

  for (const [index, { address: text, notify, orcpt }] of recipients.entries()) {
    const address = parseAddress(text.trim())?.text;

    if (address === undefined) {
      return failure({ kind: 'bad_recipient', index });
    }

    if (!unique.has(address)) {
      unique.set(address, { address, notify: notify ?? null, orcpt: orcpt ?? null });
    }
  }

  return success({
    sender,
    recipients: [...unique.values()],
    ret: ret ?? null,
    envid: envid ?? null,
    size,
    sha256,
    idempotencyKey,
  });
}

function submissionAnswer(mailbox: OpenMailbox, submission: Submission) {
  const recipients = mailbox.submissions.recipients(submission.number);

  return {
    id: submission.id,
    accepted: submission.accepted,
    recipients: recipients.map(({ address, status, code, reason }) => ({
      address,
      // Whether an attempt is under way this very moment is no business of the client.
      status: status === 'trying' ? 'queued' : status,
      code,
      reason,
    })),
  };
}

function submitProblem(c: Context, failed: SubmitFailure): Response {
  switch (failed.kind) {
    case 'gone':
      return problem(c, 'unauthorized', 'This account is gone, or this device was revoked');
    case 'disabled':
      return problem(c, 'forbidden', 'This account is disabled');
    case 'too_large':
      return problem(c, 'too_large', 'The message is too large', { limit: MAX_MESSAGE_SIZE });
    case 'too_many_recipients':
      return problem(c, 'rejected', `At most ${MAX_RECIPIENTS} recipients`, {
        smtpCode: '452 4.5.3',
        limit: MAX_RECIPIENTS,
      });
    case 'bad_recipient':
      // Final, unlike a body that is not as it should be: sent again, it would be the same address.
      return problem(c, 'rejected', 'A recipient is no mail address', {
        smtpCode: '553 5.1.3',
        field: `recipients.${failed.index}.address`,
      });
    case 'wrong_size':
      return problem(c, 'invalid_request', 'The body is not of that size', { field: 'size' });
    case 'wrong_digest':
      return problem(c, 'invalid_request', 'The body has another digest', { field: 'sha256' });
    case 'quota_exceeded':
      return problem(c, 'quota_exceeded', 'The mailbox is full', { smtpCode: '452 4.2.2' });
    case 'daily_limit': {
      const { limit, retryAfter } = failed;
      return problem(c, 'rate_limited', `At most ${limit} recipients a day; write again tomorrow`, {
        smtpCode: '450 4.7.1',
        limit,
        retryAfter,
      });
    }
    case 'key_reused':
      return problem(c, 'rejected', 'This key was used for another message', {
        field: 'Idempotency-Key',
      });
    case 'refused': {
      const { code: smtpCode, reason } = failed.refusal;
      return problem(c, 'rejected', reason, { smtpCode });
    }
  }
}
