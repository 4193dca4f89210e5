// Deploys the Worker with wrangler, which stays a program of its own.

import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stop } from './stop.ts';

const WORKER_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)));
/** What is shown of a failure; the end of what wrangler says names the reason. */
const SHOWN_LINES = 25;

export interface Account {
  readonly token: string;
  readonly accountId: string;
}

/** `./with-node` puts the wrangler of the packages in front of any other in `env.PATH`. */
export async function deployWorker(account: Account, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await run('wrangler', ['deploy'], childEnvironment(account, env));

  if (code !== 0) {
    const end = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
    throw new Stop(`wrangler could not deploy the Worker. It said:\n\n${end}\n`);
  }
}

function childEnvironment(account: Account, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    NEKO_ADMIN_PASSWORD: _password,
    CLOUDFLARE_API_KEY: _key,
    CLOUDFLARE_EMAIL: _email,
    ...rest
  } = env;

  return {
    ...rest,
    CLOUDFLARE_API_TOKEN: account.token,
    CLOUDFLARE_ACCOUNT_ID: account.accountId,
    WRANGLER_SEND_METRICS: 'false',
    FORCE_COLOR: '0',
  };
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv) {
  // Without an input it asks nothing: what there is to ask was asked before.
  const child = spawn(command, args, {
    cwd: WORKER_FOLDER,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.once('error', () =>
      reject(new Stop('wrangler could not be started. Run `npm ci` first, then `npm run setup`.')),
    );
    child.once('close', (code) => resolve({ code, output }));
  });
}
