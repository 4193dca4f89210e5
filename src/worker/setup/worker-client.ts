// What the set-up asks of the Worker itself, over HTTPS.

import { z } from 'zod';
import { Stop } from './stop.ts';

const TIMEOUT = 15_000;
const DEVICE = 'set-up';

const Info = z.object({
  name: z.literal('Neko Mail'),
  version: z.string(),
  domains: z.array(z.string()),
  setupDone: z.boolean(),
});
const Session = z.object({ token: z.string().min(1), tokenId: z.string().min(1) });
const Diagnostics = z.object({
  checks: z.array(
    z.object({
      check: z.string(),
      domain: z.string().nullable(),
      ok: z.boolean(),
      finding: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});

export type Info = z.output<typeof Info>;
export type Session = z.output<typeof Session>;
export type Check = z.output<typeof Diagnostics>['checks'][number];

export interface Credentials {
  readonly address: string;
  readonly password: string;
}

export type SetupAnswer = Session | 'done_already' | 'wrong_key';

export class WorkerClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/+$/, '');
  }

  /** Null where nothing answers there that is Neko Mail: for a new address that is no failure. */
  async info(): Promise<Info | null> {
    try {
      const response = await this.#send('GET', '/v1/info');

      return Info.safeParse(await response.json()).data ?? null;
    } catch {
      return null;
    }
  }

  async setUp(setupKey: string, user: Credentials): Promise<SetupAnswer> {
    const response = await this.#request('POST', '/v1/setup', {
      body: { setupKey, ...user, device: DEVICE },
    });

    switch (response.status) {
      case 201:
        return parse(Session, response);
      case 403:
        return 'wrong_key';
      case 409:
        return 'done_already';
      default:
        throw await refused('did not make the first admin', response);
    }
  }

  async signIn(user: Credentials): Promise<Session> {
    const response = await this.#request('POST', '/v1/tokens', {
      body: { ...user, device: DEVICE },
    });

    if (response.status === 401) {
      throw new Stop(
        'This server has been set up already, and does not know that address and password. ' +
          'Run this again with those of one of its admins.',
      );
    }

    if (response.status !== 201) {
      throw await refused('did not let you sign in', response);
    }

    return parse(Session, response);
  }

  async addDomain(token: string, domain: string): Promise<void> {
    const path = `/v1/domains/${encodeURIComponent(domain)}`;
    const response = await this.#request('PUT', path, { token });

    if (response.status === 403) {
      throw new Stop('Only an admin can add a domain. Run this again with the address of one.');
    }

    if (!response.ok) {
      throw await refused(`did not add the domain ${domain}`, response);
    }
  }

  /** Null where the Worker is too old to have a self-test, or the user is no admin. */
  async diagnostics(token: string): Promise<readonly Check[] | null> {
    const response = await this.#request('GET', '/v1/diagnostics', { token });

    if (response.status === 404 || response.status === 403) {
      return null;
    }

    if (!response.ok) {
      throw await refused('could not run its self-test', response);
    }

    return (await parse(Diagnostics, response)).checks;
  }

  async revoke({ token, tokenId }: Session): Promise<void> {
    const path = `/v1/tokens/${encodeURIComponent(tokenId)}`;
    const response = await this.#request('DELETE', path, { token });

    if (!response.ok && response.status !== 404) {
      throw await refused(`did not revoke the token of the device "${DEVICE}"`, response);
    }
  }

  async #request(method: string, path: string, more: { token?: string; body?: unknown }) {
    try {
      return await this.#send(method, path, more);
    } catch {
      throw new Stop(`The Worker at ${this.url} does not answer. Run this again in a few minutes.`);
    }
  }

  async #send(method: string, path: string, more: { token?: string; body?: unknown } = {}) {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(more.token === undefined ? {} : { Authorization: `Bearer ${more.token}` }),
        ...(more.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
      // A password goes where it was sent, and nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });
  }
}

async function parse<Schema extends z.ZodType>(schema: Schema, response: Response) {
  const parsed = schema.safeParse(await response.json().catch(() => null));

  if (!parsed.success) {
    throw new Stop(
      'The Worker gave an answer that is not understood. Is it Neko Mail, and up to date?',
    );
  }

  return parsed.data;
}

const Problem = z.object({ error: z.object({ message: z.string().max(300) }) });

async function refused(what: string, response: Response): Promise<Stop> {
  const problem = Problem.safeParse(await response.json().catch(() => null));
  const reason = problem.success ? ` ${problem.data.error.message}.` : '';

  return new Stop(`The Worker ${what} (it answered ${response.status}).${reason}`);
}
