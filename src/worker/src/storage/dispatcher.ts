// Brings submissions to their recipients: attempts, retries, and the report at the end.

import { concatenate } from '../bytes';
import { streamOf } from '../http/streams';
import { ATTEMPT_TIMEOUT, FIRST_ATTEMPT_TIME, MAX_SUBMITTED_HEADER, RESUME_AFTER } from '../limits';
import { logFailure } from '../log';
import { outgoingHeader } from '../mail/outgoing-header';
import { writeReport } from '../mail/report';
import type { Carrier } from './carrier';
import type { Route } from './directory';
import type { EventHub } from './events';
import type { MessageStore } from './messages';
import type { Recipient, Submission, SubmissionStore } from './submissions';

/** Postfix returns this much of a message, and its header alone beyond that; so does this. */
const MAX_RETURNED = 50_000;

export class Dispatcher {
  #alarm: number | null = null;

  constructor(
    readonly storage: DurableObjectStorage,
    readonly messages: MessageStore,
    readonly submissions: SubmissionStore,
    readonly events: EventHub,
    readonly carrier: Carrier,
  ) {
    submissions.markInterrupted(Date.now(), Date.now());
    void this.schedule();
  }

  /**
   * The attempts made while the client waits. Where all are refused the client is told so in the answer, and
   * then there is nothing to report; whatever is left after the time is over is the alarm's.
   */
  async attemptFirst(submission: Submission): Promise<void> {
    const queued = this.#recipients(submission, 'queued');
    await this.#attempt(submission, queued, Date.now() + FIRST_ATTEMPT_TIME);
    const recipients = this.submissions.recipients(submission.number);

    if (recipients.every((recipient) => recipient.status === 'refused')) {
      this.submissions.settle(recipients);
    }

    await this.#close(submission);
    await this.schedule();
  }

  /**
   * What the alarm does: everything that is due, and then the next alarm. The platform gives up on an alarm
   * that keeps throwing, and its mail would wait for ever; so a failure here is a reason to come back.
   */
  async resume(): Promise<void> {
    const now = Date.now();
    let earliest = 0;
    this.#alarm = null;
    this.submissions.markInterrupted(now - ATTEMPT_TIMEOUT, now);

    for (const number of this.submissions.dueNumbers(now)) {
      try {
        await this.#resumeOne(number, now);
      } catch (error) {
        logFailure('submission not attempted', error);
        earliest = now + RESUME_AFTER;
      }
    }

    await this.schedule(earliest);
  }

  /** Sets the alarm to the next thing to do, but not before `earliest`. */
  async schedule(earliest = 0): Promise<void> {
    const due = this.submissions.nextDue();
    const alarm = due === null ? null : Math.max(due, earliest);

    if (alarm === this.#alarm) {
      return;
    }

    this.#alarm = alarm;
    await (alarm === null ? this.storage.deleteAlarm() : this.storage.setAlarm(alarm));
  }

  async #resumeOne(number: number, now: number): Promise<void> {
    const submission = this.submissions.byNumber(number);

    if (submission === null) {
      return;
    }

    const queued = this.#recipients(submission, 'queued');
    const due = queued.filter((recipient) => recipient.due !== null && recipient.due <= now);
    await this.#attempt(submission, due, now + ATTEMPT_TIMEOUT);
    await this.#close(submission);
  }

  /** One after the other: the outcome of each is on record before the next is begun. */
  async #attempt(
    submission: Submission,
    recipients: readonly Recipient[],
    until: number,
  ): Promise<void> {
    if (recipients.length === 0) {
      return;
    }

    const routes = await this.carrier.route(recipients.map((recipient) => recipient.address));

    for (const [index, recipient] of recipients.entries()) {
      const route = routes[index];

      if (route === undefined || Date.now() >= until) {
        return;
      }

      await this.#attemptOne(submission, recipient, route);
    }
  }

  async #attemptOne(submission: Submission, recipient: Recipient, route: Route): Promise<void> {
    if (!this.submissions.claim(recipient.position, Date.now())) {
      return;
    }

    // Nothing leaves before the disk knows that it may have: a crash from here on must not lead to a second try.
    await this.storage.sync();

    const outcome = await this.carrier.carry(
      {
        sender: submission.sender,
        headerFrom: submission.headerFrom,
        recipient: recipient.address,
        size: submission.octets,
        open: () => streamOf(this.#outgoing(submission)),
      },
      route,
    );

    this.submissions.record(recipient, outcome, submission.accepted, Date.now());
  }

  *#outgoing(submission: Submission): Generator<Uint8Array, void> {
    const { number, id, sender, headerLength, octets, accepted } = submission;
    const domain = sender.slice(sender.lastIndexOf('@') + 1);
    const header = concatenate([...this.messages.chunks.read(number, 0, headerLength)]);

    yield outgoingHeader(header, { acceptedAt: accepted, messageId: `${id}@${domain}` });
    yield* this.messages.chunks.read(number, headerLength, octets);
  }

  /** Reports what has to be reported, and lets the bytes of a message go that was deleted while it was on its way. */
  async #close(submission: Submission): Promise<void> {
    const unreported = this.#unreported(submission);

    if (unreported.length > 0) {
      await this.#report(submission, unreported);
    }

    const { number } = submission;

    if (!this.submissions.isPending(number) && this.messages.isDeleted(number)) {
      this.messages.chunks.remove(number);
    }
  }

  async #report(submission: Submission, recipients: readonly Recipient[]): Promise<void> {
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
        if (this.#unreported(submission).length !== recipients.length) {
          return null;
        }

        this.submissions.settle(recipients);

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

  #unreported(submission: Submission): Recipient[] {
    return this.submissions
      .recipients(submission.number)
      .filter(({ status, due }) => due !== null && status !== 'queued' && status !== 'trying');
  }
}
