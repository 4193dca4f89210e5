// What the platform's send errors mean for a recipient. The codes are those of Cloudflare's Workers API for Email Sending.

import type { Outcome } from '../storage/submissions';

const NO_SUCH_RECIPIENT = '550 5.1.1';
const SENDER_REFUSED = '550 5.7.1';
const BAD_CONTENT = '550 5.6.0';

/** Asking again would give the same answer. */
const FINAL: Readonly<Record<string, string>> = {
  E_CONTENT_TOO_LARGE: '552 5.3.4',
  E_FIELD_MISSING: BAD_CONTENT,
  E_HEADERS_TOO_LARGE: BAD_CONTENT,
  E_HEADERS_TOO_MANY: BAD_CONTENT,
  E_HEADER_NAME_INVALID: BAD_CONTENT,
  E_HEADER_NOT_ALLOWED: BAD_CONTENT,
  E_HEADER_USE_API_FIELD: BAD_CONTENT,
  E_HEADER_VALUE_INVALID: BAD_CONTENT,
  E_HEADER_VALUE_TOO_LONG: BAD_CONTENT,
  E_RECIPIENT_NOT_ALLOWED: NO_SUCH_RECIPIENT,
  E_RECIPIENT_SUPPRESSED: NO_SUCH_RECIPIENT,
  E_SENDER_DOMAIN_NOT_AVAILABLE: SENDER_REFUSED,
  E_SENDER_NOT_VERIFIED: SENDER_REFUSED,
  E_TOO_MANY_ATTACHMENTS: BAD_CONTENT,
  E_TOO_MANY_RECIPIENTS: '550 5.5.3',
  E_VALIDATION_ERROR: BAD_CONTENT,
};

/** Worth another try; a code that is not known here is treated so too. */
const TEMPORARY: Readonly<Record<string, string>> = {
  E_DAILY_LIMIT_EXCEEDED: '451 4.7.1',
  E_DELIVERY_FAILED: '451 4.4.1',
  E_INTERNAL_SERVER_ERROR: '451 4.3.0',
  E_RATE_LIMIT_EXCEEDED: '451 4.7.1',
};

const UNKNOWN_CODE = '451 4.3.0';
const MAX_REASON = 300;

/**
 * An error with a code is the platform's answer: it did not take the message. One without is no answer (the
 * connection broke, say), and the message may be out: trying again could send it twice.
 */
export function outcomeOfSendError(error: unknown): Outcome {
  const code = codeOf(error);
  const reason = reasonOf(error);

  // The runtime says so before it calls the platform: nothing left, and the next run has calls again.
  if (code === null && /too many subrequests/i.test(reason)) {
    return { status: 'queued', code: UNKNOWN_CODE, reason };
  }

  if (code === null) {
    return { status: 'uncertain', code: '451 4.4.2', reason };
  }

  const final = FINAL[code];

  return final === undefined
    ? { status: 'queued', code: TEMPORARY[code] ?? UNKNOWN_CODE, reason: `${code}: ${reason}` }
    : { status: 'refused', code: final, reason: `${code}: ${reason}` };
}

function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;

  return typeof code === 'string' && code !== '' ? code : null;
}

/** One line of printable text: it goes into reports and SMTP answers. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);

  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, MAX_REASON);
}
