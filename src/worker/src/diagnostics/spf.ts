// Whether a name's SPF record (RFC 7208) lets Cloudflare send.

import { bad, type Check, good, printable, quote, unknown } from './check';
import type { DnsAnswer } from './dns';

const INCLUDE = 'include:_spf.mx.cloudflare.net';
const RECORD = `v=spf1 ${INCLUDE} ~all`;
/** RFC 7208 section 4.5: the version is the whole first word. */
const IS_SPF = /^v=spf1(?: |$)/i;

/** Email Routing's record, at the domain itself ("Domain configuration", Cloudflare Email Service). */
export function judgeSpf(domain: string, answer: DnsAnswer): Check {
  return judge('spf', domain, domain, answer, `Add a TXT record at ${domain}: ${RECORD}`);
}

/** Email Sending's, at the name that its bounces go to: receivers look there, the envelope has this name. */
export function judgeSendingSpf(domain: string, answer: DnsAnswer): Check {
  const remedy =
    'In the Cloudflare dashboard under Email Service > Email Sending, onboard the domain; ' +
    'that adds the record.';

  return judge('sending-spf', domain, bounceName(domain), answer, remedy);
}

export function bounceName(domain: string): string {
  return `cf-bounce.${domain}`;
}

function judge(
  check: string,
  domain: string,
  name: string,
  answer: DnsAnswer,
  howToAdd: string,
): Check {
  const subject = { check, domain };

  if (!answer.ok) {
    return unknown(subject, `the SPF record of ${name}`, answer.failure);
  }

  const [record, ...more] = answer.value.filter((text) => IS_SPF.test(text));

  if (record === undefined) {
    return bad(subject, `${name} has no SPF record.`, howToAdd);
  }

  if (more.length > 0) {
    // RFC 7208 section 3.2: more than one is an error, and none of them counts.
    return bad(
      subject,
      `${name} has ${more.length + 1} SPF records, so none of them counts.`,
      `Join them into one: ${printable(joined([record, ...more]))}`,
    );
  }

  const { heard, all } = readTerms(record);

  if (!heard.some(isInclude)) {
    return bad(
      subject,
      `The SPF record of ${name} does not let Cloudflare send: ${quote([record])}`,
      `Change it to: ${printable(joined([record]))}`,
    );
  }

  return isAnybody(all)
    ? bad(
        subject,
        `The SPF record of ${name} lets everybody send in its name: ${quote([record])}`,
        'Replace its “all” by “~all”.',
      )
    : good(subject, `The SPF record of ${name} lets Cloudflare send.`);
}

interface Terms {
  readonly heard: readonly string[];
  readonly all: string | undefined;
}

/** RFC 7208 section 5.1: what stands behind "all" is never looked at. */
function readTerms(record: string): Terms {
  const terms = record.split(' ').slice(1).filter(Boolean);
  const end = terms.findIndex((term) => /^[+~?-]?all$/i.test(term));

  return end === -1
    ? { heard: terms, all: undefined }
    : { heard: terms.slice(0, end), all: terms[end] };
}

function isAnybody(all: string | undefined): boolean {
  return /^\+?all$/i.test(all ?? '');
}

function isInclude(term: string): boolean {
  return term.toLowerCase().replace(/^\+|\.$/g, '') === INCLUDE;
}

/** One record that says what all of them do, and lets Cloudflare send. */
function joined(records: readonly string[]): string {
  const terms = records.map(readTerms);
  const others = terms.flatMap(({ heard }) => heard).filter((term) => !isInclude(term));
  const all = terms.map((each) => each.all).find((each) => each !== undefined && !isAnybody(each));
  // Section 6.1: beside an "all" a "redirect" would no longer be followed.
  const isRedirected = others.some((term) => /^redirect=/i.test(term));
  const end = all ?? (isRedirected ? [] : '~all');

  return [...new Set(['v=spf1', INCLUDE, ...others].concat(end))].join(' ');
}
