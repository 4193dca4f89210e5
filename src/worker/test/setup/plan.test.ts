// The plan: which state leads to which steps.

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makePlan, workersDevSuggestion } from '../../setup/plan.ts';
import { type Consent, type PresentState, SCRIPT } from '../../setup/plan-types.ts';

const INFO = {
  name: 'Neko Mail',
  version: '1',
  domains: ['example.org'],
  setupDone: true,
} as const;
const OURS = { id: '1', name: 'example.org', content: 'route1.mx.cloudflare.net', priority: 1 };
const THEIRS = {
  id: '2',
  name: 'example.org',
  content: 'mx.cloudflare.net.evil.example',
  priority: 1,
};

/** Where everything is right. */
const RIGHT: PresentState = {
  domain: 'example.org',
  version: '1',
  zone: { id: 'z', name: 'example.org', active: true, accountId: 'a' },
  workersDev: { name: 'somebody', needed: true },
  bindings: ['DIRECTORY', 'MAILBOX'],
  info: { ...INFO, domains: [...INFO.domains] },
  hasSetupKey: true,
  domainMx: [OURS],
  zoneMx: [OURS],
  routingEnabled: true,
  catchAll: { enabled: true, action: 'worker', value: SCRIPT },
  sending: true,
};

function statesOf(change: Partial<PresentState>, ...consents: Consent[]) {
  const steps = makePlan({ ...RIGHT, ...change }, new Set(consents));

  return Object.fromEntries(steps.map(({ id, state }) => [id, state]));
}

describe('a plan', () => {
  it('has nothing to do where everything is right', () => {
    expect(new Set(Object.values(statesOf({})))).toEqual(new Set(['done']));
  });

  it.each<[string, Partial<PresentState>, Consent[], object]>([
    ['no Worker', { bindings: null, info: null }, [], { deploy: 'to do', admin: 'to do' }],
    ['a silent Worker', { info: null }, [], { deploy: 'to do', admin: 'to do' }],
    ['an old Worker', { version: '2' }, [], { deploy: 'by hand', admin: 'done' }],
    ['an old Worker, upgraded', { version: '2' }, ['upgrade'], { deploy: 'to do' }],
    ['no admin', { info: { ...INFO, domains: [], setupDone: false } }, [], { admin: 'to do' }],
    ['no name', { workersDev: { name: null, needed: true } }, [], { 'workers-dev': 'to do' }],
    ['a URL', { workersDev: { name: null, needed: false } }, [], { 'workers-dev': 'done' }],
    ['another domain', { info: { ...INFO, domains: ['a.example'] } }, [], { domain: 'to do' }],
    ['no sending', { sending: false }, [], { sending: 'to do' }],
    ['sending unknown', { sending: { problem: 'No.' } }, [], { sending: 'by hand' }],
    ['routing off', { routingEnabled: false }, [], { routing: 'to do', 'catch-all': 'done' }],
    ['no MX', { domainMx: [] }, [], { routing: 'to do' }],
    ['a foreign MX', { domainMx: [THEIRS] }, [], { routing: 'by hand' }],
    ['one of each', { domainMx: [OURS, THEIRS] }, [], { routing: 'by hand' }],
    ['one of each, taken', { domainMx: [OURS, THEIRS] }, ['take-over-mx'], { routing: 'to do' }],
    ['no rule', { catchAll: rule(false, 'drop', '') }, [], { 'catch-all': 'to do' }],
    ['ours, off', { catchAll: rule(false, 'worker', SCRIPT) }, [], { 'catch-all': 'to do' }],
    ['a drop', { catchAll: rule(true, 'drop', '') }, [], { 'catch-all': 'by hand' }],
    ['another Worker', { catchAll: rule(true, 'worker', 'x') }, [], { 'catch-all': 'by hand' }],
    [
      'another Worker, replaced',
      { catchAll: rule(true, 'worker', 'x') },
      ['replace-catch-all'],
      { 'catch-all': 'to do' },
    ],
  ])('for %s', (_name, change, consents, expected) => {
    expect(statesOf(change, ...consents)).toMatchObject(expected);
  });

  it('never touches the mail of a zone for one of its subdomains', () => {
    const change = { domain: 'mail.example.org', domainMx: [], zoneMx: [THEIRS] };

    expect(statesOf({ ...change, routingEnabled: false }, 'take-over-mx').routing).toBe('by hand');
    expect(statesOf({ ...change, routingEnabled: true }).routing).toBe('to do');
  });

  it('suggests a name that can be one', () => {
    expect(workersDevSuggestion('mail.example.org')).toBe('mail-example-org');
    expect(workersDevSuggestion(`${'a'.repeat(62)}.example`)).toBe('a'.repeat(62));
  });

  it('is for the Worker that wrangler deploys', async () => {
    const text = await readFile(new URL('../../wrangler.jsonc', import.meta.url), 'utf8');

    expect(text).toContain(`"name": "${SCRIPT}"`);
  });
});

function rule(enabled: boolean, action: string, value: string) {
  return { enabled, action, value };
}
