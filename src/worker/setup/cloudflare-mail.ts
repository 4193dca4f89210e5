// What the set-up asks of Cloudflare's API about a zone's mail: MX records, Email Routing, Email Sending.

import type Cloudflare from 'cloudflare';
import { call, callOrNull } from './cloudflare-call.ts';

export interface MxRecord {
  readonly id: string;
  readonly name: string;
  readonly content: string;
  readonly priority: number;
}

export interface CatchAll {
  readonly enabled: boolean;
  readonly action: string;
  readonly value: string;
}

export class CloudflareMail {
  readonly #client: Cloudflare;

  constructor(client: Cloudflare) {
    this.#client = client;
  }

  async mxRecords(zone_id: string, domain: string): Promise<MxRecord[]> {
    const records = await call('read the MX records', 'dns', () =>
      this.#client.dns.records.list({ zone_id, type: 'MX', name: { exact: domain } }),
    );

    return records.result.flatMap((record) =>
      record.type === 'MX'
        ? [
            {
              id: record.id,
              name: record.name,
              content: record.content ?? '',
              priority: record.priority ?? 0,
            },
          ]
        : [],
    );
  }

  async removeRecord(zone_id: string, record: MxRecord): Promise<void> {
    await call(`remove the MX record ${record.content}`, 'dns', () =>
      this.#client.dns.records.delete(record.id, { zone_id }),
    );
  }

  async restoreRecord(zone_id: string, { name, content, priority }: MxRecord): Promise<void> {
    await call(`put the MX record ${content} back`, 'dns', () =>
      this.#client.dns.records.create({ zone_id, type: 'MX', name, content, priority, ttl: 1 }),
    );
  }

  async routingEnabled(zone_id: string): Promise<boolean> {
    const read = () => this.#client.emailRouting.get({ zone_id });
    const settings = await callOrNull('read the settings of Email Routing', 'settings', read);

    return settings?.enabled === true;
  }

  /** Without a name it is for the zone itself. Answers whether Email Routing is on now. */
  async enableRouting(zone_id: string, name?: string): Promise<boolean> {
    const settings = await call('switch Email Routing on', 'settings', () =>
      this.#client.emailRouting.dns.create({ zone_id, ...(name === undefined ? {} : { name }) }),
    );

    return settings.enabled;
  }

  async catchAll(zone_id: string): Promise<CatchAll> {
    const read = () => this.#client.emailRouting.rules.catchAlls.get({ zone_id });
    const rule = await callOrNull('read the catch-all rule', 'rules', read);
    const action = rule?.actions?.[0];

    return {
      enabled: rule?.enabled === true,
      action: action?.type ?? 'drop',
      value: action?.value?.join(', ') ?? '',
    };
  }

  async pointCatchAll(zone_id: string, script: string): Promise<void> {
    await call('point the catch-all rule at the Worker', 'rules', () =>
      this.#client.emailRouting.rules.catchAlls.update({
        zone_id,
        actions: [{ type: 'worker', value: [script] }],
        matchers: [{ type: 'all' }],
        enabled: true,
        name: 'Neko Mail',
      }),
    );
  }

  async sendingEnabled(zone_id: string, domain: string): Promise<boolean> {
    const domains = await call('list the sending domains', 'sending', () =>
      this.#client.emailSending.subdomains.list({ zone_id }),
    );

    return domains.result.some(({ name, enabled }) => name === domain && enabled);
  }

  async enableSending(zone_id: string, name: string): Promise<void> {
    await call(`onboard ${name} for Email Sending`, 'sending', () =>
      this.#client.emailSending.subdomains.create({ zone_id, name }),
    );
  }
}
