// One finding of the self-test: what was looked at, whether it is right, and what to do where it is not.

import type { DnsFailure } from './dns';

export interface Check {
  readonly check: string;
  /** Null where it is about the whole server. */
  readonly domain: string | null;
  readonly ok: boolean;
  readonly finding: string;
  /** A sentence that says what to do. Where all is well it is advice, or null. */
  readonly remedy: string | null;
}

/** Whose check it is; its verdicts differ in the rest. */
export type Subject = Pick<Check, 'check' | 'domain'>;

export function good(subject: Subject, finding: string, advice: string | null = null): Check {
  return { ...subject, ok: true, finding, remedy: advice };
}

export function bad(subject: Subject, finding: string, remedy: string): Check {
  return { ...subject, ok: false, finding, remedy };
}

/** Not knowing is never "all right", and it is never taken for "there is no record" either. */
export function unknown(subject: Subject, name: string, failure: DnsFailure): Check {
  switch (failure) {
    case 'unreachable':
      return bad(
        subject,
        `DNS could not be asked about ${name}.`,
        'Run this again in a minute; it says nothing about your settings.',
      );
    case 'server_failure':
      return bad(
        subject,
        `DNS answers with a failure for ${name}.`,
        'Run this again in a minute. If it stays so, look at the name servers and at DNSSEC of the ' +
          'domain: at the registrar, and in the Cloudflare dashboard under DNS > Settings.',
      );
  }
}

const SHOWN_TEXTS = 4;
const SHOWN_LENGTH = 300;

/** What strangers wrote into DNS, fit for a sentence: not too much of it, and no control characters. */
export function quote(texts: readonly string[]): string {
  const shown = texts
    .slice(0, SHOWN_TEXTS)
    .map(printable)
    .map((text) => (text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text));
  const more = texts.length - shown.length;

  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
