// Everything that a set-up meets: Cloudflare, the Worker, wrangler, and somebody who answers questions.

import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { run } from '../../../setup/run.ts';
import { Terminal } from '../../../setup/terminal.ts';
import { type CloudflareState, startCloudflare, TOKEN } from './cloudflare-double.ts';
import { listen } from './listen.ts';
import { startWorker, type WorkerState } from './worker-double.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

export const PASSWORD = 'correct horse battery staple';
export const ADDRESS = 'you@example.org';

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

interface WranglerCall {
  readonly args: string[];
  readonly env: NodeJS.ProcessEnv;
  readonly input: string;
}

export class Scene {
  readonly cloudflare: CloudflareState;
  readonly worker: WorkerState;
  wranglerFails = false;
  readonly #stops: (() => Promise<void>)[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder: string;
  readonly workerUrl: string;

  static async open(): Promise<Scene> {
    const cloudflare = await startCloudflare();
    const worker = await startWorker(cloudflare.state);
    const folder = await mkdtemp(join(tmpdir(), 'neko-setup-'));
    await symlink(join(HERE, 'fake-wrangler.mjs'), join(folder, 'wrangler'));
    const deployed: { scene?: Scene } = {};
    const signal = await listen(async () => deployed.scene?.deploy() ?? { status: 500 });
    const scene = new Scene(cloudflare, worker, folder, signal);
    deployed.scene = scene;

    return scene;
  }

  private constructor(
    cloudflare: Awaited<ReturnType<typeof startCloudflare>>,
    worker: Awaited<ReturnType<typeof startWorker>>,
    folder: string,
    signal: Awaited<ReturnType<typeof listen>>,
  ) {
    this.cloudflare = cloudflare.state;
    this.worker = worker.state;
    this.workerUrl = worker.url;
    this.#folder = folder;
    this.#stops = [cloudflare.close, worker.close, signal.close];
    this.#env = {
      PATH: `${folder}:${dirname(process.execPath)}:/usr/bin:/bin`,
      CLOUDFLARE_BASE_URL: cloudflare.url,
      FAKE_WRANGLER_LOG: join(folder, 'log'),
      FAKE_WRANGLER_DEPLOYED: signal.url,
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()));
    await rm(this.#folder, { recursive: true });
  }

  deploy(): { status: number } {
    if (this.wranglerFails) {
      return { status: 500 };
    }

    this.cloudflare.bindings = ['DIRECTORY', 'MAILBOX', 'EMAIL'];

    return { status: 200 };
  }

  env(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return { ...this.#env, ...more };
  }

  /** Runs the set-up in this process, with every answer typed. */
  async type(answers: readonly string[], ...args: string[]): Promise<Outcome> {
    const input = Readable.from(answers.map((line) => `${line}\n`));

    return this.#run(input, ['--url', this.workerUrl, ...args], this.env());
  }

  /** As `type`, for a Worker below workers.dev, which no test can reach. */
  async withoutUrl(answers: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
    return this.#run(Readable.from(answers.map((line) => `${line}\n`)), [], env);
  }

  /** Runs the set-up in this process, with every answer in the environment. */
  async yes(more: { args?: string[]; env?: NodeJS.ProcessEnv } = {}): Promise<Outcome> {
    const env = this.env({
      CLOUDFLARE_API_TOKEN: TOKEN,
      NEKO_DOMAIN: 'example.org',
      NEKO_ADMIN_ADDRESS: ADDRESS,
      NEKO_ADMIN_PASSWORD: PASSWORD,
      ...more.env,
    });

    return this.#run(
      Readable.from([]),
      ['--url', this.workerUrl, '--yes', ...(more.args ?? [])],
      env,
    );
  }

  async #run(input: Readable, args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
    const output = new PassThrough();
    const printed = text(output);
    const patience = { tries: 3, interval: 10 };
    const code = await run({ args, env, terminal: new Terminal(input, output), patience });
    output.end();

    return { code, output: await printed };
  }

  async wranglerCalls(): Promise<WranglerCall[]> {
    const log = await readFile(join(this.#folder, 'log'), 'utf8').catch(() => '');

    return log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
}

/** What somebody types on a fresh account. */
export const ANSWERS = [TOKEN, 'example.org', ADDRESS, PASSWORD, PASSWORD, 'y'];

/** The writes of a set-up in the order that keeps mail safe: the admin first, the mail last. */
export const ALL_WRITES = [
  'PUT /accounts/workers/scripts/neko-mail/secrets',
  'POST /zones/email/sending/subdomains',
  'POST /zones/email/routing/dns',
  'PUT /zones/email/routing/rules/catch_all',
];
