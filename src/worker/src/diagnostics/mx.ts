// Whether mail to a domain comes to Cloudflare, which hands it to this Worker.

import { bad, type Check, good, quote, unknown } from './check';
import type { DnsAnswer } from './dns';

/** `route1`, `route2` and `route3` today ("Domain configuration", Email Service); older domains have other names. */
const CLOUDFLARE = /^[a-z0-9-]+\.mx\.cloudflare\.net$/;

const HOW =
  'in the Cloudflare dashboard under Email Service > Email Routing, onboard the domain and let it add its MX records';

export function judgeMx(domain: string, answer: DnsAnswer): Check {
  const subject = { check: 'mx', domain };

  if (!answer.ok) {
    return unknown(subject, `the MX records of ${domain}`, answer.failure);
  }

  const hosts = answer.value.filter((host) => host !== '');
  const others = hosts.filter((host) => !CLOUDFLARE.test(host));

  if (answer.value.length === 0) {
    return bad(
      subject,
      `${domain} has no MX record, so no mail comes in.`,
      `Turn Email Routing on: ${HOW}.`,
    );
  }

  if (hosts.length === 0) {
    // RFC 7505: the "null MX".
    return bad(
      subject,
      `The MX record of ${domain} says that it takes no mail at all.`,
      `Remove that record and turn Email Routing on: ${HOW}.`,
    );
  }

  if (others.length === hosts.length) {
    return bad(
      subject,
      `Mail for ${domain} goes to ${quote(others)} and not to Cloudflare.`,
      `Turn Email Routing on: ${HOW}, in place of those.`,
    );
  }

  if (others.length > 0) {
    return bad(
      subject,
      `A part of the mail for ${domain} goes elsewhere: to ${quote(others)}.`,
      `Remove the MX records for ${quote(others)}, so that only those of Cloudflare are left.`,
    );
  }

  return good(subject, `Mail for ${domain} goes to Cloudflare.`);
}
