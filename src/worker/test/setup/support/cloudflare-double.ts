// Stands for Cloudflare's API: a real HTTP server on the loopback interface that keeps state and records every write.

import type { IncomingMessage } from 'node:http';
import { listen } from './listen.ts';

export const TOKEN = 'a-token-of-the-api-that-nobody-may-see';
export const ZONE_ID = '0123456789abcdef0123456789abcdef';
const ACCOUNT_ID = 'fedcba9876543210fedcba9876543210';

export interface Record {
  id: string;
  type: string;
  name: string;
  content: string;
  priority: number;
}

/** A test changes what it is about; the rest is a fresh account. */
export class CloudflareState {
  zone = { name: 'example.org', status: 'active' };
  tokenKind: 'user' | 'account' = 'user';
  workersDev: string | null = 'somebody';
  bindings: string[] | null = null;
  secrets = new Map<string, string>();
  records: Record[] = [];
  routing = false;
  catchAll = { enabled: false, actions: [{ type: 'drop', value: [] as string[] }] };
  sending = new Set<string>();
  /** Paths for which the token has no permission. */
  forbidden: RegExp | null = null;
  /** Writes that fail with an error of Cloudflare's. */
  broken: RegExp | null = null;
  readonly writes: string[] = [];
  requests = 0;

  addMx(name: string, content: string): void {
    const id = `record-${this.records.length}-${content}`;
    this.records.push({ id, type: 'MX', name, content, priority: 10 });
  }
}

interface Call {
  readonly state: CloudflareState;
  readonly params: string[];
  readonly query: URLSearchParams;
  readonly body: { [name: string]: unknown };
}

type Handler = (call: Call) => unknown;

/** What a handler throws becomes an answer in Cloudflare's envelope. */
class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const notFound = (): never => {
  throw new Refusal(404, 10007, 'This does not exist');
};

const verify = (kind: CloudflareState['tokenKind']) => (call: Call) => {
  if (call.state.tokenKind !== kind) {
    throw new Refusal(401, 1000, 'Invalid API Token');
  }

  return { id: 'token', status: 'active' };
};

const ROUTES: [string, RegExp, Handler][] = [
  ['GET', /^\/user\/tokens\/verify$/, verify('user')],
  ['GET', /^\/accounts\/\w+\/tokens\/verify$/, verify('account')],
  ['GET', /^\/zones$/, zones],
  ['GET', /^\/accounts\/\w+\/workers\/subdomain$/, workersDev],
  ['PUT', /^\/accounts\/\w+\/workers\/subdomain$/, chooseWorkersDev],
  ['GET', /^\/accounts\/\w+\/workers\/scripts\/neko-mail\/settings$/, settings],
  ['GET', /^\/accounts\/\w+\/workers\/scripts\/neko-mail\/secrets$/, secrets],
  ['PUT', /^\/accounts\/\w+\/workers\/scripts\/neko-mail\/secrets$/, putSecret],
  ['GET', /^\/zones\/\w+\/dns_records$/, records],
  ['POST', /^\/zones\/\w+\/dns_records$/, addRecord],
  ['DELETE', /^\/zones\/\w+\/dns_records\/(.+)$/, removeRecord],
  ['GET', /^\/zones\/\w+\/email\/routing$/, routing],
  ['POST', /^\/zones\/\w+\/email\/routing\/dns$/, enableRouting],
  ['GET', /^\/zones\/\w+\/email\/routing\/rules\/catch_all$/, ({ state }) => state.catchAll],
  ['PUT', /^\/zones\/\w+\/email\/routing\/rules\/catch_all$/, putCatchAll],
  ['GET', /^\/zones\/\w+\/email\/sending\/subdomains$/, sendingDomains],
  ['POST', /^\/zones\/\w+\/email\/sending\/subdomains$/, addSendingDomain],
];

export async function startCloudflare(state = new CloudflareState()) {
  const server = await listen(async (request, text) => {
    state.requests += 1;

    try {
      return { status: 200, json: envelope(answer(state, request, text), []) };
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }

      const { status, code, message } = error;
      return { status, json: envelope(null, [{ code, message }]) };
    }
  });

  return { ...server, state };
}

function envelope(result: unknown, errors: object[]) {
  const paging = Array.isArray(result) ? { result_info: { page: 1, count: result.length } } : {};

  return { success: errors.length === 0, errors, messages: [], result, ...paging };
}

function answer(state: CloudflareState, request: IncomingMessage, text: string): unknown {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const method = request.method ?? '';

  if (request.headers.authorization !== `Bearer ${TOKEN}`) {
    throw new Refusal(403, 9109, 'Invalid access token');
  }

  if (state.forbidden?.test(`${method} ${pathname}`)) {
    throw new Refusal(403, 10000, 'Authentication error');
  }

  for (const [verb, pattern, handle] of ROUTES) {
    const found = verb === method ? pattern.exec(pathname) : null;

    if (found !== null) {
      noteWrite(state, method, pathname);
      const body = text === '' ? {} : JSON.parse(text);
      return handle({ state, params: found.slice(1), query: searchParams, body });
    }
  }

  throw new Refusal(404, 7000, `No route for ${method} ${pathname}`);
}

function noteWrite(state: CloudflareState, method: string, pathname: string): void {
  const write = `${method} ${pathname.replace(/\/[0-9a-f]{32}/, '')}`;

  if (method === 'GET') {
    return;
  }

  if (state.broken?.test(write)) {
    throw new Refusal(409, 1234, 'Something is in the way');
  }

  state.writes.push(write);
}

function zones({ state, query }: Call) {
  const { name, status } = state.zone;
  const account = { id: ACCOUNT_ID, name: "Somebody's account" };

  return query.get('name') === name ? [{ id: ZONE_ID, name, status, account }] : [];
}

function workersDev({ state }: Call) {
  return state.workersDev === null ? notFound() : { subdomain: state.workersDev };
}

function chooseWorkersDev({ state, body }: Call) {
  state.workersDev = String(body.subdomain);

  return { subdomain: state.workersDev };
}

function settings({ state }: Call) {
  return state.bindings === null
    ? notFound()
    : { bindings: state.bindings.map((name) => ({ name, type: 'durable_object_namespace' })) };
}

function secrets({ state }: Call) {
  return [...state.secrets.keys()].map((name) => ({ name, type: 'secret_text' }));
}

function putSecret({ state, body }: Call) {
  state.secrets.set(String(body.name), String(body.text));

  return { name: body.name, type: 'secret_text' };
}

function records({ state, query }: Call) {
  const name = query.get('name.exact');

  return state.records.filter(
    ({ type, ...record }) => type === query.get('type') && record.name === name,
  );
}

function addRecord({ state, body }: Call) {
  state.addMx(String(body.name), String(body.content));

  return state.records.at(-1);
}

function removeRecord({ state, params }: Call) {
  state.records = state.records.filter(({ id }) => id !== decodeURIComponent(params[0] ?? ''));

  return { id: params[0] };
}

function routing({ state }: Call) {
  return { id: 'routing', name: state.zone.name, enabled: state.routing };
}

function enableRouting(call: Call) {
  call.state.routing = true;
  call.state.addMx(String(call.body.name ?? call.state.zone.name), 'route1.mx.cloudflare.net');

  return routing(call);
}

function putCatchAll({ state, body }: Call) {
  state.catchAll = body as unknown as CloudflareState['catchAll'];

  return state.catchAll;
}

function sendingDomains({ state }: Call) {
  return [...state.sending].map((name) => ({ name, tag: name, enabled: true }));
}

function addSendingDomain({ state, body }: Call) {
  state.sending.add(String(body.name));

  return { name: body.name, tag: body.name, enabled: true };
}
