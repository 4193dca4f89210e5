// What a plan is made of: the state that was found, and the steps that lead on from it.

import type { Zone } from './cloudflare.ts';
import type { CatchAll, MxRecord } from './cloudflare-mail.ts';
import type { Info } from './worker-client.ts';

export const SCRIPT = 'neko-mail';

export interface PresentState {
  readonly domain: string;
  /** The version that would be deployed. */
  readonly version: string;
  readonly zone: Zone;
  /** The account's name below workers.dev; not asked for where the Worker has a URL of its own. */
  readonly workersDev: { readonly name: string | null; readonly needed: boolean };
  /** Null where there is no Worker of that name. */
  readonly bindings: readonly string[] | null;
  readonly info: Info | null;
  readonly hasSetupKey: boolean;
  readonly domainMx: readonly MxRecord[];
  readonly zoneMx: readonly MxRecord[];
  readonly routingEnabled: boolean;
  readonly catchAll: CatchAll;
  /** A text says why it could not be found out. */
  readonly sending: boolean | { readonly problem: string };
}

export type StepId =
  | 'workers-dev'
  | 'deploy'
  | 'admin'
  | 'domain'
  | 'sending'
  | 'routing'
  | 'catch-all';
export type Consent = 'upgrade' | 'take-over-mx' | 'replace-catch-all';

export interface Step {
  readonly id: StepId;
  readonly title: string;
  readonly state: 'done' | 'to do' | 'by hand';
  /** What it changes, what is there already, or what a person has to do. */
  readonly text: string;
}

export type Outcome = Pick<Step, 'state' | 'text'>;

export const done = (text: string): Outcome => ({ state: 'done', text });
export const toDo = (text: string): Outcome => ({ state: 'to do', text });
export const byHand = (text: string): Outcome => ({ state: 'by hand', text });
