// Whether the keys are published that receivers check Cloudflare's DKIM signatures with (RFC 6376).

import { bad, type Check, good, type Subject, unknown } from './check';
import type { DnsAnswer } from './dns';
import { tagsOf } from './records';

/** Both selectors are those of "Domain configuration" and "Email authentication", Cloudflare Email Service. */
const SENDING_SELECTOR = 'cf-bounce';
const ROUTING_SELECTOR = 'cf2024-1';

export function sendingKeyName(domain: string): string {
  return `${SENDING_SELECTOR}._domainkey.${domain}`;
}

export function routingKeyName(domain: string): string {
  return `${ROUTING_SELECTOR}._domainkey.${domain}`;
}

/** Without this key what users send goes out with a signature that nobody can check. */
export function judgeDkim(domain: string, answer: DnsAnswer): Check {
  const subject = { check: 'dkim', domain };
  const problem = problemOf(subject, sendingKeyName(domain), answer);

  if (typeof problem !== 'string') {
    return problem ?? good(subject, `The DKIM key for mail from ${domain} is published.`);
  }

  return bad(
    subject,
    problem,
    'In the Cloudflare dashboard under Email Service > Email Sending, onboard the domain; ' +
      'its settings show the record as it should be.',
  );
}

/** Only forwarded mail is signed with this one, and its selector has a year in it: advice, never an alarm. */
export function judgeRoutingDkim(domain: string, answer: DnsAnswer): Check {
  const subject = { check: 'routing-dkim', domain };
  const problem = problemOf(subject, routingKeyName(domain), answer);

  if (typeof problem !== 'string') {
    return problem ?? good(subject, `The DKIM key for forwarded mail of ${domain} is published.`);
  }

  return good(
    subject,
    `${problem} That matters for forwarded mail only.`,
    'If you forward mail: in the Cloudflare dashboard under Email Service > Email Routing, the settings ' +
      'of the domain show the record as it should be.',
  );
}

/** Null where the key is there, a sentence where it is not, and the whole check where nobody knows. */
function problemOf(subject: Subject, name: string, answer: DnsAnswer): string | Check | null {
  if (!answer.ok) {
    return unknown(subject, `the DKIM key at ${name}`, answer.failure);
  }

  const records = answer.value.map(tagsOf).filter(isKeyRecord);

  if (records.length === 0) {
    return `There is no DKIM key at ${name}.`;
  }

  if (records.length > 1) {
    // RFC 6376 section 3.6.2.2: the result is undefined.
    return `There are ${records.length} DKIM keys at ${name}, and only one may be.`;
  }

  // RFC 6376 section 3.6.1: an empty "p=" means that the key was revoked.
  return records[0]?.get('p')?.replace(/\s/g, '') === ''
    ? `The DKIM key at ${name} was revoked: it is empty.`
    : null;
}

/** The version may be left out, but where it stands it is exactly this (RFC 6376 section 3.6.1). */
function isKeyRecord(tags: ReadonlyMap<string, string>): boolean {
  return tags.has('p') && (tags.get('v') ?? 'DKIM1') === 'DKIM1';
}
