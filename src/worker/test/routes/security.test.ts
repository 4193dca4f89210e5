import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app';
import { mailboxApp } from '../../src/mailbox-app';
import {
  addUser,
  deliver,
  ids,
  PASSWORD,
  patch,
  post,
  put,
  remove,
  request,
  type SubmissionAnswer,
  setUp,
  signIn,
  submit,
  type User,
} from '../support/client';

type Who = 'anyone' | 'user' | 'admin';

interface Route {
  readonly method: string;
  /** As the application names it. */
  readonly pattern: string;
  readonly path: string;
  readonly body?: string;
  readonly who: Who;
  /** What those who may get. */
  readonly status: number;
}

const json = JSON.stringify;
const MESSAGE_PATTERN = '/v1/messages/:id';

/** Harmless requests, one for each route. */
const ROUTES: readonly Route[] = [
  route('GET', '/', 'anyone', 200),
  route('GET', '/robots.txt', 'anyone', 200),
  route('GET', '/favicon.ico', 'anyone', 204),
  route('GET', '/v1/info', 'anyone', 200),
  route('GET', '/v1/health', 'anyone', 204),
  route('POST', '/v1/setup', 'anyone', 403, {
    body: json({ setupKey: 'x', address: 'x@example.org', password: PASSWORD }),
  }),
  route('POST', '/v1/tokens', 'anyone', 401, {
    body: json({ address: 'x@example.org', password: 'wrong', device: 'x' }),
  }),
  route('GET', '/v1/me', 'user', 200),
  route('PATCH', '/v1/me', 'user', 200, { body: '{}' }),
  route('PUT', '/v1/me/password', 'user', 403, {
    body: json({ oldPassword: 'wrong', newPassword: PASSWORD }),
  }),
  route('GET', '/v1/tokens', 'user', 200),
  route('DELETE', '/v1/tokens/x', 'user', 404, { pattern: '/v1/tokens/:id' }),
  route('GET', '/v1/messages', 'user', 200),
  route('GET', '/v1/messages/x', 'user', 404, { pattern: MESSAGE_PATTERN }),
  route('POST', '/v1/messages/fetch', 'user', 200, { body: json({ ids: [] }) }),
  route('POST', '/v1/messages/delete', 'user', 200, { body: json({ ids: [] }) }),
  route('POST', '/v1/submissions', 'user', 400, { body: '{}' }),
  route('GET', '/v1/submissions/x', 'user', 404, { pattern: '/v1/submissions/:id' }),
  route('GET', '/v1/events', 'user', 400),
  route('GET', '/v1/export', 'user', 200),
  route('POST', '/v1/import', 'user', 400, { body: 'not an mbox' }),
  route('GET', '/v1/users', 'admin', 200),
  route('POST', '/v1/users', 'admin', 409, {
    body: json({ address: 'victim@example.org', password: PASSWORD }),
  }),
  route('GET', '/v1/users/victim@example.org', 'admin', 200, { pattern: '/v1/users/:address' }),
  route('PATCH', '/v1/users/victim@example.org', 'admin', 200, {
    pattern: '/v1/users/:address',
    body: '{}',
  }),
  route('DELETE', '/v1/users/nobody@example.org', 'admin', 404, { pattern: '/v1/users/:address' }),
  route('GET', '/v1/invites', 'admin', 200),
  route('POST', '/v1/invites', 'admin', 201, { body: '{}' }),
  route('DELETE', '/v1/invites/x', 'admin', 404, { pattern: '/v1/invites/:id' }),
  route('GET', '/v1/domains', 'admin', 200),
  route('PUT', '/v1/domains/example.org', 'admin', 204, {
    pattern: '/v1/domains/:name',
    body: '{}',
  }),
  route('DELETE', '/v1/domains/x.example', 'admin', 404, { pattern: '/v1/domains/:name' }),
  route('GET', '/v1/settings', 'admin', 200),
  route('PATCH', '/v1/settings', 'admin', 200, { body: json({ registration: 'closed' }) }),
  route('GET', '/v1/audit', 'admin', 200),
  route('GET', '/v1/diagnostics', 'admin', 404, { path: '/v1/diagnostics?domain=x.example' }),
];

function route(
  method: string,
  pattern: string,
  who: Who,
  status: number,
  more: { body?: string; pattern?: string; path?: string } = {},
): Route {
  return { method, pattern, path: pattern, who, status, ...more };
}

let admin: User;
const tokens: Record<string, string> = {};
const said: string[] = [];
const logs = (['debug', 'error', 'info', 'log', 'warn'] as const).map((level) =>
  vi.spyOn(console, level).mockImplementation((...words: unknown[]) => {
    said.push(words.map(String).join(' '));
  }),
);

beforeAll(async () => {
  admin = await setUp();
  const names = ['user', 'victim', 'disabled', 'revoked', 'deleted'];
  const users = new Map<string, User>();

  for (const name of names) {
    users.set(name, await addUser(admin, `${name}@example.org`));
  }

  const of = (name: string): User => users.get(name) ?? admin;
  const former = await addUser(admin, 'former@example.org', { role: 'admin' });
  const other = await signIn(of('revoked').address, 'another device');
  await remove(`/v1/tokens/${of('revoked').tokenId}`, other.token);
  await patch('/v1/users/disabled@example.org', { disabled: true }, admin.token);
  await patch('/v1/users/former@example.org', { disabled: true }, admin.token);
  await remove('/v1/users/deleted@example.org', admin.token);
  Object.assign(tokens, { admin: admin.token, 'disabled admin': former.token });

  for (const name of names) {
    tokens[name] = of(name).token;
  }
});

afterAll(() => {
  for (const spy of logs) {
    spy.mockRestore();
  }
});

async function call(target: Route, token?: string): Promise<{ response: Response; text: string }> {
  const { method, path, body } = target;
  const response = await request(path, {
    method,
    ...(token === undefined ? {} : { token }),
    ...(body === undefined ? {} : { body }),
    headers: {
      'CF-Connecting-IP': `2001:db8:${(calls++).toString(16)}::1`,
      Origin: 'https://evil.example',
    },
  });
  const text = await response.text();
  said.push(text);

  return { response, text };
}

let calls = 1;

/** Whose token is good for what: the table that all others follow from. */
function expected(target: Route, principal: string): number {
  if (target.who === 'anyone' || (target.who === 'user' && ['user', 'admin'].includes(principal))) {
    return target.status;
  }

  if (target.who === 'admin' && principal === 'admin') {
    return target.status;
  }

  // Without a token this is a registration, and registration is closed.
  if (principal === 'anonymous' && target.method === 'POST' && target.path === '/v1/users') {
    return 403;
  }

  return ['anonymous', 'revoked', 'deleted', 'made up'].includes(principal) ? 401 : 403;
}

const PRINCIPALS = [
  'anonymous',
  'made up',
  'user',
  'admin',
  'disabled',
  'disabled admin',
  'revoked',
  'deleted',
];

describe('every route', () => {
  it('is in the table', () => {
    const known = new Set(ROUTES.map(({ method, pattern }) => `${method} ${pattern}`));
    const there = [...app.routes, ...mailboxApp.routes]
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/(.)\/$/, '$1')}`);
    expect([...new Set(there)].filter((name) => !known.has(name)).sort()).toEqual(UNTABLED);
  });

  it.each(ROUTES.map((target) => [`${target.method} ${target.path}`, target] as const))(
    '%s lets in whom it should, and nobody else',
    async (_, target) => {
      for (const principal of PRINCIPALS) {
        const token =
          principal === 'anonymous'
            ? undefined
            : (tokens[principal] ?? `nm1.${'A'.repeat(22)}.${'A'.repeat(22)}.${'A'.repeat(43)}`);
        const { response } = await call(target, token);
        expect([principal, response.status]).toEqual([principal, expected(target, principal)]);
        expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
        expect(response.headers.get('Cache-Control')).toMatch(/no-store|no-cache/);
        expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
        expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
        expect(response.headers.get('Set-Cookie')).toBeNull();
      }
    },
  );

  it.each(
    ROUTES.filter(({ body }) => body !== undefined).map(
      (target) => [`${target.method} ${target.path}`, target] as const,
    ),
  )('%s survives JSON of any shape', async (_, target) => {
    const shapes = [
      '',
      'null',
      'true',
      '1e999',
      '"x"',
      '[]',
      '[[]]',
      '{"__proto__":{"role":"admin"}}',
      '{"address":{"toString":1},"ids":{"length":9},"password":[]}',
      '['.repeat(100_000),
      `{"ids":[${'null,'.repeat(2000)}null]}`,
      '\u0000',
      '{"address":"\ud800"}',
    ];

    for (const body of shapes) {
      const { response, text } = await call({ ...target, body }, tokens.admin);
      expect([body.slice(0, 40), response.status < 500]).toEqual([body.slice(0, 40), true]);
      expect(text).not.toMatch(/SQLITE|\.ts:\d|at \w+ \(/);
    }
  });

  it('answers no other origin, asked beforehand or not', async () => {
    const response = await request('/v1/messages', {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'GET' },
    });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
    expect([401, 404]).toContain(response.status);
  });
});

/** Routes of the applications that are no routes of the API. */
const UNTABLED: string[] = [];

describe('another user', () => {
  it('gets nothing of a message, a submission or a device, not even that it is there', async () => {
    await deliver('victim@example.org', 'From: a@b.org\r\n\r\nprivate\r\n');
    const victim = { address: 'victim@example.org', token: tokens.victim ?? '', tokenId: '' };
    const [id = ''] = await ids(victim);
    const raw = 'From: victim@example.org\r\n\r\nprivate too\r\n';
    const answer = await submit(victim, raw, ['ann@elsewhere.example']);
    const submission = (await answer.json<SubmissionAnswer>()).id;
    const devices = await (await request('/v1/tokens', { token: victim.token })).json<{
      tokens: { id: string }[];
    }>();

    for (const token of [tokens.user, tokens.admin]) {
      const as = { token: token ?? '' };
      expect((await request(`/v1/messages/${id}`, as)).status).toBe(404);
      expect((await request(`/v1/messages/${id}?lines=0`, as)).status).toBe(404);
      expect((await request(`/v1/submissions/${submission}`, as)).status).toBe(404);
      const device = devices.tokens[0]?.id ?? '';
      expect((await remove(`/v1/tokens/${device}`, as.token)).status).toBe(404);
      const fetched = await post('/v1/messages/fetch', { ids: [id, submission] }, as.token);
      const text = await fetched.text();
      expect(text.match(/"gone":true/g)).toHaveLength(2);
      expect(text).not.toContain('private');
      const deleted = await post('/v1/messages/delete', { ids: [id] }, as.token);
      expect(await deleted.json()).toEqual({ deleted: [], gone: [id] });
    }

    expect(await ids(victim)).toEqual([id]);
  });

  it('cannot use a part of a token with a part of another one', async () => {
    const [mine, theirs] = [tokens.user ?? '', tokens.victim ?? ''].map((token) =>
      token.split('.'),
    );

    for (let mask = 1; mask < 7; mask += 1) {
      const mixed = [1, 2, 3].map((part, bit) => ((mask >> bit) & 1 ? mine : theirs)?.[part]);
      const token = ['nm1', ...mixed].join('.');
      expect((await request('/v1/me', { token })).status).toBe(401);
    }
  });
});

describe('a deleted message', () => {
  it('is read by no way any more', async () => {
    await deliver('user@example.org', 'From: a@b.org\r\n\r\nshort-lived\r\n');
    const user = { address: 'user@example.org', token: tokens.user ?? '', tokenId: '' };
    const [id = ''] = await ids(user);
    await (await post('/v1/messages/delete', { ids: [id] }, user.token)).text();
    const as = { token: user.token };
    expect((await request(`/v1/messages/${id}`, as)).status).toBe(404);
    expect((await request(`/v1/messages/${id}?lines=9`, as)).status).toBe(404);
    const range = { ...as, headers: { Range: 'bytes=0-5' } };
    expect((await request(`/v1/messages/${id}`, range)).status).toBe(404);
    const fetched = await post('/v1/messages/fetch', { ids: [id] }, user.token);
    expect(await fetched.text()).toMatch(/^\{"id":"[^"]+","gone":true\}\n\{"end":true\}\n$/);
  });
});

describe('metacharacters', () => {
  const NASTY = [
    `'; DROP TABLE accounts; --`,
    `" OR "1"="1`,
    `x' UNION SELECT password_hash FROM accounts --`,
    '%_*?',
    '\\',
    '\u0000',
    '\r\nBcc: evil@example.net',
    '<script>alert(1)</script>',
    '../../v1/users',
    '{{7*7}}#{7*7}',
    '\u202eexe.cod',
    'ﬀ\u0130\u212a',
    'x'.repeat(3000),
  ];
  const victim = '/v1/users/victim@example.org';

  it.each(NASTY)('%j in any field is data or an error', async (nasty) => {
    const token = tokens.admin ?? '';
    const user = tokens.user ?? '';
    const path = encodeURIComponent(nasty);
    const at = `${nasty}@example.org`;
    const answers = await Promise.all([
      post('/v1/setup', { setupKey: nasty, address: at, password: PASSWORD, device: nasty }),
      post('/v1/tokens', { address: at, password: nasty, device: nasty }),
      post('/v1/tokens', { address: 'user@example.org', password: PASSWORD, device: nasty }),
      post('/v1/users', { address: at, password: nasty, invite: nasty }),
      post('/v1/users', { address: at, password: nasty }, token),
      post('/v1/invites', { note: nasty }, token),
      patch(victim, { aliases: [at], catchAll: [nasty], role: nasty }, token),
      patch(`/v1/users/${path}`, {}, token),
      remove(`/v1/users/${path}`, token),
      remove(`/v1/invites/${path}`, token),
      put(`/v1/domains/${path}`, {}, token),
      remove(`/v1/domains/${path}`, token),
      patch('/v1/settings', { registration: nasty }, token),
      request(`/v1/audit?before=${path}`, { token }),
      request(`/v1/diagnostics?domain=${path}`, { token }),
      patch('/v1/me', { forward: { address: at, keep: true }, retentionDays: nasty }, user),
      request(`/v1/messages?since=${path}&mailbox=${path}`, { token: user }),
      request(`/v1/messages/${path}`, { token: user }),
      request(`/v1/messages/${path}?lines=${path}`, { token: user }),
      post('/v1/messages/fetch', { ids: [nasty.slice(0, 70)] }, user),
      post('/v1/messages/delete', { ids: [nasty.slice(0, 70)] }, user),
      request(`/v1/submissions/${path}`, { token: user }),
      remove(`/v1/tokens/${path}`, user),
      submit({ address: at, token: user, tokenId: '' }, `From: ${at}\r\n\r\n`, [at], {
        envelope: { envid: nasty, ret: nasty },
      }),
    ]);

    for (const answer of answers) {
      const text = await answer.text();
      // A token is told to whoever signs in, and to nobody else.
      said.push(text.replace(/"token":"[^"]+"/, ''));
      expect([answer.url, answer.status < 500]).toEqual([answer.url, true]);
      expect(text).not.toMatch(/SQLITE|syntax error|\.ts:\d/);
    }
  });

  it('came back as what they were where they are text for people', async () => {
    const { invites } = await (await request('/v1/invites', { token: tokens.admin ?? '' })).json<{
      invites: { note: string }[];
    }>();
    expect(invites.map(({ note }) => note)).toContain(`'; DROP TABLE accounts; --`);
  });

  it('left every account and the audit trail as they were', async () => {
    const { users } = await (await request('/v1/users', { token: tokens.admin ?? '' })).json<{
      users: { address: string; role: string }[];
    }>();
    const admins = users.filter(({ role }) => role === 'admin').map(({ address }) => address);
    expect(admins).toEqual(['admin@example.org', 'former@example.org']);
    const tables = await runInDurableObject(
      env.DIRECTORY.getByName('directory'),
      (_, { storage }) => storage.sql.exec('SELECT count(*) AS count FROM audit').one(),
    );
    expect(tables.count).toBeGreaterThan(5);
  });
});

describe('what was said and logged in all of that', () => {
  it('holds no password, no token’s secret, no set-up key, no hash', () => {
    const everything = said.join('\n');
    expect(everything.length).toBeGreaterThan(10_000);
    const secrets = [
      PASSWORD,
      env.SETUP_KEY ?? 'missing',
      ...Object.values(tokens).map((token) => token.split('.')[3] ?? 'missing'),
      ...Object.values(tokens).map((token) => token.split('.')[1] ?? 'missing'),
    ];

    for (const secret of secrets) {
      expect(everything).not.toContain(secret);
    }

    expect(everything).not.toMatch(/pbkdf2|password_salt|password_scheme/);
  });
});
