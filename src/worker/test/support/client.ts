// What the tests do all the time: accounts, requests, submissions, inbound mail.

import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { toHex } from '../../src/bytes';
import type { Mailbox } from '../../src/storage/mailbox';
import worker from './worker';

export const PASSWORD = 'correct horse battery staple';

export interface User {
  readonly address: string;
  readonly token: string;
  readonly tokenId: string;
}

export interface Frame {
  readonly line: Record<string, unknown>;
  readonly body: string;
}

export interface SubmissionAnswer {
  readonly id: string;
  readonly accepted: number;
  readonly recipients: readonly {
    readonly address: string;
    readonly status: string;
    readonly code: string | null;
    readonly reason: string | null;
  }[];
}

export async function request(
  path: string,
  init: { token?: string; method?: string; body?: BodyInit; headers?: HeadersInit } = {},
): Promise<Response> {
  const headers = new Headers(init.headers);

  if (init.token !== undefined) {
    headers.set('Authorization', `Bearer ${init.token}`);
  }

  return exports.default.fetch(`https://mail.example.org${path}`, {
    method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
    headers,
    ...(init.body === undefined ? {} : { body: init.body }),
  });
}

export async function post(path: string, body: unknown, token?: string): Promise<Response> {
  return request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    ...(token === undefined ? {} : { token }),
  });
}

export async function patch(path: string, body: unknown, token: string): Promise<Response> {
  return request(path, { method: 'PATCH', body: JSON.stringify(body), token });
}

export async function put(path: string, body: unknown, token: string): Promise<Response> {
  return request(path, { method: 'PUT', body: JSON.stringify(body ?? {}), token });
}

export async function remove(path: string, token: string): Promise<Response> {
  return request(path, { method: 'DELETE', token });
}

/** Makes the first admin; every test file starts with empty storage. */
export async function setUp(address = 'admin@example.org'): Promise<User> {
  const setupKey = env.SETUP_KEY;
  const response = await post('/v1/setup', { setupKey, address, password: PASSWORD });

  return { address, ...(await response.json<{ token: string; tokenId: string }>()) };
}

export async function addUser(admin: User, address: string, more: object = {}): Promise<User> {
  await post('/v1/users', { address, password: PASSWORD, ...more }, admin.token);

  return signIn(address);
}

let users = 0;

/** Another user each time, for a test that wants a mailbox of its own. */
export async function anotherUser(admin: User, more: object = {}): Promise<User> {
  users += 1;

  return addUser(admin, `user${users}@example.org`, more);
}

export async function logIn(
  address: string,
  password = PASSWORD,
  device = 'a test',
): Promise<Response> {
  return post('/v1/tokens', { address, password, device });
}

export async function signIn(address: string, device = 'a test'): Promise<User> {
  const response = await logIn(address, PASSWORD, device);

  return { address, ...(await response.json<{ token: string; tokenId: string }>()) };
}

/** The object behind a user's token. */
export function mailboxOf(user: User): DurableObjectStub<Mailbox> {
  return env.MAILBOX.getByName(user.token.split('.')[1] ?? '');
}

/** Asks or changes what a user's mailbox has in its tables. */
export async function sql(
  user: User,
  statement: string,
  ...values: (string | number)[]
): Promise<Record<string, SqlStorageValue>[]> {
  return runInDurableObject(mailboxOf(user), (_, { storage }) =>
    storage.sql.exec(statement, ...values).toArray(),
  );
}

export async function problemOf(response: Response): Promise<Record<string, unknown>> {
  return (await response.json<{ error: Record<string, unknown> }>()).error;
}

/** Reads a framed answer as a client does; throws where it stops before its end line. */
export async function frames(response: Response): Promise<Frame[]> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const found: Frame[] = [];

  for (let offset = 0; offset < bytes.length; ) {
    const feed = bytes.indexOf(10, offset);
    const line = JSON.parse(latin1(bytes.subarray(offset, feed)));
    const end = feed + 1 + Number(line.size ?? 0);
    found.push({ line, body: latin1(bytes.subarray(feed + 1, end)) });
    offset = end;
  }

  if (found.at(-1)?.line.end !== true) {
    throw new Error('the stream was cut');
  }

  return found;
}

export async function list(user: User, query = ''): Promise<Record<string, unknown>[]> {
  const response = await request(`/v1/messages${query}`, { token: user.token });

  return (await frames(response)).map((frame) => frame.line);
}

/** The ids of a listing, deleted ones left out. */
export async function ids(user: User, query = ''): Promise<string[]> {
  const lines = await list(user, query);

  return lines.filter((line) => line.id && !line.deleted).map((line) => String(line.id));
}

export async function read(user: User, id: string): Promise<string> {
  const response = await request(`/v1/messages/${id}`, { token: user.token });

  return latin1(new Uint8Array(await response.arrayBuffer()));
}

export async function deliver(
  to: string,
  raw: BodyInit,
  more: {
    from?: string;
    rawSize?: number;
    headers?: HeadersInit;
    /** Stands for the platform's forwarding: it may throw. */
    forward?: (to: string, headers: Headers) => void;
  } = {},
): Promise<string | null> {
  const { from = 'somebody@elsewhere.example', rawSize } = more;
  const body = new Response(raw);
  const bytes = body.clone();
  let reason: string | null = null;

  await worker.email(
    {
      from,
      to,
      headers: new Headers(more.headers),
      raw: body.body ?? new Blob([]).stream(),
      rawSize: rawSize ?? (await bytes.arrayBuffer()).byteLength,
      canBeForwarded: false,
      setReject: (text: string) => {
        reason = text;
      },
      forward: async (to, headers) => {
        (more.forward ?? notHere)(to, headers ?? new Headers());

        return { messageId: '<forwarded@test>' };
      },
      reply: async () => notHere(),
    },
    env,
  );

  return reason;
}

export async function submit(
  user: User,
  raw: string | Uint8Array<ArrayBuffer>,
  recipients: readonly (string | Record<string, string>)[],
  more: { key?: string; envelope?: object } = {},
): Promise<Response> {
  const body = typeof raw === 'string' ? new TextEncoder().encode(raw) : raw;
  const envelope = {
    from: user.address,
    recipients: recipients.map((recipient) =>
      typeof recipient === 'string' ? { address: recipient } : recipient,
    ),
    size: body.length,
    sha256: toHex(await crypto.subtle.digest('SHA-256', body)),
    ...more.envelope,
  };

  return request('/v1/submissions', {
    token: user.token,
    headers: { 'Idempotency-Key': more.key ?? crypto.randomUUID() },
    body: new Blob([`${JSON.stringify(envelope)}\n`, body]),
  });
}

export function latin1(bytes: Uint8Array): string {
  let text = '';

  for (let offset = 0; offset < bytes.length; offset += 8192) {
    text += String.fromCharCode(...bytes.subarray(offset, offset + 8192));
  }

  return text;
}

function notHere(): never {
  throw new Error('this Worker does not do that');
}
