// The part of the plan that leads mail here: what of it may be done, and what takes it away from somebody else.

import type { CatchAll, MxRecord } from './cloudflare-mail.ts';
import {
  byHand,
  type Consent,
  done,
  type Outcome,
  type PresentState,
  SCRIPT,
  toDo,
} from './plan-types.ts';

export function foreignMx(records: readonly MxRecord[]): MxRecord[] {
  return records.filter((record) => !isCloudflareMx(record));
}

/** Whether the rule does something that somebody wants, and that is not ours. */
export function isForeignCatchAll({ enabled, action, value }: CatchAll): boolean {
  return enabled && !(action === 'worker' && value === SCRIPT);
}

export function describeCatchAll({ action, value }: CatchAll): string {
  return action === 'drop' ? 'drops the mail' : `sends the mail to the ${nameOf(action)} ${value}`;
}

export function planSending({ domain, sending }: PresentState): Outcome {
  if (typeof sending !== 'boolean') {
    return byHand(`onboard ${domain} in the dashboard, Email Sending. ${sending.problem}`);
  }

  return sending
    ? done(`${domain} is onboarded`)
    : toDo(`onboards ${domain}, which adds DNS records for SPF, DKIM, DMARC and bounces`);
}

export function planRouting(state: PresentState, consents: ReadonlySet<Consent>): Outcome {
  const { domain, zone, domainMx, zoneMx, routingEnabled } = state;
  const foreign = foreignMx(domainMx);

  if (routingEnabled && foreign.length === 0 && domainMx.length > 0) {
    return done(`on, and the MX records of ${domain} are Cloudflare's`);
  }

  // Whether the API would leave the zone's own mail alone is not documented; the dashboard shows it first.
  if (domain !== zone.name && !routingEnabled && foreignMx(zoneMx).length > 0) {
    return byHand(
      `the mail of ${zone.name} itself goes to ${names(zoneMx)}. In the dashboard, Email Routing, Settings, ` +
        `add the subdomain ${domain} without changing the records of ${zone.name}; then run this again`,
    );
  }

  if (foreign.length > 0 && !consents.has('take-over-mx')) {
    return byHand(
      `the mail of ${domain} goes to ${names(foreign)}, and switching this on would take it away from there. ` +
        'When you want that, run this again and confirm it, or use --take-over-mx',
    );
  }

  const removal = foreign.length > 0 ? `removes the MX records ${names(foreign)}, and then ` : '';

  return toDo(`${removal}switches it on for ${domain}, which adds MX and TXT records to its DNS`);
}

export function planCatchAll(
  { zone, catchAll }: PresentState,
  consents: ReadonlySet<Consent>,
  routing: Outcome,
): Outcome {
  const foreign = isForeignCatchAll(catchAll);

  if (catchAll.enabled && !foreign) {
    return done(`sends the mail to the Worker ${SCRIPT}`);
  }

  if (routing.state === 'by hand') {
    return byHand('comes after Email Routing: run this again when that is on');
  }

  if (foreign && !consents.has('replace-catch-all')) {
    return byHand(
      `it ${describeCatchAll(catchAll)}. When the Worker shall have it, run this again and confirm it, or use ` +
        '--replace-catch-all',
    );
  }

  return toDo(
    `points it at the Worker ${SCRIPT}: for all mail to ${zone.name}, and to its subdomains with Email Routing, ` +
      'that no other rule takes',
  );
}

function isCloudflareMx({ content }: MxRecord): boolean {
  return /(^|\.)mx\.cloudflare\.net\.?$/i.test(content);
}

function names(records: readonly MxRecord[]): string {
  return records.map(({ content }) => content).join(', ');
}

function nameOf(action: string): string {
  return action === 'worker' ? 'Worker' : 'address';
}
