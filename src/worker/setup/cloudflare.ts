// What the set-up asks of Cloudflare's API about the token, the zone and the Worker, through Cloudflare's own package.

import Cloudflare from 'cloudflare';
import { call, callOrNull, isRefusal } from './cloudflare-call.ts';
import { CloudflareMail } from './cloudflare-mail.ts';
import { TOKEN_PAGE } from './permissions.ts';
import { Stop } from './stop.ts';

const TIMEOUT = 30_000;

export interface Zone {
  readonly id: string;
  readonly name: string;
  /** Cloudflare answers for the domain's DNS, so that its mail can come here. */
  readonly active: boolean;
  readonly accountId: string;
}

export class CloudflareApi {
  readonly mail: CloudflareMail;
  readonly #client: Cloudflare;

  constructor(apiToken: string, baseURL?: string) {
    this.#client = new Cloudflare({
      apiToken,
      baseURL,
      // Left over in somebody's environment, these would be sent instead of the token.
      apiKey: null,
      apiEmail: null,
      userServiceKey: null,
      timeout: TIMEOUT,
      logLevel: 'off',
    });
    this.mail = new CloudflareMail(this.#client);
  }

  /** A mail domain may be below a zone, so the labels are walked up; null where no zone is found. */
  async findZone(domain: string): Promise<Zone | null> {
    const labels = domain.split('.');

    for (let index = 0; index < labels.length - 1; index += 1) {
      const zone = await this.#zoneNamed(labels.slice(index).join('.'));

      if (zone !== null) {
        return zone;
      }
    }

    return null;
  }

  async #zoneNamed(name: string): Promise<Zone | null> {
    const page = await call('look for the zone', 'zone', () => this.#client.zones.list({ name }));
    const zones = page.result ?? [];
    const found = zones.find(({ status }) => status === 'active') ?? zones[0];

    return found === undefined
      ? null
      : {
          id: found.id,
          name: found.name,
          active: found.status === 'active',
          accountId: found.account.id ?? '',
        };
  }

  /** There are tokens of a user and tokens of an account, and each kind is verified at another place. */
  async checkToken(accountId: string): Promise<void> {
    const account = { account_id: accountId };
    const { status } = await call('verify the API token', 'account', async () => {
      try {
        return await this.#client.user.tokens.verify();
      } catch (error) {
        if (!isRefusal(error)) {
          throw error;
        }

        return this.#client.accounts.tokens.verify(account);
      }
    });

    if (status !== 'active') {
      throw new Stop(`The API token is ${status}. Make a new one at ${TOKEN_PAGE}.`);
    }
  }

  /** The account's name below workers.dev; null where none was chosen yet. */
  async workersDevName(account_id: string): Promise<string | null> {
    const read = () => this.#client.workers.subdomains.get({ account_id });
    const found = await callOrNull("read the account's workers.dev name", 'scripts', read);

    return found?.subdomain || null;
  }

  async chooseWorkersDevName(account_id: string, subdomain: string): Promise<void> {
    await call(`register ${subdomain}.workers.dev for the account`, 'scripts', () =>
      this.#client.workers.subdomains.update({ account_id, subdomain }),
    );
  }

  /** The names of the Worker's bindings; null where there is no such Worker. */
  async workerBindings(account_id: string, script: string): Promise<string[] | null> {
    const { scriptAndVersionSettings } = this.#client.workers.scripts;
    const settings = await callOrNull('look at the Worker', 'scripts', () =>
      scriptAndVersionSettings.get(script, { account_id }),
    );

    return settings === null ? null : (settings.bindings ?? []).map(({ name }) => name);
  }

  async hasSecret(account_id: string, script: string, name: string): Promise<boolean> {
    const secrets = await call("list the names of the Worker's secrets", 'scripts', () =>
      this.#client.workers.scripts.secrets.list(script, { account_id }),
    );

    return secrets.result.some((secret) => secret.name === name);
  }

  async setSecret(account_id: string, script: string, name: string, text: string): Promise<void> {
    await call(`set the Worker's secret ${name}`, 'scripts', () =>
      this.#client.workers.scripts.secrets.update(script, {
        account_id,
        name,
        text,
        type: 'secret_text',
      }),
    );
  }
}
