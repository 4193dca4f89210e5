// Reads what is there already, and changes nothing.

import { VERSION } from '../src/version.ts';
import type { CloudflareApi, Zone } from './cloudflare.ts';
import { TOKEN_PAGE } from './permissions.ts';
import { type PresentState, SCRIPT } from './plan-types.ts';
import { Stop } from './stop.ts';
import { WorkerClient } from './worker-client.ts';

export const SETUP_KEY = 'SETUP_KEY';

export async function readState(
  api: CloudflareApi,
  domain: string,
  url: string | undefined,
): Promise<PresentState> {
  const zone = await findZone(api, domain);
  await api.checkToken(zone.accountId);
  const name = url === undefined ? await api.workersDevName(zone.accountId) : null;
  const address = workerUrl(url, name);

  return {
    domain,
    version: VERSION,
    zone,
    workersDev: { name, needed: url === undefined },
    info: address === null ? null : await new WorkerClient(address).info(),
    ...(await readWorker(api, zone)),
    ...(await readMail(api, zone, domain)),
  };
}

/** Null where the account has no name below workers.dev yet. */
export function workerUrl(url: string | undefined, name: string | null): string | null {
  return url ?? (name === null ? null : `https://${SCRIPT}.${name}.workers.dev`);
}

async function findZone(api: CloudflareApi, domain: string): Promise<Zone> {
  const zone = await api.findZone(domain);

  if (zone === null) {
    throw new Stop(
      `Cloudflare has no zone for ${domain} that this token can see. Is the domain on Cloudflare, and is the ` +
        `token made for it (Zone Resources, at ${TOKEN_PAGE})?`,
    );
  }

  if (!zone.active) {
    throw new Stop(
      `Cloudflare does not answer for ${zone.name} yet. Set its name servers at your registrar, as the dashboard ` +
        'says, wait until the zone is active, and run this again.',
    );
  }

  return zone;
}

async function readWorker(api: CloudflareApi, { accountId }: Zone) {
  const bindings = await api.workerBindings(accountId, SCRIPT);
  const hasSetupKey = bindings !== null && (await api.hasSecret(accountId, SCRIPT, SETUP_KEY));

  return { bindings, hasSetupKey };
}

async function readMail(api: CloudflareApi, zone: Zone, domain: string) {
  const domainMx = await api.mail.mxRecords(zone.id, domain);

  return {
    domainMx,
    zoneMx: zone.name === domain ? domainMx : await api.mail.mxRecords(zone.id, zone.name),
    routingEnabled: await api.mail.routingEnabled(zone.id),
    catchAll: await api.mail.catchAll(zone.id),
    sending: await readSending(api, zone, domain),
  };
}

/** Receiving works without it, and a Free plan has none: that must not end the whole set-up. */
async function readSending(api: CloudflareApi, zone: Zone, domain: string) {
  try {
    return await api.mail.sendingEnabled(zone.id, domain);
  } catch (error) {
    if (error instanceof Stop) {
      return { problem: error.message };
    }

    throw error;
  }
}
