// What a domain asks receivers to do with mail that only pretends to come from it (DMARC, RFC 7489).

import { bad, type Check, good, quote, type Subject, unknown } from './check';
import type { Ask, DnsAnswer } from './dns';
import { tagsOf } from './records';

/** What was found at one name; the domain's own stands first, its parents' behind it. */
export interface DmarcAnswer {
  readonly name: string;
  readonly answer: DnsAnswer;
}

const MAX_PARENTS = 2;
/** RFC 7489 section 6.4: the version comes first, and letters count as they are. */
const IS_DMARC = /^v\s*=\s*DMARC1\s*(?:;|$)/;

/**
 * The domains above that a record may be inherited from (RFC 7489 section 6.6.3). Which of them is the
 * "organizational" one takes a list of all public suffixes to know; it is one of the two shortest.
 */
export function parentsOf(domain: string): string[] {
  const labels = domain.split('.');
  const parents = labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join('.'));

  return parents.slice(-MAX_PARENTS);
}

/** Asks at the domain, and further up only while nothing was found. */
export async function askDmarc(ask: Ask, domain: string): Promise<DmarcAnswer[]> {
  const answers: DmarcAnswer[] = [];

  for (const name of [domain, ...parentsOf(domain)]) {
    const answer = await ask(`_dmarc.${name}`, 'TXT');
    answers.push({ name, answer });

    if (!answer.ok || recordsIn(answer.value).length > 0) {
      break;
    }
  }

  return answers;
}

export function judgeDmarc(domain: string, answers: readonly DmarcAnswer[]): Check {
  const subject = { check: 'dmarc', domain };

  for (const { name, answer } of answers) {
    if (!answer.ok) {
      return unknown(subject, `the DMARC record of ${name}`, answer.failure);
    }

    const [record, ...more] = recordsIn(answer.value);

    if (more.length > 0) {
      // RFC 7489 section 6.6.3: with more than one, none applies.
      return bad(
        subject,
        `${name} has ${more.length + 1} DMARC records, so none of them counts.`,
        `Keep one of the TXT records at _dmarc.${name} and remove the others.`,
      );
    }

    if (record !== undefined) {
      return judgePolicy(subject, domain, name, record);
    }
  }

  return bad(
    subject,
    `${domain} has no DMARC record, so others can send in its name unhindered.`,
    `Add a TXT record at _dmarc.${domain}: v=DMARC1; p=none; rua=mailto:postmaster@${domain}`,
  );
}

function judgePolicy(subject: Subject, domain: string, name: string, record: string): Check {
  const tags = tagsOf(record);
  const own = name === domain;
  const policy = ((own ? null : tags.get('sp')) ?? tags.get('p') ?? '').toLowerCase();
  const whose = own ? `The DMARC record of ${domain}` : `The DMARC record that ${name} hands down`;

  switch (policy) {
    case 'reject':
    case 'quarantine':
      return good(subject, `${whose} asks receivers to ${policy} forged mail.`);
    case 'none':
      return good(
        subject,
        `${whose} asks receivers to let forged mail through (p=none).`,
        `That is right to begin with. When your own mail arrives well, change the TXT record at ` +
          `_dmarc.${name} to p=quarantine, then to p=reject.`,
      );
    default:
      return bad(
        subject,
        `${whose} has no policy that receivers know: ${quote([record])}`,
        `Change the TXT record at _dmarc.${name} to have p=none, p=quarantine or p=reject.`,
      );
  }
}

function recordsIn(texts: readonly string[]): string[] {
  return texts.filter((text) => IS_DMARC.test(text));
}
