// The command `npm run setup`.

import process from 'node:process';
import { run } from './run.ts';
import { Interrupted, Terminal } from './terminal.ts';

/**
 * Two minutes in all: a new address below workers.dev needs DNS and a certificate. The Worker answers 429 to more than
 * twenty tries of a set-up key from one network.
 */
const PATIENCE = { tries: 18, interval: 6000 };

const terminal = new Terminal(process.stdin, process.stdout);

process.once('SIGINT', stop);

try {
  const { argv, env } = process;
  process.exitCode = await run({ args: argv.slice(2), env, terminal, patience: PATIENCE });
  // A pipe that stays open must not keep the command from ending.
  process.stdin.destroy();
} catch (error) {
  if (!(error instanceof Interrupted)) {
    throw error;
  }

  stop();
}

function stop(): never {
  terminal.say('\nStopped. Run this again, and it continues from where it is.');
  process.exit(130);
}
