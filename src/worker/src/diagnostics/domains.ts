// Asks DNS about the domains that are served, as many of them as one request may, and judges the answers.

import { MAX_DNS_QUESTIONS } from '../limits';
import { type Check, good } from './check';
import { judgeDkim, judgeRoutingDkim, routingKeyName, sendingKeyName } from './dkim';
import { askDmarc, judgeDmarc, parentsOf } from './dmarc';
import type { Ask } from './dns';
import { judgeMx } from './mx';
import { bounceName, judgeSendingSpf, judgeSpf } from './spf';

/** MX, SPF and DKIM twice, and DMARC. */
const QUESTIONS_PER_DOMAIN = 6;

export async function checkDomains(ask: Ask, domains: readonly string[]): Promise<Check[]> {
  const count = countWithin(domains, MAX_DNS_QUESTIONS);
  const checks = await Promise.all(domains.slice(0, count).map((name) => checkDomain(ask, name)));

  return [...checks.flat(), ...judgeBound(domains, count)];
}

async function checkDomain(ask: Ask, domain: string): Promise<Check[]> {
  const [mx, spf, sendingSpf, sendingKey, routingKey, dmarc] = await Promise.all([
    ask(domain, 'MX'),
    ask(domain, 'TXT'),
    ask(bounceName(domain), 'TXT'),
    ask(sendingKeyName(domain), 'TXT'),
    ask(routingKeyName(domain), 'TXT'),
    askDmarc(ask, domain),
  ]);

  return [
    judgeMx(domain, mx),
    judgeSpf(domain, spf),
    judgeSendingSpf(domain, sendingSpf),
    judgeDkim(domain, sendingKey),
    judgeRoutingDkim(domain, routingKey),
    judgeDmarc(domain, dmarc),
  ];
}

/** How many domains, from the first on, can be checked with so many questions. */
function countWithin(domains: readonly string[], limit: number): number {
  let questions = 0;
  const over = domains.findIndex((domain) => {
    questions += QUESTIONS_PER_DOMAIN + parentsOf(domain).length;

    return questions > limit;
  });

  return over === -1 ? domains.length : over;
}

function judgeBound(domains: readonly string[], count: number): Check[] {
  if (count === domains.length) {
    return [];
  }

  return [
    good(
      { check: 'domains', domain: null },
      `Only the first ${count} of ${domains.length} domains were checked; one request can ask DNS no more.`,
      `Ask for the others one by one, with ?domain= and its name: ${domains.slice(count).join(', ')}`,
    ),
  ];
}
