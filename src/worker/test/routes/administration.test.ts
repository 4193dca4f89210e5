import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { INVITE_LIFETIME, MAX_AUDIT_ENTRIES, REGISTRATIONS_PER_NETWORK } from '../../src/limits';
import { AuditStore } from '../../src/storage/audit';
import {
  addUser,
  anotherUser,
  deliver,
  ids,
  logIn,
  mailboxOf,
  PASSWORD,
  patch,
  post,
  problemOf,
  put,
  read,
  remove,
  request,
  setUp,
  signIn,
  type User,
} from '../support/client';
import { listen } from '../support/listener';

let admin: User;

beforeAll(async () => {
  admin = await setUp();
});

const newUser = (more: object = {}): Promise<User> => anotherUser(admin, more);

function change(user: { address: string }, body: object, by: User = admin): Promise<Response> {
  return patch(`/v1/users/${user.address}`, body, by.token);
}

async function accountOf(address: string): Promise<Record<string, unknown>> {
  return (await request(`/v1/users/${address}`, { token: admin.token })).json();
}

const directory = () => env.DIRECTORY.getByName('directory');

describe('changing a user', () => {
  it('sets role, quota, daily limit and aliases at once, and shows them', async () => {
    const user = await newUser();
    const wanted = { role: 'admin', quota: 5000, dailyLimit: 7, aliases: ['b@example.org'] };
    const response = await change(user, { ...wanted, aliases: ['B@Example.org'] });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ address: user.address, ...wanted });
    expect(await accountOf('b@example.org')).toMatchObject({ address: user.address, ...wanted });
    expect((await request('/v1/users', { token: user.token })).status).toBe(200);
    await change(user, { role: 'user' });
    expect((await request('/v1/users', { token: user.token })).status).toBe(403);
  });

  it('to disabled cuts tokens and WebSockets off at once, and refuses mail; enabling gives all back', async () => {
    const user = await newUser();
    const events = await listen(user);
    await change(user, { disabled: true });
    expect(await events.closed).toBe(4003);
    const refused = await request('/v1/me', { token: user.token });
    expect(refused.status).toBe(403);
    expect(await problemOf(refused)).toMatchObject({ code: 'forbidden' });
    expect((await logIn(user.address)).status).toBe(403);
    expect(await deliver(user.address, 'x')).toMatch(/^550 5\.2\.1 /);
    await change(user, { disabled: false });
    expect((await request('/v1/me', { token: user.token })).status).toBe(200);
    expect(await deliver(user.address, 'x')).toBeNull();
  });

  it('to a new password ends all their tokens and WebSockets', async () => {
    const user = await newUser();
    const events = await listen(user);
    expect((await change(user, { password: 'another good one' })).status).toBe(200);
    expect(await events.closed).toBe(4001);
    expect((await request('/v1/me', { token: user.token })).status).toBe(401);
    expect((await logIn(user.address)).status).toBe(401);
    expect((await logIn(user.address, 'another good one')).status).toBe(201);
  });

  it('reaches a mailbox that did not answer by the alarm, and never late', async () => {
    const user = await newUser();
    const rename = (from: string, to: string) =>
      runInDurableObject(mailboxOf(user), (_, { storage }) => {
        storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
      });
    await rename('tokens', 'hidden');
    expect((await change(user, { password: 'another good one' })).status).toBe(200);
    await rename('hidden', 'tokens');
    expect((await request('/v1/me', { token: user.token })).status).toBe(200);
    expect(await runDurableObjectAlarm(directory())).toBe(true);
    expect((await request('/v1/me', { token: user.token })).status).toBe(401);
    expect(await runDurableObjectAlarm(directory())).toBe(false);
  });

  it('is not undone by what comes late', async () => {
    const user = await newUser();
    const mailbox = mailboxOf(user);
    const standing = { disabled: true, generation: 0, keptToken: null };
    await mailbox.sync({ ...standing, revision: 9, disabled: false });
    await mailbox.sync({ ...standing, revision: 8 });
    expect((await request('/v1/me', { token: user.token })).status).toBe(200);
  });

  it('gives no token for a password that was changed while it was looked at', async () => {
    const user = await newUser();
    await change(user, { password: 'another good one' });
    const issued = await mailboxOf(user).issueToken('late', 0);
    expect(issued).toEqual({ ok: false, failure: 'outdated' });
  });

  it.each([
    [{ role: 'god' }, 'role'],
    [{ quota: 0 }, 'quota'],
    [{ quota: '9' }, 'quota'],
    [{ dailyLimit: -1 }, 'dailyLimit'],
    [{ disabled: 1 }, 'disabled'],
    [{ password: 'short' }, 'password'],
    [{ aliases: ['x'] }, 'aliases.0'],
    [{ catchAll: ['not a domain'] }, 'catchAll.0'],
    [{ admin: true }, ''],
  ])('to %j is refused', async (body, field) => {
    const response = await change(admin, body);
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ code: 'invalid_request', field });
  });

  it('who is not there is not found', async () => {
    expect((await change({ address: 'nobody@example.org' }, { quota: 9 })).status).toBe(404);
    expect((await change({ address: 'no%20address' }, { quota: 9 })).status).toBe(404);
  });

  it('is all or nothing', async () => {
    const user = await newUser();
    const response = await change(user, { quota: 77, aliases: [admin.address] });
    expect(response.status).toBe(409);
    expect(await accountOf(user.address)).toMatchObject({ aliases: [], quota: 1024 ** 3 });
  });
});

describe('the last admin', () => {
  it.each([
    ['demoted', (user: User) => change(user, { role: 'user' })],
    ['disabled', (user: User) => change(user, { disabled: true })],
    ['deleted', (user: User) => remove(`/v1/users/${user.address}`, admin.token)],
  ])('cannot be %s, while another admin is disabled', async (_, act) => {
    const other = await newUser({ role: 'admin' });
    await change(other, { disabled: true });
    const { users } = await (await request('/v1/users', { token: admin.token })).json<{
      users: { address: string; role: string }[];
    }>();

    for (const user of users) {
      if (user.role === 'admin' && user.address !== admin.address) {
        await change(user, { role: 'user' });
      }
    }

    const response = await act(admin);
    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({ code: 'conflict' });
    expect((await request('/v1/users', { token: admin.token })).status).toBe(200);
  });

  it('is kept when two demote each other at once', async () => {
    const other = await newUser({ role: 'admin' });
    const answers = await Promise.all([
      change(admin, { role: 'user' }, other),
      change(other, { role: 'user' }, admin),
    ]);
    // Who was demoted by the one that came first is no admin any more when the other one's turn comes.
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    const keeper = answers[0]?.status === 200 ? other : admin;
    await change(admin, { role: 'admin' }, keeper);
    await change(other, { role: 'user' }, admin);
  });
});

describe('deleting a user', () => {
  it('takes the mail, the tokens and the WebSockets along, and frees the address', async () => {
    const user = await newUser();
    await change(user, { aliases: ['gone@example.org'] });
    await deliver(user.address, 'secret');
    const events = await listen(user);
    expect((await remove(`/v1/users/${user.address}`, admin.token)).status).toBe(204);
    expect(await events.closed).toBe(4003);
    expect((await request('/v1/me', { token: user.token })).status).toBe(401);
    expect(await deliver('gone@example.org', 'x')).toMatch(/^550 5\.1\.1 /);
    const tables = await runInDurableObject(mailboxOf(user), (_, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'chunks'").toArray(),
    );
    expect(tables).toEqual([]);

    // Whoever gets the address next gets nothing of the old mail.
    const next = await addUser(admin, user.address);
    expect(await ids(next)).toEqual([]);
    expect(next.token.split('.')[1]).not.toBe(user.token.split('.')[1]);
    expect((await request('/v1/me', { token: user.token })).status).toBe(401);
  });

  it('goes on by the alarm when the mailbox did not answer; until then the address is not free', async () => {
    const user = await newUser();
    await deliver(user.address, 'x');
    const fail = (failing: boolean) =>
      runInDurableObject(mailboxOf(user), (instance) => {
        Object.assign(instance, failing ? { destroy: failed } : {});
        if (!failing) {
          Reflect.deleteProperty(instance, 'destroy');
        }
      });
    await fail(true);
    expect((await remove(`/v1/users/${user.address}`, admin.token)).status).toBe(204);
    expect(await deliver(user.address, 'x')).toMatch(/^550 5\.1\.1 /);
    const body = { address: user.address, password: PASSWORD };
    expect((await post('/v1/users', body, admin.token)).status).toBe(409);
    await fail(false);
    expect(await runDurableObjectAlarm(directory())).toBe(true);
    expect((await post('/v1/users', body, admin.token)).status).toBe(201);
    expect((await request('/v1/me', { token: user.token })).status).toBe(401);
  });
});

describe('aliases', () => {
  it.each([
    ['admin@example.org', 409, 'taken'],
    ['x+tag@example.org', 422, 'a tag'],
    ['x@gmail.example', 422, 'domain'],
  ])('%s is refused: %i', async (alias, status, why) => {
    const user = await newUser();
    const response = await change(user, { aliases: [alias] });
    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({
      field: 'aliases',
      message: expect.stringContaining(why),
    });
  });

  it('belong to one user; what is taken away is free', async () => {
    const [one, two] = [await newUser(), await newUser()];
    await change(one, { aliases: ['shared@example.org'] });
    expect((await change(two, { aliases: ['shared@example.org'] })).status).toBe(409);
    await change(one, { aliases: [] });
    expect((await change(two, { aliases: ['shared@example.org'] })).status).toBe(200);
    await deliver('shared+news@example.org', 'hi');
    expect(await ids(one)).toEqual([]);
    expect(await ids(two)).toHaveLength(1);
  });

  it('stop at so many', async () => {
    const aliases = Array.from({ length: 101 }, (_, index) => `many${index}@example.org`);
    expect((await change(admin, { aliases })).status).toBe(422);
  });
});

describe('a domain', () => {
  it('is added and removed by an admin, on the same server', async () => {
    expect((await put('/v1/domains/Other.Example', undefined, admin.token)).status).toBe(204);
    const user = await addUser(admin, 'first@other.example');
    await deliver('first@other.example', 'hi');
    expect(await ids(user)).toHaveLength(1);
    const info = await (await request('/v1/info')).json<{ domains: string[] }>();
    expect(info.domains).toContain('other.example');
    const used = await remove('/v1/domains/other.example', admin.token);
    expect(used.status).toBe(409);
    await remove('/v1/users/first@other.example', admin.token);
    expect((await remove('/v1/domains/other.example', admin.token)).status).toBe(204);
    expect((await remove('/v1/domains/other.example', admin.token)).status).toBe(404);
  });

  it('that ends like another one is not in use by it', async () => {
    await put('/v1/domains/le.org', undefined, admin.token);
    expect((await remove('/v1/domains/le.org', admin.token)).status).toBe(204);
  });

  it.each(['not%20a%20domain', 'a..b', 'x@y.org', '-a.org'])('is not %s', async (name) => {
    expect((await put(`/v1/domains/${name}`, undefined, admin.token)).status).toBe(400);
  });

  it('has a catch-all that gets what is for nobody else, and may be answered from', async () => {
    await put('/v1/domains/catch.example', undefined, admin.token);
    const [catcher, exact] = [await newUser(), await addUser(admin, 'exact@catch.example')];
    expect((await change(catcher, { catchAll: ['catch.example'] })).status).toBe(200);
    await deliver('anything@catch.example', 'caught');
    await deliver('exact+tag@catch.example', 'exact');
    expect(await read(catcher, (await ids(catcher))[0] ?? '')).toMatch(/caught$/);
    expect(await ids(exact)).toHaveLength(1);
    const listed = await (await request('/v1/domains', { token: admin.token })).json<{
      domains: unknown[];
    }>();
    expect(listed.domains).toContainEqual({ name: 'catch.example', catchAll: catcher.address });

    await change(exact, { catchAll: ['catch.example'] });
    await deliver('someone@catch.example', 'moved');
    expect(await ids(catcher)).toHaveLength(1);
    expect(await ids(exact)).toHaveLength(2);
    await remove(`/v1/users/${exact.address}`, admin.token);
    expect(await deliver('someone@catch.example', 'x')).toMatch(/^550 5\.1\.1 /);
  });

  it('has somebody who reads what is for the postmaster', async () => {
    const before = await ids(admin);
    expect(await deliver('postmaster@example.org', 'please')).toBeNull();
    expect(await ids(admin)).toHaveLength(before.length + 1);
  });

  it('that is not served has no catch-all', async () => {
    expect((await change(admin, { catchAll: ['nowhere.example'] })).status).toBe(422);
  });
});

describe('registration', () => {
  const register = (body: object, network = '198.51.100.1') =>
    request('/v1/users', {
      method: 'POST',
      headers: { 'CF-Connecting-IP': network },
      body: JSON.stringify({ password: PASSWORD, ...body }),
    });
  const open = (registration: string) => patch('/v1/settings', { registration }, admin.token);
  const invite = async (body: object = {}) =>
    (await post('/v1/invites', body, admin.token)).json<{ id: string; code: string }>();

  it('is closed at first, for whoever has an invite too', async () => {
    const { code } = await invite();
    expect((await register({ address: 'me@example.org' })).status).toBe(403);
    expect((await register({ address: 'me@example.org', invite: code })).status).toBe(403);
  });

  it('by invite takes each invite once', async () => {
    await open('invite');
    const { code } = await invite({ note: 'for Ann' });
    expect((await register({ address: 'ann@example.org' })).status).toBe(403);
    const answers = await Promise.all(
      ['ann@example.org', 'eve@example.org'].map((address) => register({ address, invite: code })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403]);
    expect((await register({ address: 'zoe@example.org', invite: code })).status).toBe(403);
  });

  it('does not use an invite up for an address that is taken', async () => {
    await open('invite');
    const { code } = await invite();
    const { address } = await newUser();
    expect((await register({ address, invite: code })).status).toBe(409);
    expect((await register({ address: 'fresh@example.org', invite: code })).status).toBe(201);
  });

  it('by invite ends when it expires, or is deleted', async () => {
    await open('invite');
    const [old, deleted] = [await invite({ lifetime: 60_000 }), await invite()];
    await runInDurableObject(directory(), (_, { storage }) => {
      storage.sql.exec('UPDATE invites SET expires = 1 WHERE id = ?', old.id);
    });
    expect((await remove(`/v1/invites/${deleted.id}`, admin.token)).status).toBe(204);
    expect((await remove(`/v1/invites/${deleted.id}`, admin.token)).status).toBe(404);

    for (const { code } of [old, deleted]) {
      expect((await register({ address: 'late@example.org', invite: code })).status).toBe(403);
    }

    const { invites } = await (await request('/v1/invites', { token: admin.token })).json<{
      invites: { id: string; expires: number; created: number }[];
    }>();
    expect(invites.map(({ id }) => id)).not.toContain(old.id);
    expect((invites[0]?.expires ?? 0) - (invites[0]?.created ?? 0)).toBe(INVITE_LIFETIME);
    expect(JSON.stringify(invites)).not.toContain(deleted.code);
  });

  it('keeps no code of an invite', async () => {
    const { code } = await invite();
    const stored = await runInDurableObject(directory(), (_, { storage }) =>
      JSON.stringify([
        storage.sql.exec('SELECT id, note, created_by FROM invites').toArray(),
        storage.sql.exec('SELECT * FROM audit').toArray(),
      ]),
    );
    expect(stored).not.toContain(code);
  });

  it('where it is open makes users, never admins, and keeps what proves a domain', async () => {
    await open('open');
    expect((await register({ address: 'open@example.org' })).status).toBe(201);
    expect((await logIn('open@example.org')).status).toBe(201);
    expect((await register({ address: 'root@example.org', role: 'admin' })).status).toBe(400);

    for (const address of ['admin', 'postmaster', 'hostmaster', 'security']) {
      const response = await register({ address: `${address}@example.org` }, '198.51.100.2');
      expect([409, 422]).toContain(response.status);
    }

    expect((await register({ address: 'me@other.example' })).status).toBe(422);
    expect((await register({ address: 'open+x@example.org' })).status).toBe(422);
    const { registration } = await (await request('/v1/info')).json<{ registration: string }>();
    expect(registration).toBe('open');
  });

  it('slows down whoever tries many', async () => {
    await open('invite');
    const codes = [];

    for (let index = 0; index <= REGISTRATIONS_PER_NETWORK; index += 1) {
      codes.push(
        await register({ address: 'x@example.org', invite: `guess${index}` }, '203.0.113.9'),
      );
    }

    expect(codes.map(({ status }) => status)).toEqual([
      ...Array(REGISTRATIONS_PER_NETWORK).fill(403),
      429,
    ]);
    await open('closed');
  });

  it('with a token that is not good is not a registration', async () => {
    const body = { address: 'y@example.org', password: PASSWORD };
    expect((await post('/v1/users', body, 'nm1.x')).status).toBe(401);
  });
});

describe('the set-up key', () => {
  it('cannot be guessed by trying', async () => {
    const guess = () =>
      request('/v1/setup', {
        method: 'POST',
        headers: { 'CF-Connecting-IP': '203.0.113.77' },
        body: JSON.stringify({ setupKey: 'x', address: 'a@example.org', password: PASSWORD }),
      });
    const statuses = [];

    for (let index = 0; index <= REGISTRATIONS_PER_NETWORK; index += 1) {
      statuses.push((await guess()).status);
    }

    expect(statuses.at(-2)).toBe(403);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('the audit trail', () => {
  interface Entry {
    readonly number: number;
    readonly time: number;
    readonly actor: string;
    readonly action: string;
    readonly subject: string;
    readonly details: Record<string, unknown>;
  }
  const entries = async (query = '') =>
    (
      await (
        await request(`/v1/audit${query}`, { token: admin.token })
      ).json<{
        entries: Entry[];
      }>()
    ).entries;

  it('says who did what to whom, when, and no secret', async () => {
    const user = await newUser();
    await change(user, { quota: 4321, password: 'a very secret one' });
    await remove(`/v1/users/${user.address}`, admin.token);
    const mine = (await entries()).filter(({ subject }) => subject === user.address);
    expect(mine.map(({ action }) => action)).toEqual([
      'user_deleted',
      'user_changed',
      'user_created',
    ]);
    expect(mine[1]).toMatchObject({
      actor: admin.address,
      details: { quota: 4321, password: 'changed' },
    });
    expect(Date.now() - (mine[0]?.time ?? 0)).toBeLessThan(60_000);
    expect(JSON.stringify(await entries())).not.toContain('a very secret one');
  });

  it('has every kind of action', async () => {
    await put('/v1/domains/audited.example', undefined, admin.token);
    await remove('/v1/domains/audited.example', admin.token);
    await patch('/v1/settings', { registration: 'closed' }, admin.token);
    const actions = new Set((await entries()).map(({ action }) => action));
    expect([...actions].sort()).toEqual([
      'domain_added',
      'domain_removed',
      'invite_created',
      'invite_deleted',
      'set_up',
      'settings_changed',
      'user_changed',
      'user_created',
      'user_deleted',
      'user_registered',
    ]);
  });

  it('says nothing of what was refused', async () => {
    const before = (await entries()).length;
    await change(admin, { aliases: ['x@nowhere.example'] });
    expect(await entries()).toHaveLength(before);
  });

  it('is read in pages, and does not grow without end', async () => {
    const newest = (await entries())[0]?.number ?? 0;
    expect((await entries(`?before=${newest}`))[0]?.number).toBe(newest - 1);
    expect((await request('/v1/audit?before=x', { token: admin.token })).status).toBe(400);
    await runInDurableObject(directory(), (_, { storage }) => {
      storage.sql.exec('UPDATE sqlite_sequence SET seq = seq + ?', MAX_AUDIT_ENTRIES);
      new AuditStore(storage.sql).add('x', 'user_changed', 'y');
      expect(storage.sql.exec('SELECT count(*) AS count FROM audit').one().count).toBe(1);
    });
  });

  it('is for admins', async () => {
    const user = await signIn((await newUser()).address);
    expect((await request('/v1/audit', { token: user.token })).status).toBe(403);
  });
});

function failed(): never {
  throw new Error('told to fail');
}
