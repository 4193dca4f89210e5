// Brings submissions to their recipients: attempts, retries, and the reports about them.

import { concatenate } from '../bytes';
import { streamOf } from '../http/streams';
import {
  ATTEMPT_TIME_LIMIT,
  ATTEMPT_TIMEOUT,
  ATTEMPTS_PER_RUN,
  DELAY_NOTICE_AFTER,
  FIRST_ATTEMPT_TIME,
  MAX_SUBMITTED_HEADER,
  RESUME_AFTER,
} from '../limits';
import { logFailure } from '../log';
import { outgoingHeader } from '../mail/outgoing-header';
import { writeReport } from '../mail/report';
import type { AlarmClock } from './alarm-clock';
import { type Carrier, canRepeat } from './carrier';
import type { Route } from './directory';
import type { EventHub } from './events';
import type { MessageStore } from './messages';
import { waitAtMost } from './patience';
import type { StandingStore } from './standing';
import {
  type Outcome,
  type Recipient,
  type Submission,
  type SubmissionStore,
  wantsDelay,
} from './submissions';

/** Postfix returns this much of a message, and its header alone beyond that; so does this. */
const MAX_RETURNED = 50_000;

/** What one run may still do: an object's request has a limited number of calls, on every plan. */
interface Run {
  readonly until: number;
  left: number;
}

/** Its mail waits, and goes out if the account is enabled again before it is given up. */
const SENDER_DISABLED = {
  status: 'queued',
  code: '450 4.7.1',
  reason: 'The account of the sender is disabled',
} as const;

/** Whom a report is about, and how it is noted that it was written. */
interface ReportKind {
  readonly due: (submission: Submission) => Recipient[];
  readonly note: (recipients: readonly Recipient[]) => void;
}

export class Dispatcher {
  readonly #outcomes: ReportKind = {
    due: (submission) =>
      this.submissions
        .recipients(submission.number)
        .filter(({ status, due }) => due !== null && status !== 'queued' && status !== 'trying'),
    note: (recipients) => this.submissions.settle(recipients),
  };

  readonly #delays: ReportKind = {
    due: (submission) =>
      Date.now() - submission.accepted < DELAY_NOTICE_AFTER
        ? []
        : this.#recipients(submission, 'queued').filter(
            (recipient) => !recipient.delayTold && wantsDelay(recipient),
          ),
    note: (recipients) => this.submissions.delayTold(recipients),
  };

  constructor(
    readonly storage: DurableObjectStorage,
    readonly messages: MessageStore,
    readonly submissions: SubmissionStore,
    readonly events: EventHub,
    readonly carrier: Carrier,
    readonly clock: AlarmClock,
    readonly standing: StandingStore,
    /** Milliseconds for one attempt. */
    readonly timeLimit = ATTEMPT_TIME_LIMIT,
  ) {
    submissions.markInterrupted(Date.now(), Date.now());
    clock.watch(() => submissions.nextDue());
  }

  /**
   * The attempts made while the client waits. Where all are refused, and `isAwaited` still, the client is told so
   * in the answer, and then there is nothing to report; whatever is left after the time is over is the alarm's.
   */
  async attemptFirst(submission: Submission, isAwaited: () => boolean): Promise<void> {
    const queued = this.#recipients(submission, 'queued');
    const run = { until: Date.now() + FIRST_ATTEMPT_TIME, left: ATTEMPTS_PER_RUN };
    await this.#attempt(submission, queued, run);

    if (run.left === 0) {
      this.submissions.hasten(submission.number, Date.now());
    }

    const recipients = this.submissions.recipients(submission.number);

    if (isAwaited() && recipients.every((recipient) => recipient.status === 'refused')) {
      this.submissions.settle(recipients);
    }

    await this.#close(submission);
    await this.clock.schedule();
  }

  /**
   * What the alarm does: everything that is due. The platform gives up on an alarm that keeps throwing, and its
   * mail would wait for ever; so a failure here is a reason to come back. Returns when, at the earliest.
   */
  async resume(): Promise<number> {
    const now = Date.now();
    const run = { until: now + ATTEMPT_TIMEOUT, left: ATTEMPTS_PER_RUN };
    let earliest = 0;
    this.submissions.markInterrupted(now - ATTEMPT_TIMEOUT, now);

    for (const number of this.submissions.dueNumbers(now)) {
      try {
        await this.#resumeOne(number, now, run);
      } catch (error) {
        logFailure('submission not attempted', error);
        earliest = now + RESUME_AFTER;
      }
    }

    return earliest;
  }

  async #resumeOne(number: number, now: number, run: Run): Promise<void> {
    const submission = this.submissions.byNumber(number);

    if (submission === null) {
      return;
    }

    const queued = this.#recipients(submission, 'queued');
    const due = queued.filter((recipient) => recipient.due !== null && recipient.due <= now);
    await this.#attempt(submission, due, run);
    await this.#close(submission);
  }

  /** One after the other: the outcome of each is on record before the next is begun. */
  async #attempt(
    submission: Submission,
    recipients: readonly Recipient[],
    run: Run,
  ): Promise<void> {
    if (recipients.length === 0 || run.left === 0) {
      return;
    }

    const routes = await this.carrier.route(recipients.map((recipient) => recipient.address));

    for (const [index, recipient] of recipients.entries()) {
      const route = routes[index];

      if (route === undefined || Date.now() >= run.until || run.left === 0) {
        return;
      }

      run.left -= 1;
      await this.#attemptOne(submission, recipient, route);
    }
  }

  async #attemptOne(submission: Submission, recipient: Recipient, route: Route): Promise<void> {
    const isHeld = this.standing.isDisabled;

    if (!this.submissions.claim(recipient.position, isHeld || canRepeat(route), Date.now())) {
      return;
    }

    // Nothing leaves before the disk knows that it may have: a crash from here on must not lead to a second try.
    await this.storage.sync();

    const outcome = isHeld ? SENDER_DISABLED : await this.#carry(submission, recipient, route);
    this.submissions.record(recipient, outcome, submission.accepted, Date.now());
  }

  async #carry(submission: Submission, recipient: Recipient, route: Route): Promise<Outcome> {
    const header = this.#outgoingHeader(submission);
    const carried = this.carrier.carry(
      {
        delivery: `${submission.id} ${recipient.position}`,
        sender: submission.sender,
        headerFrom: submission.headerFrom,
        recipient: recipient.address,
        size: header.length + submission.octets - submission.headerLength,
        open: () => streamOf(this.#outgoing(submission, header)),
      },
      route,
    );

    return (await waitAtMost(carried, this.timeLimit)) ?? noAnswer(route);
  }

  #outgoingHeader(submission: Submission): Uint8Array {
    const { number, id, sender, headerLength, accepted } = submission;
    const domain = sender.slice(sender.lastIndexOf('@') + 1);
    const header = concatenate([...this.messages.chunks.read(number, 0, headerLength)]);

    return outgoingHeader(header, { acceptedAt: accepted, messageId: `${id}@${domain}` });
  }

  *#outgoing(submission: Submission, header: Uint8Array): Generator<Uint8Array, void> {
    const { number, headerLength, octets } = submission;

    // A copy: the stream takes the buffer of what it is given away, and there may be a second stream.
    yield header.slice();
    yield* this.messages.chunks.read(number, headerLength, octets);
  }

  /** Reports what has to be reported, and lets the bytes of a message go that was deleted while it was on its way. */
  async #close(submission: Submission): Promise<void> {
    await this.#report(submission, this.#outcomes);
    await this.#report(submission, this.#delays);

    const { number } = submission;

    if (!this.submissions.isPending(number) && this.messages.isDeleted(number)) {
      this.messages.chunks.remove(number);
    }
  }

  async #report(submission: Submission, kind: ReportKind): Promise<void> {
    const recipients = kind.due(submission);

    if (recipients.length === 0) {
      return;
    }

    const whole = submission.ret === 'FULL' && submission.octets <= MAX_RETURNED;
    const end = whole ? submission.octets : submission.headerLength;
    const upload = this.messages.begin(MAX_SUBMITTED_HEADER);

    try {
      await upload.write(
        writeReport({
          submission,
          recipients,
          original: concatenate([...this.messages.chunks.read(submission.number, 0, end)]),
          originalIsWhole: whole,
          now: Date.now(),
        }),
      );
      const uploaded = await upload.finish();
      const stored = this.storage.transactionSync(() => {
        // The alarm and a request may both have come here; the report is one message all the same.
        if (kind.due(submission).length !== recipients.length) {
          return null;
        }

        kind.note(recipients);

        return this.messages.insert(upload, uploaded, 'inbox', Date.now());
      });

      if (stored !== null) {
        const from = 'Mail Delivery System';
        this.events.changed(stored.seq, { id: stored.id, from, subject: 'Delivery report' });
      }
    } finally {
      upload.discard();
    }
  }

  #recipients(submission: Submission, status: Recipient['status']): Recipient[] {
    return this.submissions
      .recipients(submission.number)
      .filter((recipient) => recipient.status === status);
  }
}

/** It may be out, or come to be: only where a second time is harmless is there one. */
function noAnswer(route: Route): Outcome {
  const reason = 'There was no answer in time';

  return { status: canRepeat(route) ? 'queued' : 'uncertain', code: '451 4.4.2', reason };
}
