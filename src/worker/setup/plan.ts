// From what is there to what there is to do: no I/O, so that every case can be tested as a line of a table.

import { planCatchAll, planRouting, planSending } from './plan-mail.ts';
import {
  byHand,
  type Consent,
  done,
  type Outcome,
  type PresentState,
  SCRIPT,
  type Step,
  toDo,
} from './plan-types.ts';

/** A Worker with these bindings is a Neko Mail; another one of the same name is somebody's own. */
const OUR_BINDINGS = ['DIRECTORY', 'MAILBOX'];

/**
 * The order keeps mail safe: nobody's mail is led here before there is a mailbox to take it, since a server refuses
 * an address that it does not know for ever.
 */
export function makePlan(state: PresentState, consents: ReadonlySet<Consent>): Step[] {
  const routing = planRouting(state, consents);
  const steps: Step[] = [
    { id: 'workers-dev', title: 'A name below workers.dev', ...planWorkersDev(state) },
    { id: 'deploy', title: `The Worker ${SCRIPT}`, ...planDeploy(state, consents) },
    { id: 'admin', title: 'The first admin', ...planAdmin(state) },
    { id: 'domain', title: `The server's domain ${state.domain}`, ...planDomain(state) },
    { id: 'sending', title: 'Email Sending', ...planSending(state) },
    { id: 'routing', title: 'Email Routing', ...routing },
    { id: 'catch-all', title: 'The catch-all rule', ...planCatchAll(state, consents, routing) },
  ];

  return steps;
}

export function workersDevSuggestion(domain: string): string {
  return domain.replaceAll('.', '-').slice(0, 63).replace(/-+$/, '');
}

export function isOtherWorker({ bindings }: PresentState): boolean {
  return bindings !== null && !OUR_BINDINGS.every((name) => bindings.includes(name));
}

export function isUpgrade({ bindings, info, version }: PresentState): boolean {
  return bindings !== null && info !== null && info.version !== version;
}

function planWorkersDev({ domain, workersDev }: PresentState): Outcome {
  if (!workersDev.needed || workersDev.name !== null) {
    return done(workersDev.needed ? `it is ${workersDev.name}.workers.dev` : 'not needed');
  }

  return toDo(`registers ${workersDevSuggestion(domain)}.workers.dev for the account`);
}

function planDeploy(state: PresentState, consents: ReadonlySet<Consent>): Outcome {
  const { bindings, info, version } = state;

  if (bindings === null) {
    return toDo(`deploys version ${version} with wrangler`);
  }

  if (info === null) {
    return toDo(`deploys version ${version} again, since the one that is there does not answer`);
  }

  if (!isUpgrade(state)) {
    return done(`version ${version} answers`);
  }

  return consents.has('upgrade')
    ? toDo(`deploys version ${version} over version ${info.version}; mail and accounts stay`)
    : byHand(`stays at version ${info.version}; \`npm run deploy\` would bring ${version}`);
}

function planAdmin({ info, hasSetupKey }: PresentState): Outcome {
  if (info?.setupDone) {
    return done('this server has one');
  }

  const key = hasSetupKey ? 'replaces the secret SETUP_KEY' : 'sets the secret SETUP_KEY';

  return toDo(`${key} with a random one, and makes the admin with it`);
}

function planDomain({ domain, info }: PresentState): Outcome {
  if (info?.setupDone && !info.domains.includes(domain)) {
    return toDo(`adds it to those that are served: ${info.domains.join(', ')}`);
  }

  return info?.setupDone ? done('it is served') : toDo("comes with the first admin's address");
}
