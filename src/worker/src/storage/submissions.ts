// What users sent: one row for a submission, one for each recipient, and what is still to be done about it.

import {
  ATTEMPT_TIMEOUT,
  DELAY_NOTICE_AFTER,
  GIVE_UP_AFTER,
  IDEMPOTENCY_WINDOW,
  RESUME_AFTER,
  RETRY_DELAYS,
} from '../limits';
import { messageId, parseMessageId } from './messages';

/** More than a submission may have, so that a recipient's key is the submission's number and its place. */
const RECIPIENTS_PER_SUBMISSION = 64;

export type RecipientStatus = 'queued' | 'trying' | 'sent' | 'delivered' | 'refused' | 'uncertain';

/** What came of one attempt. `queued` is a temporary failure. */
export type Outcome =
  | { readonly status: 'sent' }
  | { readonly status: 'delivered' }
  | {
      readonly status: 'queued' | 'refused' | 'uncertain';
      readonly code: string;
      readonly reason: string;
    };

export interface EnvelopeRecipient {
  readonly address: string;
  readonly notify: string | null;
  readonly orcpt: string | null;
}

export interface Recipient extends EnvelopeRecipient {
  readonly position: number;
  readonly status: RecipientStatus;
  readonly code: string | null;
  readonly reason: string | null;
  readonly attempts: number;
  readonly changed: number;
  /** Whether the sender knows that it takes longer. */
  readonly delayTold: boolean;
  /** When to look at it again: the next attempt, the end of one, a report to write. Null when settled. */
  readonly due: number | null;
}

export interface Submission {
  /** The id of the copy in the mailbox `sent`, too. */
  readonly id: string;
  readonly number: number;
  readonly tag: string;
  readonly sender: string;
  readonly headerFrom: string;
  readonly headerLength: number;
  readonly ret: string | null;
  readonly envid: string | null;
  readonly sha256: string;
  readonly octets: number;
  readonly accepted: number;
}

export class SubmissionStore {
  constructor(readonly sql: SqlStorage) {}

  insert(
    submission: Submission,
    idempotencyKey: string,
    recipients: readonly EnvelopeRecipient[],
  ): void {
    // An older submission lets go of a key whose day is over.
    this.sql.exec(
      'UPDATE submissions SET idempotency_key = NULL WHERE idempotency_key = ?',
      idempotencyKey,
    );
    this.sql.exec(
      `INSERT INTO submissions (number, tag, idempotency_key, sender, header_from, header_length, ret, envid, sha256, octets, accepted)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      submission.number,
      submission.tag,
      idempotencyKey,
      submission.sender,
      submission.headerFrom,
      submission.headerLength,
      submission.ret,
      submission.envid,
      submission.sha256,
      submission.octets,
      submission.accepted,
    );

    recipients.forEach((recipient, index) => {
      this.sql.exec(
        `INSERT INTO recipients (position, address, notify, orcpt, status, changed, due)
         VALUES (?, ?, ?, ?, 'queued', ?, ?)`,
        submission.number * RECIPIENTS_PER_SUBMISSION + index,
        recipient.address,
        recipient.notify,
        recipient.orcpt,
        submission.accepted,
        submission.accepted + RESUME_AFTER,
      );
    });
  }

  byId(id: string): Submission | null {
    const key = parseMessageId(id);

    return key === null ? null : this.#one('number = ? AND tag = ?', key.number, key.tag);
  }

  byNumber(number: number): Submission | null {
    return this.#one('number = ?', number);
  }

  byKey(idempotencyKey: string, now: number): Submission | null {
    return this.#one(
      'idempotency_key = ? AND accepted > ?',
      idempotencyKey,
      now - IDEMPOTENCY_WINDOW,
    );
  }

  recipients(number: number): Recipient[] {
    return this.sql
      .exec(
        'SELECT * FROM recipients WHERE position BETWEEN ? AND ? ORDER BY position',
        number * RECIPIENTS_PER_SUBMISSION,
        (number + 1) * RECIPIENTS_PER_SUBMISSION - 1,
      )
      .toArray()
      .map(asRecipient);
  }

  /** Lets go of the oldest that were accepted by `time` and have nothing left to do; the message itself stays. */
  forget(time: number, limit: number): void {
    const old = this.sql
      .exec(
        'SELECT number FROM submissions WHERE accepted <= ? ORDER BY number LIMIT ?',
        time,
        limit,
      )
      .toArray()
      .map((row) => Number(row.number))
      .filter((number) => !this.isPending(number));

    for (const number of old) {
      this.sql.exec(
        'DELETE FROM recipients WHERE position BETWEEN ? AND ?',
        number * RECIPIENTS_PER_SUBMISSION,
        (number + 1) * RECIPIENTS_PER_SUBMISSION - 1,
      );
      this.sql.exec('DELETE FROM submissions WHERE number = ?', number);
    }
  }

  isPending(number: number): boolean {
    return this.recipients(number).some((recipient) => recipient.due !== null);
  }

  /**
   * Takes a recipient for one attempt; false when another run has it. From here on it may have been sent; only
   * one that `canRepeat`, since a mailbox here keeps a second delivery once, may be tried again after a crash.
   */
  claim(position: number, canRepeat: boolean, now: number): boolean {
    const claimed = this.sql.exec(
      `UPDATE recipients SET status = 'trying', attempts = attempts + 1, can_repeat = ?, changed = ?, due = ?
       WHERE position = ? AND status = 'queued' RETURNING position`,
      canRepeat ? 1 : 0,
      now,
      now + ATTEMPT_TIMEOUT,
      position,
    );

    return claimed.toArray().length > 0;
  }

  /** Writes down what came of an attempt, and when there is more to do. */
  record(recipient: Recipient, outcome: Outcome, accepted: number, now: number): void {
    const final = giveUpLate(outcome, accepted, now);
    const done = final.status === 'sent' || final.status === 'delivered';
    const wantsReport = done ? wantsSuccess(recipient) : wantsFailure(recipient);

    this.sql.exec(
      `UPDATE recipients SET status = ?, code = ?, reason = ?, changed = ?, due = ?
       WHERE position = ? AND status = 'trying'`,
      final.status,
      done ? null : final.code,
      done ? null : final.reason,
      now,
      final.status === 'queued'
        ? nextAttempt(recipient.attempts, accepted, now)
        : wantsReport
          ? now
          : null,
      recipient.position,
    );
  }

  /** Who was not tried yet is due at once: the alarm goes on where a request had to stop. */
  hasten(number: number, now: number): void {
    this.sql.exec(
      "UPDATE recipients SET due = ? WHERE position BETWEEN ? AND ? AND status = 'queued' AND attempts = 0",
      now,
      number * RECIPIENTS_PER_SUBMISSION,
      (number + 1) * RECIPIENTS_PER_SUBMISSION - 1,
    );
  }

  /** The sender was told that these take longer. */
  delayTold(recipients: readonly Recipient[]): void {
    for (const { position } of recipients) {
      this.sql.exec('UPDATE recipients SET delay_told = 1 WHERE position = ?', position);
    }
  }

  /** Nothing is left to be told about these. */
  settle(recipients: readonly Recipient[]): void {
    for (const recipient of recipients) {
      this.sql.exec('UPDATE recipients SET due = NULL WHERE position = ?', recipient.position);
    }
  }

  /**
   * Whoever is at `trying` since before `startedBy` was left there by a crash. The message may be out, so it is
   * not tried again, unless that is harmless. When an object wakes no attempt can be running, so then that is
   * everybody.
   */
  markInterrupted(startedBy: number, now: number): void {
    this.sql.exec(
      `UPDATE recipients SET status = 'queued', changed = ?, due = ?
       WHERE due IS NOT NULL AND status = 'trying' AND changed <= ? AND can_repeat = 1`,
      now,
      now,
      startedBy,
    );
    const interrupted = this.sql
      .exec(
        "SELECT * FROM recipients WHERE due IS NOT NULL AND status = 'trying' AND changed <= ?",
        startedBy,
      )
      .toArray()
      .map(asRecipient);
    const outcome = {
      status: 'uncertain',
      code: '451 4.4.2',
      reason: 'The attempt was cut off; the message may or may not have arrived',
    } as const;

    for (const recipient of interrupted) {
      this.record(recipient, outcome, now, now);
    }
  }

  nextDue(): number | null {
    const row = this.sql.exec('SELECT min(due) AS due FROM recipients WHERE due IS NOT NULL').one();

    return row.due === null ? null : Number(row.due);
  }

  /** The numbers of the submissions that have something to be done by `now`. */
  dueNumbers(now: number): number[] {
    const rows = this.sql
      .exec('SELECT position FROM recipients WHERE due <= ? ORDER BY due', now)
      .toArray();

    return [
      ...new Set(rows.map((row) => Math.floor(Number(row.position) / RECIPIENTS_PER_SUBMISSION))),
    ];
  }

  #one(condition: string, ...values: readonly (string | number)[]): Submission | null {
    const row = this.sql
      .exec(`SELECT * FROM submissions WHERE ${condition}`, ...values)
      .toArray()[0];

    return row === undefined ? null : asSubmission(row);
  }
}

/** Later each time; and there when the sender is to be told of the delay, and when it is time to give up. */
function nextAttempt(attempts: number, accepted: number, now: number): number {
  const delay = RETRY_DELAYS[Math.min(attempts, RETRY_DELAYS.length - 1)] ?? 0;
  const turns = [accepted + DELAY_NOTICE_AFTER, accepted + GIVE_UP_AFTER];

  return Math.min(now + delay, ...turns.filter((turn) => turn > now));
}

function giveUpLate(outcome: Outcome, accepted: number, now: number): Outcome {
  if (outcome.status !== 'queued' || now - accepted < GIVE_UP_AFTER) {
    return outcome;
  }

  return {
    status: 'refused',
    code: '554 5.4.7',
    reason: `Given up after two days; the last answer was ${outcome.code}: ${outcome.reason}`,
  };
}

/** RFC 3461 section 4.1: without NOTIFY, failures are reported. */
function wantsFailure(recipient: Recipient): boolean {
  return recipient.notify === null || /\bfailure\b/i.test(recipient.notify);
}

/** RFC 3461 section 4.1: without NOTIFY it is ours to decide, and people want to know. */
export function wantsDelay(recipient: Recipient): boolean {
  return recipient.notify === null || /\bdelay\b/i.test(recipient.notify);
}

function wantsSuccess(recipient: Recipient): boolean {
  return recipient.notify !== null && /\bsuccess\b/i.test(recipient.notify);
}

function asRecipient(row: Record<string, SqlStorageValue>): Recipient {
  return {
    position: Number(row.position),
    address: String(row.address),
    notify: textOrNull(row.notify),
    orcpt: textOrNull(row.orcpt),
    status: String(row.status) as RecipientStatus,
    code: textOrNull(row.code),
    reason: textOrNull(row.reason),
    attempts: Number(row.attempts),
    changed: Number(row.changed),
    delayTold: row.delay_told !== 0,
    due: row.due === null ? null : Number(row.due),
  };
}

function asSubmission(row: Record<string, SqlStorageValue>): Submission {
  const number = Number(row.number);
  const tag = String(row.tag);

  return {
    id: messageId(number, tag),
    number,
    tag,
    sender: String(row.sender),
    headerFrom: String(row.header_from),
    headerLength: Number(row.header_length),
    ret: textOrNull(row.ret),
    envid: textOrNull(row.envid),
    sha256: String(row.sha256),
    octets: Number(row.octets),
    accepted: Number(row.accepted),
  };
}

function textOrNull(value: SqlStorageValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
