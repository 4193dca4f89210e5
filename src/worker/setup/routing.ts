// Switches Email Routing on, and takes the place of another provider where that was asked for.

import type { CloudflareApi } from './cloudflare.ts';
import type { MxRecord } from './cloudflare-mail.ts';
import { foreignMx } from './plan-mail.ts';
import type { PresentState } from './plan-types.ts';
import { Stop } from './stop.ts';
import type { Terminal } from './terminal.ts';

export async function switchRoutingOn(
  api: CloudflareApi,
  terminal: Terminal,
  { domain, zone, domainMx }: PresentState,
): Promise<void> {
  const foreign = foreignMx(domainMx);

  for (const record of foreign) {
    terminal.say(`      removes MX ${record.priority} ${record.content} of ${record.name}`);
    await api.mail.removeRecord(zone.id, record);
  }

  try {
    await enable(api, zone.id, domain === zone.name ? undefined : domain);
  } catch (error) {
    await restore(api, terminal, zone.id, foreign);
    throw error;
  }
}

async function enable(api: CloudflareApi, zoneId: string, name: string | undefined): Promise<void> {
  if (!(await api.mail.enableRouting(zoneId, name))) {
    throw new Stop(
      'Cloudflare did not switch Email Routing on. Do it in the dashboard, Email Routing, which says what is in ' +
        'the way; then run this again.',
    );
  }
}

/** A domain without any MX record would lose its mail, so the other provider gets it back. */
async function restore(
  api: CloudflareApi,
  terminal: Terminal,
  zoneId: string,
  records: readonly MxRecord[],
): Promise<void> {
  for (const record of records) {
    terminal.say(`      puts MX ${record.priority} ${record.content} of ${record.name} back`);
    await api.mail.restoreRecord(zoneId, record);
  }
}
