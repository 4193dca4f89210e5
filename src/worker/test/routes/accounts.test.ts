import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/bytes';
import { ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_NETWORK, MAX_TOKENS } from '../../src/limits';
import { networkOf } from '../../src/storage/attempts';
import {
  addUser,
  mailboxOf,
  PASSWORD,
  post,
  problemOf,
  request,
  setUp,
  signIn,
  type User,
} from '../support/client';

let admin: User;
let bob: User;

beforeAll(async () => {
  admin = await setUp('Admin@Example.ORG');
  bob = await addUser(admin, 'bob@example.org');
});

describe('set-up', () => {
  const body = { setupKey: env.SETUP_KEY, address: 'eve@example.org', password: PASSWORD };

  it('happens once', async () => {
    const response = await post('/v1/setup', body);
    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({ code: 'conflict' });
  });

  it.each(['', 'wrong', `${env.SETUP_KEY} `])('refuses the key %j', async (setupKey) => {
    const response = await post('/v1/setup', { ...body, setupKey });
    expect(response.status).toBe(403);
    expect(await problemOf(response)).toMatchObject({ code: 'forbidden' });
  });

  it('gives a token that works, and an address in lower case', async () => {
    const me = await request('/v1/me', { token: admin.token });
    expect(await me.json()).toEqual({
      address: 'admin@example.org',
      aliases: [],
      catchAll: [],
      role: 'admin',
      disabled: false,
      messages: 0,
      size: 0,
      quota: 1024 ** 3,
      limits: { maxMessageSize: 25 * 1024 ** 2, maxRecipients: 50, dailyLimit: 500 },
      seq: 0,
      forward: null,
      forwardFailed: null,
      retentionDays: null,
      recipientsToday: 0,
    });
  });
});

describe('bodies', () => {
  it.each([
    ['not JSON', '{', undefined],
    ['nothing', '', undefined],
    ['another type', '[]', ''],
    ['no address', '{"password":"x","device":"y"}', 'address'],
    ['no mail address', '{"address":"bob","password":"x","device":"y"}', 'address'],
    ['a number for a text', '{"address":"a@b.org","password":1,"device":"y"}', 'password'],
    ['a device of two lines', '{"address":"a@b.org","password":"x","device":"y\\nz"}', 'device'],
  ])('%s: 400', async (_, body, field) => {
    const response = await request('/v1/tokens', { body });
    expect(response.status).toBe(400);
    const problem = await problemOf(response);
    expect(problem.code).toBe('invalid_request');
    expect(problem.field).toBe(field);
  });

  it('are bounded', async () => {
    const response = await request('/v1/tokens', { body: 'x'.repeat(200_000) });
    expect(response.status).toBe(413);
    expect(await problemOf(response)).toMatchObject({ code: 'too_large', limit: 131_072 });
  });
});

describe('signing in', () => {
  it('gives a token, its id and the account', async () => {
    const response = await post('/v1/tokens', {
      address: 'BOB@example.org',
      password: PASSWORD,
      device: 'a laptop',
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      token: expect.stringMatching(/^nm1\.[\w-]{22}\.[\w-]{22}\.[\w-]{43}$/),
      tokenId: expect.stringMatching(/^[0-9a-f]{16}$/),
      me: { address: 'bob@example.org', role: 'user' },
    });
  });

  it('answers the same for an unknown user and for a wrong password', async () => {
    const answers = await Promise.all(
      ['bob@example.org', 'nobody@example.org'].map(async (address) => {
        const response = await post('/v1/tokens', { address, password: 'wrong', device: 'x' });
        return [response.status, await response.text()];
      }),
    );
    expect(answers[0]?.[0]).toBe(401);
    expect(answers[0]).toEqual(answers[1]);
  });

  it('takes a password however its letters are composed', async () => {
    const password = 'un mot de pass\u00e9';
    await post('/v1/users', { address: 'nfc@example.org', password }, admin.token);
    const body = { address: 'nfc@example.org', password: password.normalize('NFD'), device: 'x' };
    expect((await post('/v1/tokens', body)).status).toBe(201);
  });

  it('stores no password and no secret', async () => {
    const secret = bob.token.split('.')[3] ?? '';
    const [accounts, tokens] = await Promise.all([
      runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) =>
        storage.sql.exec('SELECT * FROM accounts').toArray(),
      ),
      runInDurableObject(mailboxOf(bob), (_, { storage }) =>
        storage.sql.exec('SELECT * FROM tokens').toArray(),
      ),
    ]);
    const stored = JSON.stringify([accounts, tokens], (_, value) =>
      value instanceof ArrayBuffer ? String.fromCharCode(...new Uint8Array(value)) : value,
    );
    expect(accounts[0]?.password_scheme).toBe('pbkdf2-sha256:100000:6');
    expect(hex(accounts[0]?.password_salt)).not.toBe(hex(accounts[1]?.password_salt));
    expect(stored).not.toContain(PASSWORD);
    expect(stored).not.toContain(secret);
  });

  it('is refused for an account that is disabled, when the password is right', async () => {
    await addUser(admin, 'off@example.org');
    await disable('off@example.org');
    const body = { address: 'off@example.org', device: 'x' };
    expect((await post('/v1/tokens', { ...body, password: PASSWORD })).status).toBe(403);
    expect((await post('/v1/tokens', { ...body, password: 'wrong' })).status).toBe(401);
  });

  it('slows down guessing at one address, from everywhere', async () => {
    await addUser(admin, 'target@example.org');
    const guess = (index: number, password: string) =>
      request('/v1/tokens', {
        headers: { 'CF-Connecting-IP': `192.0.2.${index}` },
        body: JSON.stringify({ address: 'target@example.org', password, device: 'x' }),
      });
    const limit = ATTEMPTS_PER_ADDRESS;
    const codes = [];

    for (let index = 0; index < limit; index += 1) {
      codes.push((await guess(index, 'wrong')).status);
    }

    const next = await guess(limit, PASSWORD);
    expect(new Set(codes)).toEqual(new Set([401]));
    expect(next.status).toBe(429);
    expect(Number(next.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await problemOf(next)).toMatchObject({ code: 'rate_limited' });
  });

  it('slows down guessing from one network, at every address', async () => {
    const directory = env.DIRECTORY.getByName('directory');
    await runInDurableObject(directory, (_, { storage }) => {
      storage.sql.exec(
        "INSERT INTO attempts VALUES ('network 2001:db8:0:1', ?, ?)",
        ATTEMPTS_PER_NETWORK - 1,
        Date.now(),
      );
    });
    const guess = (network: string) =>
      request('/v1/tokens', {
        headers: { 'CF-Connecting-IP': network },
        body: JSON.stringify({
          address: `${crypto.randomUUID()}@example.org`,
          password: 'x',
          device: 'x',
        }),
      });
    expect((await guess('2001:db8:0:1::5')).status).toBe(401);
    expect((await guess('2001:db8:0:1:ffff::7')).status).toBe(429);
    expect((await guess('2001:db8:0:2::5')).status).toBe(401);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['', ''],
  ])('the network of %j is %j', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('stops at so many devices', async () => {
    const many = await addUser(admin, 'many@example.org');
    await runInDurableObject(mailboxOf(many), (_, { storage }) => {
      for (let index = 1; index < MAX_TOKENS; index += 1) {
        storage.sql.exec(
          "INSERT INTO tokens VALUES (?, ?, 'x', 0, 0, 0)",
          `h${index}`,
          `t${index}`,
        );
      }
    });
    const body = { address: 'many@example.org', password: PASSWORD, device: 'one more' };
    expect((await post('/v1/tokens', body)).status).toBe(409);
  });
});

describe('tokens', () => {
  it('are listed and revoked one by one, and only one’s own', async () => {
    const [first, second, stranger] = [
      await signIn(bob.address),
      await signIn(bob.address, 'two'),
      admin,
    ];
    const before = await (await request('/v1/tokens', { token: second.token })).json<{
      tokens: Record<string, unknown>[];
    }>();
    expect(before.tokens.find((token) => token.id === second.tokenId)).toEqual({
      id: second.tokenId,
      device: 'two',
      created: expect.any(Number),
      lastUsed: expect.any(Number),
      current: true,
    });

    const revoke = (user: User, id: string) =>
      request(`/v1/tokens/${id}`, { method: 'DELETE', token: user.token });
    expect((await revoke(stranger, first.tokenId)).status).toBe(404);
    expect((await revoke(second, first.tokenId)).status).toBe(204);
    expect((await revoke(second, first.tokenId)).status).toBe(404);
    expect((await request('/v1/me', { token: first.token })).status).toBe(401);
    expect((await request('/v1/me', { token: second.token })).status).toBe(200);
  });

  it('write their last use down, but not each time', async () => {
    const user = await signIn(bob.address, 'seldom');
    const lastUsed = () =>
      runInDurableObject(
        mailboxOf(user),
        (_, { storage }) =>
          storage.sql.exec('SELECT last_used FROM tokens WHERE id = ?', user.tokenId).one()
            .last_used,
      );
    await runInDurableObject(mailboxOf(user), (_, { storage }) => {
      storage.sql.exec('UPDATE tokens SET last_used = 5 WHERE id = ?', user.tokenId);
    });
    await request('/v1/me', { token: user.token });
    const first = await lastUsed();
    await request('/v1/me', { token: user.token });
    expect(first).toBeGreaterThan(5);
    expect(await lastUsed()).toBe(first);
  });

  it.each([
    ['/v1/me', 'GET'],
    ['/v1/tokens', 'GET'],
    ['/v1/tokens/x', 'DELETE'],
    ['/v1/users', 'GET'],
    ['/v1/users', 'POST'],
    ['/v1/messages', 'GET'],
    ['/v1/messages/x', 'GET'],
    ['/v1/messages/fetch', 'POST'],
    ['/v1/messages/delete', 'POST'],
    ['/v1/submissions', 'POST'],
    ['/v1/submissions/x', 'GET'],
    ['/v1/events', 'GET'],
  ])('%s %s wants one that is right in every part', async (path, method) => {
    const [version, mailbox = '', mac, secret = ''] = bob.token.split('.');
    const other = admin.token.split('.');
    const wrong = [
      '',
      'x',
      `nm2.${mailbox}.${mac}.${secret}`,
      [version, mailbox, mac, other[3]].join('.'),
      [version, mailbox, other[2], secret].join('.'),
      [version, other[1], other[2], secret].join('.'),
      [version, 'A'.repeat(22), mac, secret].join('.'),
      `${bob.token}x`,
    ];

    for (const token of wrong) {
      const response = await request(path, { method, token });
      expect(response.status).toBe(401);
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
      expect(await problemOf(response)).toMatchObject({ code: 'unauthorized' });
    }

    const basic = await exports.default.fetch(`https://mail.example.org${path}`, {
      method,
      headers: { Authorization: `Basic ${btoa(bob.token)}` },
    });
    expect(basic.status).toBe(401);
  });
});

describe('users', () => {
  it('are made and listed by an admin, without what is secret', async () => {
    const body = { address: 'Carol@Example.org', password: PASSWORD, quota: 1000 };
    const made = await post('/v1/users', body, admin.token);
    expect(made.status).toBe(201);
    const carol = {
      address: 'carol@example.org',
      aliases: [],
      catchAll: [],
      role: 'user',
      disabled: false,
      quota: 1000,
      dailyLimit: 500,
      messages: 0,
      size: 0,
      created: expect.any(Number),
      lastReceived: null,
      fullSince: null,
      forward: null,
      forwardFailed: null,
    };
    expect(await made.json()).toEqual(carol);

    const listed = await (await request('/v1/users', { token: admin.token })).json<{
      users: { address: string }[];
    }>();
    expect(listed.users.find((user) => user.address === carol.address)).toEqual(carol);
    expect(listed.users[0]?.address).toBe('admin@example.org');
  });

  it('are nobody else’s business', async () => {
    const body = { address: 'dave@example.org', password: PASSWORD };
    expect((await request('/v1/users', { token: bob.token })).status).toBe(403);
    expect((await post('/v1/users', body, bob.token)).status).toBe(403);
  });

  it('have one account an address, even when it is asked for twice at once', async () => {
    const body = { address: 'twice@example.org', password: PASSWORD };
    const answers = await Promise.all([1, 2].map(() => post('/v1/users', body, admin.token)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
  });

  it('live in a domain that is served', async () => {
    const body = { address: 'bob@gmail.example', password: PASSWORD };
    const response = await post('/v1/users', body, admin.token);
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({ code: 'rejected', field: 'address' });
  });

  it.each([
    [{ address: 'x@example.org', password: 'short' }, 'password'],
    [{ address: 'x', password: PASSWORD }, 'address'],
    [{ address: 'x@example.org', password: PASSWORD, role: 'god' }, 'role'],
    [{ address: 'x@example.org', password: PASSWORD, quota: -1 }, 'quota'],
    [{ address: 'x@example.org', password: PASSWORD, quota: '9' }, 'quota'],
  ])('%j: 400', async (body, field) => {
    const response = await post('/v1/users', body, admin.token);
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ code: 'invalid_request', field });
  });

  it('lose what an admin may do at once when they are disabled', async () => {
    const second = await addUser(admin, 'second@example.org', { role: 'admin' });
    expect((await request('/v1/users', { token: second.token })).status).toBe(200);
    await disable('second@example.org');
    expect((await request('/v1/users', { token: second.token })).status).toBe(403);
  });
});

function hex(value: unknown): string {
  return value instanceof ArrayBuffer ? toHex(value) : '';
}

async function disable(address: string): Promise<void> {
  await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) => {
    storage.sql.exec('UPDATE accounts SET disabled = 1 WHERE address = ?', address);
  });
}
