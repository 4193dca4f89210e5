// Stands for the deployed Worker: answers as Neko Mail does, once the fake wrangler has deployed it.

import type { IncomingMessage } from 'node:http';
import { VERSION } from '../../../src/version.ts';
import type { CloudflareState } from './cloudflare-double.ts';
import { type Answer, listen } from './listen.ts';

export class WorkerState {
  version = VERSION;
  /** The address and the password of the one admin. */
  admin: { address: string; password: string } | null = null;
  domains: string[] = [];
  readonly tokens = new Set<string>();
  /** How many requests fail before the address works. */
  silentFor = 0;
  diagnosticsStatus = 200;
  checks = [
    { check: 'mx', domain: 'example.org', ok: true, finding: 'points here', remedy: null },
    {
      check: 'dkim',
      domain: 'example.org',
      ok: false,
      finding: 'not there',
      remedy: 'Wait an hour',
    },
  ] as object[];
  readonly calls: string[] = [];
}

export async function startWorker(cloudflare: CloudflareState, state = new WorkerState()) {
  const server = await listen(async (request, text) => {
    if (cloudflare.bindings === null || state.silentFor > 0) {
      state.silentFor -= 1;
      return { status: 404, json: {} };
    }

    state.calls.push(`${request.method} ${request.url}`);

    return answer(cloudflare, state, request, text === '' ? {} : JSON.parse(text));
  });

  return { ...server, state };
}

function answer(
  cloudflare: CloudflareState,
  state: WorkerState,
  request: IncomingMessage,
  body: { [name: string]: string },
): Answer {
  const token = (request.headers.authorization ?? '').replace('Bearer ', '');
  const [, , resource = '', name = ''] = (request.url ?? '').split('/');

  switch (`${request.method} ${resource}`) {
    case 'GET info':
      return { status: 200, json: info(state) };
    case 'POST setup':
      return setUp(cloudflare, state, body);
    case 'POST tokens':
      return signIn(state, body);
  }

  if (!state.tokens.has(token)) {
    return problem(401, 'unauthorized');
  }

  switch (`${request.method} ${resource}`) {
    case 'DELETE tokens':
      state.tokens.delete(name.replace('id-of-', ''));
      return { status: 204 };
    case 'PUT domains':
      state.domains.push(name);
      return { status: 204 };
    case 'GET diagnostics':
      return { status: state.diagnosticsStatus, json: { checks: state.checks } };
    default:
      return problem(404, 'not_found');
  }
}

function info({ version, domains, admin }: WorkerState) {
  return {
    name: 'Neko Mail',
    version,
    domains,
    registration: 'closed',
    setupDone: admin !== null,
  };
}

function setUp(cloudflare: CloudflareState, state: WorkerState, body: { [name: string]: string }) {
  if (state.admin !== null) {
    return problem(409, 'conflict');
  }

  if (body.setupKey !== cloudflare.secrets.get('SETUP_KEY')) {
    return problem(403, 'forbidden');
  }

  state.admin = { address: body.address ?? '', password: body.password ?? '' };
  state.domains = [body.address?.split('@')[1] ?? ''];

  return newToken(state);
}

function signIn(state: WorkerState, body: { [name: string]: string }): Answer {
  const { admin } = state;

  return body.address === admin?.address && body.password === admin?.password
    ? newToken(state)
    : problem(401, 'unauthorized');
}

function newToken(state: WorkerState): Answer {
  const token = `nm1-secret-${state.calls.length}`;
  state.tokens.add(token);

  return { status: 201, json: { token, tokenId: `id-of-${token}`, me: {} } };
}

function problem(status: number, code: string): Answer {
  return { status, json: { error: { code, message: `The double says ${code}` } } };
}
