// One set-up from the first question to the list of what is left.

import type { Patience } from './admin.ts';
import { apply, type Result } from './apply.ts';
import { BY_HAND } from './by-hand.ts';
import { CloudflareApi } from './cloudflare.ts';
import { Consents } from './consents.ts';
import { type Environment, type Options, readEnvironment, readOptions, USAGE } from './options.ts';
import { isOtherWorker, makePlan } from './plan.ts';
import { type PresentState, SCRIPT, type Step } from './plan-types.ts';
import { Questions } from './questions.ts';
import { readState } from './state.ts';
import { Stop } from './stop.ts';
import type { Terminal } from './terminal.ts';

export interface Host {
  readonly args: string[];
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly patience: Patience;
}

/** Returns the exit code: 0 done, 1 stopped with a sentence, 2 wrong arguments. */
export async function run(host: Host): Promise<number> {
  const { terminal } = host;
  const options = readOptions(host.args);

  if (!options.ok) {
    terminal.say(`${options.failure}\n\n${USAGE}`);
    return 2;
  }

  if (options.value.help || options.value.print) {
    terminal.say(options.value.help ? USAGE : BY_HAND);
    return 0;
  }

  try {
    await setUp(host, options.value, readEnvironment(host.env));
    return 0;
  } catch (error) {
    if (!(error instanceof Stop)) {
      throw error;
    }

    terminal.say(`\n${error.message}`);
    return 1;
  }
}

async function setUp(host: Host, options: Options, given: Environment): Promise<void> {
  const { terminal, env, patience } = host;
  const { url } = options;
  const questions = new Questions(terminal, !options.yes);
  const token = await questions.token(given.CLOUDFLARE_API_TOKEN);
  terminal.hide(token);
  const domain = await questions.domain(given.NEKO_DOMAIN);
  const api = new CloudflareApi(token, given.CLOUDFLARE_BASE_URL);

  terminal.say('\nLooking at what is there …');
  const state = await readState(api, domain, url);
  refuseOtherWorker(state);
  const steps = makePlan(state, await new Consents(terminal, options).ask(state));
  const user = await questions.credentials(
    { address: given.NEKO_ADMIN_ADDRESS, password: given.NEKO_ADMIN_PASSWORD },
    domain,
    state.info?.setupDone !== true,
  );
  showPlan(terminal, steps);

  if (await mayGoOn(terminal, steps, options)) {
    const tools = { terminal, api, token, env, url, patience };
    showResult(terminal, await apply(tools, state, steps, user), user.address);
  }
}

function refuseOtherWorker(state: PresentState): void {
  if (isOtherWorker(state)) {
    throw new Stop(
      `The account has a Worker called ${SCRIPT} that is not Neko Mail, and deploying would replace it. Rename or ` +
        'delete that one in the dashboard first.',
    );
  }
}

function showPlan(terminal: Terminal, steps: readonly Step[]): void {
  terminal.say('\nThe plan:');

  for (const { title, state, text } of steps) {
    terminal.say(`  ${state.padEnd(7)}  ${title}: ${text}`);
  }
}

async function mayGoOn(terminal: Terminal, steps: readonly Step[], { yes }: Options) {
  if (!steps.some(({ state }) => state === 'to do')) {
    terminal.say('\nThere is nothing to change.');
    return true;
  }

  terminal.say();

  if (yes || (await terminal.confirm('Go on?'))) {
    return true;
  }

  terminal.say('Nothing was changed.');

  return false;
}

function showResult(terminal: Terminal, { url, left }: Result, address: string): void {
  terminal.say(left.length === 0 ? '\nNothing is left to do by hand.' : '\nLeft to do by hand:');

  for (const text of left) {
    terminal.say(`  - ${text}`);
  }

  terminal.say(`
The server is at ${url}: sign in to Neko Mail with that URL and ${address}.
The dashboard shows mail that the Worker took as "Dropped". It was not.
The API token is not needed any more; delete it.`);
}
