// Runs the Worker on this machine: the real runtime, storage in a folder, inbound mail by POST, outbound mail as files.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import workerd from 'workerd';
import { configuration } from './configuration.mjs';

/** Part of util-linux; without it only an outright kill of this process leaves the runtime behind. */
const SETPRIV = '/usr/bin/setpriv';
const USAGE = `Usage: node local/serve.mjs --storage DIR --outbound DIR [--port N] [--with-parent]

  --port N         port on 127.0.0.1 (8787; 0 takes any free one)
  --storage DIR    where mail and accounts are kept
  --outbound DIR   where sent mail is written as .eml files
  --setup-key KEY  the set-up key; better given as NEKO_SETUP_KEY, which other users cannot see
  --with-parent    end when standard input closes, so when whoever started this is gone
`;

const options = {
  port: { type: 'string', default: '8787' },
  storage: { type: 'string' },
  outbound: { type: 'string' },
  'setup-key': { type: 'string', default: process.env.NEKO_SETUP_KEY ?? '' },
  'with-parent': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

await main();

async function main() {
  const values = readArguments();
  tieRuntime();
  const miniflare = new Miniflare(convertV4MiniflareOptions(await configuration(values)));
  endCleanly(miniflare, values['with-parent']);

  const url = await miniflare.ready;
  process.stdout.write(`${JSON.stringify({ url: url.href })}\n`);
}

function readArguments() {
  try {
    const { values } = parseArgs({ options });

    if (!values.help && values.storage && values.outbound && /^\d{1,5}$/.test(values.port)) {
      return values;
    }
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
  }

  process.stderr.write(USAGE);
  process.exit(2);
}

function tieRuntime() {
  if (process.platform === 'linux' && existsSync(SETPRIV)) {
    process.env.NEKO_WORKERD = workerd.default;
    process.env.MINIFLARE_WORKERD_PATH = resolve(import.meta.dirname, 'tied-runtime.sh');
  }
}

/** The runtime is a process of its own: it must never outlive this one. */
function endCleanly(miniflare, withParent) {
  let ending = false;
  const end = async () => {
    if (!ending) {
      ending = true;
      await miniflare.dispose();
      process.exit(0);
    }
  };

  process.once('SIGTERM', end);
  process.once('SIGINT', end);

  if (withParent) {
    process.stdin.once('end', end).once('error', end).resume();
  }
}
