// Takes a submitted message in: all of it, checked, in one transaction, or nothing.

import { MAX_MESSAGE_SIZE, MAX_SUBMITTED_HEADER } from '../limits';
import { checkSubmittedHeader, type Refusal } from '../mail/submitted-header';
import { failure, type Result, success } from '../result';
import type { Account } from './accounts';
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
  | { readonly kind: 'wrong_size' | 'wrong_digest' | 'quota_exceeded' | 'key_reused' };

export class Outbox {
  constructor(
    readonly storage: DurableObjectStorage,
    readonly messages: MessageStore,
    readonly submissions: SubmissionStore,
    readonly events: EventHub,
    readonly schedule: () => Promise<void>,
  ) {}

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
    account: Account,
  ): Promise<Result<Submission, AcceptFailure>> {
    if (this.#isOverQuota(envelope.size, account)) {
      return failure({ kind: 'quota_exceeded' });
    }

    const upload = this.messages.begin(MAX_SUBMITTED_HEADER);

    try {
      const received = await receive(upload, envelope, body);

      if (!received.ok) {
        return received;
      }

      const uploaded = received.value;
      const header = judge(uploaded, account);

      if (!header.ok) {
        return header;
      }

      const committed = this.storage.transactionSync(() =>
        this.#commit(envelope, upload, uploaded, header.value.from, account),
      );
      // Begun in the same turn as the commit, so the alarm that resumes after a crash is written with it.
      await this.schedule();

      return committed;
    } finally {
      upload.discard();
    }
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

    if (this.#isOverQuota(uploaded.octets, account)) {
      return failure({ kind: 'quota_exceeded' });
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
    this.events.changed(stored.seq);

    return success(submission);
  }

  #isOverQuota(octets: number, account: Account): boolean {
    return this.messages.state.size + octets > account.quota;
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

function judge(
  uploaded: UploadedMessage,
  account: Account,
): Result<{ readonly from: string }, AcceptFailure> {
  if (uploaded.headerOverflowed) {
    const refusal = { code: '552 5.3.4', reason: 'The header of the message is too large' };

    return failure({ kind: 'refused', refusal });
  }

  const header = checkSubmittedHeader(uploaded.header, [account.address, ...account.aliases]);

  return header.ok ? header : failure({ kind: 'refused', refusal: header.failure });
}
