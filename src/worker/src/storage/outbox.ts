// Takes a submitted message in: all of it, checked, in one transaction, or nothing.

import { FORGET_PAGE, KEEP_SUBMISSIONS, MAX_MESSAGE_SIZE, MAX_SUBMITTED_HEADER } from '../limits';
import { checkSubmittedHeader, type Refusal, type SubmittedHeader } from '../mail/submitted-header';
import { failure, type Result, success } from '../result';
import type { Account } from './accounts';
import type { AlarmClock } from './alarm-clock';
import { DailyCount, untilNextDay } from './daily-count';
import type { EventHub } from './events';
import type { MessageStore } from './messages';
import type { EnvelopeRecipient, Submission, SubmissionStore } from './submissions';
import type { Upload, UploadedMessage } from './upload';

export interface Envelope {
  readonly sender: string;
  readonly recipients: readonly EnvelopeRecipient[];
  readonly ret: string | null;
  readonly envid: string | null;
  readonly size: number;
  readonly sha256: string;
  readonly idempotencyKey: string;
}

export type AcceptFailure =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'daily_limit'; readonly limit: number; readonly retryAfter: number }
  | { readonly kind: 'gone' | 'disabled' }
  | { readonly kind: 'wrong_size' | 'wrong_digest' | 'quota_exceeded' | 'key_reused' };

/** What the directory says about who sends. */
export interface SenderPolicy {
  /** Null where the account is gone. */
  account(): Promise<Account | null>;
  /** The first of these addresses that the user may not send as; null where all are the user's. */
  findForeign(account: Account, addresses: readonly string[]): Promise<string | null>;
}

export class Outbox {
  readonly dailyCount: DailyCount;

  constructor(
    readonly storage: DurableObjectStorage,
    readonly messages: MessageStore,
    readonly submissions: SubmissionStore,
    readonly events: EventHub,
    readonly clock: AlarmClock,
    readonly policy: SenderPolicy,
  ) {
    this.dailyCount = new DailyCount(storage.sql);
  }

  /** What an earlier request with this key made, if there was one; it fails where that was another message. */
  repeated(envelope: Envelope): Result<Submission | null, AcceptFailure> {
    const earlier = this.submissions.byKey(envelope.idempotencyKey, Date.now());

    if (earlier === null) {
      return success(null);
    }

    const addresses = new Set(envelope.recipients.map((recipient) => recipient.address));
    const recipients = this.submissions.recipients(earlier.number);
    const same =
      earlier.sha256 === envelope.sha256 &&
      earlier.sender === envelope.sender &&
      recipients.length === addresses.size &&
      recipients.every((recipient) => addresses.has(recipient.address));

    return same ? success(earlier) : failure({ kind: 'key_reused' });
  }

  /** From a success on, the message is this object's to bring to its recipients. */
  async accept(
    envelope: Envelope,
    body: AsyncIterable<Uint8Array>,
    isOpen: () => boolean,
  ): Promise<Result<Submission, AcceptFailure>> {
    const early = await this.#judge(envelope, [envelope.sender], envelope.size);

    if (!early.ok) {
      return early;
    }

    const upload = this.messages.begin(MAX_SUBMITTED_HEADER);

    try {
      const received = await receive(upload, envelope, body);

      if (!received.ok) {
        return received;
      }

      const uploaded = received.value;
      const header = readHeader(uploaded);

      if (!header.ok) {
        return header;
      }

      // Again, and as the account is now: a body may take its time to come.
      const names = [envelope.sender, ...header.value.names];
      const judged = await this.#judge(envelope, names, uploaded.octets);

      if (!judged.ok) {
        return judged;
      }

      const committed = this.storage.transactionSync(() =>
        isOpen()
          ? this.#commit(envelope, upload, uploaded, header.value.from, judged.value)
          : failure({ kind: 'gone' as const }),
      );
      // Begun in the same turn as the commit, so the alarm that resumes after a crash is written with it.
      await this.clock.schedule();

      return committed;
    } finally {
      upload.discard();
    }
  }

  /** RFC 6409 section 6.1: envelope, authors and sender must be the user; and the user must be one. */
  async #judge(
    envelope: Envelope,
    names: readonly string[],
    octets: number,
  ): Promise<Result<Account, AcceptFailure>> {
    const account = await this.policy.account();

    if (account === null || account.disabled) {
      return failure({ kind: account === null ? 'gone' : 'disabled' });
    }

    const limit = this.#overLimits(envelope, octets, account);

    if (limit !== null) {
      return failure(limit);
    }

    const foreign = await this.policy.findForeign(account, names);
    const reason = `You may not send as <${foreign}>`;

    return foreign === null
      ? success(account)
      : failure({ kind: 'refused', refusal: { code: '550 5.7.1', reason } });
  }

  #commit(
    envelope: Envelope,
    upload: Upload,
    uploaded: UploadedMessage,
    headerFrom: string,
    account: Account,
  ): Result<Submission, AcceptFailure> {
    // The same request may have come twice at once, and the other one may have been faster.
    const earlier = this.repeated(envelope);

    if (!earlier.ok) {
      return earlier;
    }

    if (earlier.value !== null) {
      return success(earlier.value);
    }

    const refused = this.#overLimits(envelope, uploaded.octets, account);

    if (refused !== null) {
      return failure(refused);
    }

    const accepted = Date.now();
    const stored = this.messages.insert(upload, uploaded, 'sent', accepted);
    const submission = {
      id: stored.id,
      number: stored.number,
      tag: stored.tag,
      sender: envelope.sender,
      headerFrom,
      headerLength: uploaded.header.length,
      ret: envelope.ret,
      envid: envelope.envid,
      sha256: uploaded.sha256,
      octets: uploaded.octets,
      accepted,
    };
    this.submissions.insert(submission, envelope.idempotencyKey, envelope.recipients);
    // Here rather than by an alarm of its own: that would be a billed write for every submission.
    this.submissions.forget(accepted - KEEP_SUBMISSIONS, FORGET_PAGE);
    this.dailyCount.add(envelope.recipients.length, accepted);
    this.events.changed(stored.seq);

    return success(submission);
  }

  #overLimits(envelope: Envelope, octets: number, account: Account): AcceptFailure | null {
    const now = Date.now();
    const limit = account.dailyLimit;

    if (this.messages.state.size + octets > account.quota) {
      return { kind: 'quota_exceeded' };
    }

    return this.dailyCount.today(now) + envelope.recipients.length > limit
      ? { kind: 'daily_limit', limit, retryAfter: Math.ceil(untilNextDay(now) / 1000) }
      : null;
  }
}

/** A body that is shorter, longer or another than its envelope says was damaged on the way. */
async function receive(
  upload: Upload,
  envelope: Envelope,
  body: AsyncIterable<Uint8Array>,
): Promise<Result<UploadedMessage, AcceptFailure>> {
  for await (const part of body) {
    if (upload.octets + part.length > Math.min(envelope.size, MAX_MESSAGE_SIZE)) {
      return failure({ kind: 'wrong_size' });
    }

    await upload.write(part);
  }

  const uploaded = await upload.finish();

  if (uploaded.octets !== envelope.size) {
    return failure({ kind: 'wrong_size' });
  }

  return uploaded.sha256 === envelope.sha256
    ? success(uploaded)
    : failure({ kind: 'wrong_digest' });
}

function readHeader(uploaded: UploadedMessage): Result<SubmittedHeader, AcceptFailure> {
  if (uploaded.headerOverflowed) {
    const refusal = { code: '552 5.3.4', reason: 'The header of the message is too large' };

    return failure({ kind: 'refused', refusal });
  }

  const header = checkSubmittedHeader(uploaded.header);

  return header.ok ? header : failure({ kind: 'refused', refusal: header.failure });
}
