// The one shape of an error: a status, a code that never changes, and a sentence for people.

import type { Context } from 'hono';

const STATUSES = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  range_not_satisfiable: 416,
  rejected: 422,
  quota_exceeded: 422,
  rate_limited: 429,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof STATUSES;

export interface ProblemDetails {
  /** Seconds; also sent as the header that HTTP has for it. */
  readonly retryAfter?: number;
  readonly field?: string;
  /** Which of the reasons that have this code and status: what a program that speaks another language goes by. */
  readonly reason?: string;
  readonly limit?: number;
  /** What an SMTP server should answer, e.g. `550 5.7.1`. */
  readonly smtpCode?: string;
  /** What an import did before it had to stop. */
  readonly imported?: number;
  readonly present?: number;
  readonly skipped?: readonly { readonly index: number; readonly reason: string }[];
}

export function problem(
  c: Context,
  code: ProblemCode,
  message: string,
  details: ProblemDetails = {},
): Response {
  if (details.retryAfter !== undefined) {
    c.header('Retry-After', String(details.retryAfter));
  }

  if (code === 'unauthorized') {
    c.header('WWW-Authenticate', 'Bearer');
  }

  return c.json({ error: { code, message, ...details } }, STATUSES[code]);
}
