// Does what the plan says, one step after the other, and tests the result.

import { makeFirstAdmin, type Patience, waitForWorker } from './admin.ts';
import type { CloudflareApi } from './cloudflare.ts';
import { deployWorker } from './deploy.ts';
import { workersDevSuggestion } from './plan.ts';
import { type PresentState, SCRIPT, type Step, type StepId } from './plan-types.ts';
import { switchRoutingOn } from './routing.ts';
import { workerUrl } from './state.ts';
import { Stop } from './stop.ts';
import type { Terminal } from './terminal.ts';
import { type Check, type Credentials, type Session, WorkerClient } from './worker-client.ts';

export interface Tools {
  readonly terminal: Terminal;
  readonly api: CloudflareApi;
  readonly token: string;
  readonly env: NodeJS.ProcessEnv;
  readonly url: string | undefined;
  readonly patience: Patience;
}

export interface Result {
  readonly url: string;
  /** What is left to do, a sentence each. */
  readonly left: readonly string[];
}

export async function apply(
  tools: Tools,
  state: PresentState,
  steps: readonly Step[],
  user: Credentials,
): Promise<Result> {
  const run = new Run(tools, state, steps);
  const worker = await run.deploy();
  const session = await run.signIn(worker, user);

  try {
    await run.leadMailHere(worker, session);
    run.report(await worker.diagnostics(session.token));
  } finally {
    await run.attempt(() => worker.revoke(session));
  }

  return { url: worker.url, left: run.left };
}

class Run {
  readonly left: string[];
  readonly #tools: Tools;
  readonly #state: PresentState;
  readonly #steps: readonly Step[];

  constructor(tools: Tools, state: PresentState, steps: readonly Step[]) {
    this.#tools = tools;
    this.#state = state;
    this.#steps = steps;
    this.left = steps
      .filter((step) => step.state === 'by hand')
      .map(({ title, text }) => `${title}: ${text}`);
  }

  async deploy(): Promise<WorkerClient> {
    const { api, token, env, patience } = this.#tools;
    const { domain, zone, workersDev } = this.#state;
    const name = workersDev.name ?? workersDevSuggestion(domain);
    await this.#do('workers-dev', () => api.chooseWorkersDevName(zone.accountId, name));
    await this.#do('deploy', () => deployWorker({ token, accountId: zone.accountId }, env));
    const url = workerUrl(this.#tools.url, name) ?? '';
    const worker = new WorkerClient(url);
    this.#tools.terminal.say(`  ... waits until ${url} answers`);
    await waitForWorker(worker, patience);

    return worker;
  }

  async signIn(worker: WorkerClient, user: Credentials): Promise<Session> {
    // The answer from before the deployment is out of date by now.
    const info = await waitForWorker(worker, this.#tools.patience);

    if (info.setupDone) {
      return worker.signIn(user);
    }

    this.#tools.terminal.say('  ... makes the first admin');

    return makeFirstAdmin({ ...this.#tools, worker }, this.#state.zone.accountId, user);
  }

  async leadMailHere(worker: WorkerClient, { token }: Session): Promise<void> {
    const { api, terminal } = this.#tools;
    const { domain, zone } = this.#state;
    await this.#do('domain', () => this.#addDomain(worker, token));
    await this.attempt(() => this.#do('sending', () => api.mail.enableSending(zone.id, domain)));
    await this.#do('routing', () => switchRoutingOn(api, terminal, this.#state));
    await this.#do('catch-all', () => api.mail.pointCatchAll(zone.id, SCRIPT));
  }

  report(checks: readonly Check[] | null): void {
    const { terminal } = this.#tools;
    terminal.say('\nThe self-test of the server:');

    if (checks === null) {
      terminal.say('  not to be had: this Worker has none, or the user is no admin of it');
    }

    for (const { ok, check, domain, finding, remedy } of checks ?? []) {
      const name = domain === null ? check : `${check} of ${domain}`;
      terminal.say(`  ${ok ? 'ok     ' : 'NOT OK '} ${name}: ${finding}`);

      if (!ok) {
        this.left.push(`${name}: ${remedy ?? finding}`);
      }
    }
  }

  /** For what the rest does not depend on: its failure is kept for the end. */
  async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Stop)) {
        throw error;
      }

      this.left.push(error.message);
    }
  }

  async #addDomain(worker: WorkerClient, token: string): Promise<void> {
    const info = await worker.info();

    if (!info?.domains.includes(this.#state.domain)) {
      await worker.addDomain(token, this.#state.domain);
    }
  }

  async #do(id: StepId, action: () => Promise<void>): Promise<void> {
    const step = this.#steps.find((candidate) => candidate.id === id);

    if (step?.state === 'to do') {
      this.#tools.terminal.say(`  ... ${step.title}: ${step.text}`);
      await action();
    }
  }
}
