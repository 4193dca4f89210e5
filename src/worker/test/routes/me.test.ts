import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ATTEMPTS_PER_ADDRESS, DAY } from '../../src/limits';
import { hashPassword, isOutdated, verifyPassword } from '../../src/storage/password';
import {
  anotherUser,
  deliver,
  ids,
  list,
  logIn,
  mailboxOf,
  PASSWORD,
  patch,
  post,
  problemOf,
  put,
  request,
  setUp,
  signIn,
  sql,
  submit,
  type User,
} from '../support/client';
import { listen } from '../support/listener';

const FRESH = 'a fresh one, long enough';

let admin: User;

beforeAll(async () => {
  admin = await setUp();
});

const newUser = (more: object = {}): Promise<User> => anotherUser(admin, more);

async function me(user: User): Promise<Record<string, unknown>> {
  return (await request('/v1/me', { token: user.token })).json();
}

describe('changing the password', () => {
  const change = (user: User, oldPassword: string, newPassword: string) =>
    put('/v1/me/password', { oldPassword, newPassword }, user.token);

  it('revokes every other token and its WebSocket, and keeps the one that asked', async () => {
    const user = await newUser();
    const other = await signIn(user.address, 'lost in a train');
    const [mine, theirs] = [await listen(user), await listen(other)];
    expect((await change(user, PASSWORD, FRESH)).status).toBe(204);
    expect(await theirs.closed).toBe(4001);
    expect((await request('/v1/me', { token: other.token })).status).toBe(401);
    expect((await request('/v1/me', { token: user.token })).status).toBe(200);
    await deliver(user.address, 'still here');
    await mine.next();
    expect(await mine.next()).toMatchObject({ type: 'changed' });
    expect((await logIn(user.address)).status).toBe(401);
    const next = await logIn(user.address, FRESH);
    expect(next.status).toBe(201);

    // The token that was kept once ends with the next change, made by another one.
    const { token } = await next.json<{ token: string }>();
    expect((await change({ ...user, token }, FRESH, PASSWORD)).status).toBe(204);
    expect((await request('/v1/me', { token: user.token })).status).toBe(401);
  });

  it('wants the old one, and a good new one', async () => {
    const user = await newUser();
    const wrong = await change(user, 'not it', FRESH);
    expect(wrong.status).toBe(403);
    expect(await problemOf(wrong)).toMatchObject({ code: 'forbidden', field: 'oldPassword' });
    expect((await change(user, PASSWORD, 'short')).status).toBe(400);
    expect((await request('/v1/me', { token: user.token })).status).toBe(200);
  });

  it('is no way to guess the old one', async () => {
    const user = await newUser();
    const statuses = [];

    for (let index = 0; index <= ATTEMPTS_PER_ADDRESS; index += 1) {
      statuses.push((await change(user, `guess ${index}`, FRESH)).status);
    }

    expect(statuses.at(0)).toBe(403);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('a stored password', () => {
  it('with old parameters is raised at the next log-in', async () => {
    const user = await newUser();
    const directory = env.DIRECTORY.getByName('directory');
    const row = (statement: string, ...values: (string | ArrayBuffer)[]) =>
      runInDurableObject(directory, (_, { storage }) =>
        storage.sql.exec(statement, ...values).toArray(),
      );
    const salt = new ArrayBuffer(16);
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(PASSWORD),
      'PBKDF2',
      false,
      ['deriveBits'],
    );
    const old = await crypto.subtle.deriveBits(
      { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 1000 },
      key,
      256,
    );
    await row(
      'UPDATE accounts SET password_hash = ?, password_salt = ?, password_scheme = ? WHERE address = ?',
      old,
      salt,
      'pbkdf2-sha256:1000:1',
      user.address,
    );
    const scheme = async () =>
      (
        await row('SELECT password_scheme AS scheme FROM accounts WHERE address = ?', user.address)
      )[0]?.scheme;
    expect((await logIn(user.address, 'wrong')).status).toBe(401);
    expect(await scheme()).toBe('pbkdf2-sha256:1000:1');
    expect((await logIn(user.address)).status).toBe(201);
    expect(await scheme()).toBe('pbkdf2-sha256:100000:6');
    expect((await logIn(user.address)).status).toBe(201);
    expect((await request('/v1/me', { token: user.token })).status).toBe(200);
  });

  it('is a hash with its own salt, and knows whether it is of today', async () => {
    const stored = await hashPassword('one');
    expect(await verifyPassword('one', stored)).toBe(true);
    expect(await verifyPassword('two', stored)).toBe(false);
    expect(isOutdated(stored)).toBe(false);
    expect(isOutdated({ ...stored, scheme: 'pbkdf2-sha256:100000:5' })).toBe(true);
    await expect(verifyPassword('one', { ...stored, scheme: 'md5' })).rejects.toThrow('unknown');
  });
});

describe('a forward', () => {
  const TO = 'me@elsewhere.example';
  const forward = (user: User, keep: boolean) =>
    patch('/v1/me', { forward: { address: TO, keep } }, user.token);

  it('keeps the message here too, or instead', async () => {
    const user = await newUser();
    const sent: string[] = [];
    const more = { forward: (to: string) => sent.push(to) };
    expect(await (await forward(user, true)).json()).toMatchObject({
      forward: { address: TO, keep: true },
    });
    await deliver(user.address, 'one', more);
    expect([sent, await ids(user)]).toEqual([[TO], [expect.any(String)]]);
    await forward(user, false);
    await deliver(user.address, 'two', more);
    expect(sent).toEqual([TO, TO]);
    expect(await ids(user)).toHaveLength(1);
    await patch('/v1/me', { forward: null }, user.token);
    await deliver(user.address, 'three', more);
    expect(sent).toHaveLength(2);
    expect(await ids(user)).toHaveLength(2);
  });

  it.each([true, false])('that fails loses nothing, and shows (kept: %j)', async (keep) => {
    const user = await newUser();
    await forward(user, keep);
    const failing = () => {
      throw new Error('destination address not verified');
    };
    expect(await deliver(user.address, 'one', { forward: failing })).toBeNull();
    expect(await ids(user)).toHaveLength(1);
    expect((await me(user)).forwardFailed).toEqual(expect.any(Number));
    await deliver(user.address, 'two', { forward: () => {} });
    expect((await me(user)).forwardFailed).toBeNull();
  });

  it('is made once for a message that comes twice, and where it came back not at all', async () => {
    const user = await newUser();
    const sent: Headers[] = [];
    const more = { forward: (_: string, headers: Headers) => sent.push(headers) };
    await forward(user, true);
    await deliver(user.address, 'one', more);
    await deliver(user.address, 'one', more);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.get('X-Loop')).toBe(user.address);
    await forward(user, false);
    await deliver(user.address, 'X-Loop: x\r\n\r\none', {
      ...more,
      headers: [
        ['X-Loop', 'another@server.example'],
        ['X-Loop', user.address.toUpperCase()],
      ],
    });
    expect(sent).toHaveLength(1);
    expect(await ids(user)).toHaveLength(2);
  });

  it('takes along what users of this server write', async () => {
    const [user, friend] = [await newUser(), await newUser()];
    await forward(user, false);
    const raw = `From: ${friend.address}\r\nSubject: x\r\n\r\nhi\r\n`;
    const answer = await submit(friend, raw, [user.address]);
    expect(await answer.json()).toMatchObject({ recipients: [{ status: 'sent' }] });
    expect(await ids(user)).toEqual([]);
    await forward(user, true);
    const kept = await submit(friend, `${raw}2`, [user.address]);
    expect(await kept.json()).toMatchObject({ recipients: [{ status: 'delivered' }] });
    expect(await ids(user)).toHaveLength(1);
  });

  it('leads elsewhere, or it would go in circles', async () => {
    const user = await newUser();
    const body = { forward: { address: 'admin@example.org', keep: true } };
    const response = await patch('/v1/me', body, user.token);
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({ field: 'forward.address' });
  });

  it.each([
    [{ forward: { address: 'x', keep: true } }],
    [{ forward: { address: TO } }],
    [{ forward: TO }],
    [{ retentionDays: 0 }],
    [{ retentionDays: 1.5 }],
    [{ retentionDays: 99_999 }],
    [{ quota: 1 }],
    [{ role: 'admin' }],
  ])('%j: 400', async (body) => {
    expect((await patch('/v1/me', body, admin.token)).status).toBe(400);
  });
});

describe('retention', () => {
  it('is off by default; on, it deletes what came in before so many days, and leaves tombstones', async () => {
    const user = await newUser();
    expect((await me(user)).retentionDays).toBeNull();
    await deliver(user.address, 'old');
    await deliver(user.address, 'new');
    const [old = '', fresh = ''] = await ids(user);
    const { seq } = await me(user);
    await sql(user, 'UPDATE messages SET added = added - ? WHERE number = 1', 31 * DAY);
    await runDurableObjectAlarm(mailboxOf(user));
    expect(await ids(user)).toEqual([old, fresh]);

    const response = await patch('/v1/me', { retentionDays: 30 }, user.token);
    expect(await response.json()).toMatchObject({ retentionDays: 30 });
    await runDurableObjectAlarm(mailboxOf(user));
    expect(await ids(user)).toEqual([fresh]);
    expect(await list(user, `?since=${seq}`)).toContainEqual(
      expect.objectContaining({ id: old, deleted: true }),
    );
    expect((await me(user)).messages).toBe(1);

    // The alarm is set to the end of the next one.
    const alarm = await runInDurableObject(mailboxOf(user), (_, { storage }) => storage.getAlarm());
    expect((alarm ?? 0) - Date.now()).toBeGreaterThan(29 * DAY);
    await patch('/v1/me', { retentionDays: null }, user.token);
    const none = await runInDurableObject(mailboxOf(user), (_, { storage }) => storage.getAlarm());
    expect(none).toBeNull();
  });

  it('counts for a message that comes into an empty mailbox', async () => {
    const user = await newUser();
    await patch('/v1/me', { retentionDays: 1 }, user.token);
    await deliver(user.address, 'x');
    const alarm = await runInDurableObject(mailboxOf(user), (_, { storage }) => storage.getAlarm());
    expect(alarm).toBeGreaterThan(Date.now());
  });
});

describe('a full mailbox', () => {
  it('is seen by the admin, until there is room again', async () => {
    const user = await newUser({ quota: 1000 });
    const seen = async () => {
      const response = await request(`/v1/users/${user.address}`, { token: admin.token });
      return response.json<{ fullSince: number | null; lastReceived: number | null }>();
    };
    await deliver(user.address, 'x'.repeat(500));
    await expect.poll(async () => (await seen()).lastReceived).toEqual(expect.any(Number));
    expect((await seen()).fullSince).toBeNull();
    expect(await deliver(user.address, 'y'.repeat(500))).toMatch(/^552 5\.2\.2 /);
    await expect.poll(async () => (await seen()).fullSince).toEqual(expect.any(Number));
    const { fullSince } = await seen();
    expect(await deliver(user.address, 'z'.repeat(500))).toMatch(/^552 5\.2\.2 /);
    await expect.poll(async () => (await seen()).fullSince).toBe(fullSince);
    await post('/v1/messages/delete', { ids: await ids(user) }, user.token);
    await expect.poll(async () => (await seen()).fullSince).toBeNull();
  });
});
