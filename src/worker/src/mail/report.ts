// The delivery status report that tells a sender what became of a message (RFC 3464, RFC 6522).

import { concatenate, encode } from '../bytes';
import { GIVE_UP_AFTER } from '../limits';
import type { Recipient, Submission } from '../storage/submissions';
import { formatDate } from './date';
import { decodeXtext } from './xtext';

export interface ReportInput {
  readonly submission: Submission;
  readonly recipients: readonly Recipient[];
  /** The whole original, or its header block where that is all that goes back. */
  readonly original: Uint8Array;
  readonly originalIsWhole: boolean;
  readonly now: number;
}

export function writeReport(input: ReportInput): Uint8Array {
  const { submission, recipients, now } = input;
  const domain = submission.sender.slice(submission.sender.lastIndexOf('@') + 1);
  const boundary = `report-${submission.id}-${now}`;
  const head = [
    'Return-Path: <>',
    `Delivered-To: ${submission.sender}`,
    `From: Mail Delivery System <MAILER-DAEMON@${domain}>`,
    `To: <${submission.sender}>`,
    `Subject: ${subject(recipients)}`,
    `Date: ${formatDate(now)}`,
    `Message-ID: <report.${submission.id}.${now}@${domain}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    ...explanation(recipients),
    '',
    `--${boundary}`,
    ...statusPart(statusFields(input, domain)),
    `--${boundary}`,
    `Content-Type: ${input.originalIsWhole ? 'message/rfc822' : 'text/rfc822-headers'}`,
    'Content-Transfer-Encoding: 8bit',
    '',
    '',
  ].join('\r\n');
  const tail = `\r\n--${boundary}--\r\n`;

  return concatenate([encode(head), input.original, encode(tail)]);
}

function subject(recipients: readonly Recipient[]): string {
  if (recipients.some(hasFailed)) {
    return 'Undelivered mail';
  }

  return recipients.some(isDelayed) ? 'Delayed mail' : 'Your message went out';
}

/** A recipient in a report who is still in the queue is there because it takes long. */
function isDelayed(recipient: Recipient): boolean {
  return recipient.status === 'queued' || recipient.status === 'trying';
}

function hasFailed(recipient: Recipient): boolean {
  return recipient.status === 'refused' || recipient.status === 'uncertain';
}

function explanation(recipients: readonly Recipient[]): string[] {
  return [
    'This is what became of a message that you sent.',
    ...recipients.flatMap((recipient) => ['', `${recipient.address}`, `  ${sentence(recipient)}`]),
  ];
}

function sentence(recipient: Recipient): string {
  const answer = [recipient.code, recipient.reason].filter(Boolean).join(' ');

  switch (recipient.status) {
    case 'refused':
      return `It was not delivered: ${answer}`;
    case 'uncertain':
      return `Nobody knows whether it arrived, and it was not sent again: ${answer}`;
    case 'delivered':
      return 'It was delivered.';
    case 'sent':
      return 'It was handed on; the next mail system may not report its delivery.';
    case 'queued':
    case 'trying':
      return `It is delayed, and will be tried for two days in all; you need not send it again: ${answer}`;
  }
}

/** RFC 6533 section 4: a report that names an address in UTF-8 is of another type. */
function statusPart(fields: readonly string[]): string[] {
  const head = isAscii(fields.join(''))
    ? ['Content-Type: message/delivery-status']
    : ['Content-Type: message/global-delivery-status', 'Content-Transfer-Encoding: 8bit'];

  return [...head, '', ...fields];
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** RFC 3464 section 2: one block about the message, one about each recipient, an empty line after each. */
function statusFields(input: ReportInput, domain: string): string[] {
  const { envid, accepted } = input.submission;

  return [
    ...(envid === null ? [] : [`Original-Envelope-Id: ${decodeXtext(envid)}`]),
    `Reporting-MTA: dns; ${domain}`,
    `Arrival-Date: ${formatDate(accepted)}`,
    '',
    ...input.recipients.flatMap((recipient) => recipientFields(recipient, accepted)),
  ];
}

function recipientFields(recipient: Recipient, accepted: number): string[] {
  const [basic = '', status = ''] = (recipient.code ?? '250 2.0.0').split(' ');
  const diagnostic =
    recipient.reason === null
      ? []
      : [`Diagnostic-Code: smtp; ${basic} ${status} ${recipient.reason}`];

  return [
    ...(recipient.orcpt === null ? [] : [`Original-Recipient: ${decodeXtext(recipient.orcpt)}`]),
    `Final-Recipient: ${isAscii(recipient.address) ? 'rfc822' : 'utf-8'}; ${recipient.address}`,
    `Action: ${action(recipient)}`,
    `Status: ${status}`,
    ...diagnostic,
    `Last-Attempt-Date: ${formatDate(recipient.changed)}`,
    ...(isDelayed(recipient) ? [`Will-Retry-Until: ${formatDate(accepted + GIVE_UP_AFTER)}`] : []),
    '',
  ];
}

function action(recipient: Recipient): string {
  if (hasFailed(recipient)) {
    return 'failed';
  }

  if (isDelayed(recipient)) {
    return 'delayed';
  }

  // RFC 3461 section 6.2: handed to a system that may not report is `relayed`.
  return recipient.status === 'delivered' ? 'delivered' : 'relayed';
}
