import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import contract from '../../../../tests/contract/messages-list.json';
import { toHex } from '../../src/bytes';
import { MAX_FETCH_IDS } from '../../src/limits';
import { MessageStore } from '../../src/storage/messages';
import {
  addUser,
  deliver,
  frames,
  ids,
  list,
  mailboxOf,
  post,
  problemOf,
  read,
  request,
  setUp,
  type User,
} from '../support/client';

let admin: User;
let bob: User;

beforeAll(async () => {
  admin = await setUp();
  bob = await addUser(admin, 'bob@example.org');
  await deliver('bob@example.org', 'Subject: one\r\n\r\n1\r\n');
  await deliver('bob@example.org', 'Subject: two\n\n2');
  await deliver('bob@example.org', 'Subject: three\r\n\r\n3\r\n4\r\n5\r\n');
});

async function remove(user: User, list: readonly string[]): Promise<unknown> {
  return (await post('/v1/messages/delete', { ids: list }, user.token)).json();
}

describe('listing', () => {
  it('gives everything to who has nothing, in the order of changes', async () => {
    const lines = await list(bob);
    expect(lines).toEqual([
      { seq: 3, reset: true },
      message(1, 93),
      message(2, 89, 93),
      message(3, 101),
      { end: true, seq: 3 },
    ]);
  });

  it('gives what changed since, and nothing to who is in step', async () => {
    expect(await list(bob, '?since=2')).toEqual([
      { seq: 3, reset: false },
      message(3, 101),
      { end: true, seq: 3 },
    ]);
    expect(await list(bob, '?since=3')).toEqual([
      { seq: 3, reset: false },
      { end: true, seq: 3 },
    ]);
  });

  it('starts anew for a number from the future', async () => {
    expect((await list(bob, '?since=4'))[0]).toEqual({ seq: 3, reset: true });
  });

  it('keeps mailboxes apart, by name and by user', async () => {
    expect(await ids(bob, '?mailbox=sent')).toEqual([]);
    expect(await ids(admin)).toEqual([]);
  });

  it('has a type, and an ETag that spares a client in step the body', async () => {
    const first = await request('/v1/messages', { token: bob.token });
    expect(first.headers.get('Content-Type')).toBe('application/vnd.neko-mail.frames');
    await first.arrayBuffer();
    const headers = { 'If-None-Match': first.headers.get('ETag') ?? '' };
    const second = await request('/v1/messages', { token: bob.token, headers });
    expect(second.status).toBe(304);
    expect(await second.text()).toBe('');
  });

  it.each(['?since=-1', '?since=x', '?since=1.5', '?mailbox=trash'])(
    'refuses %s',
    async (query) => {
      const response = await request(`/v1/messages${query}`, { token: bob.token });
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: 'invalid_request' });
    },
  );

  it('leaves tombstones, which a first listing does not need', async () => {
    const carol = await addUser(admin, 'carol@example.org');
    await deliver('carol@example.org', 'a');
    await deliver('carol@example.org', 'b');
    const [first = '', second] = await ids(carol);
    expect(await remove(carol, [first, 'nonsense', first])).toEqual({
      deleted: [first],
      gone: ['nonsense'],
    });
    expect(await remove(carol, [first])).toEqual({ deleted: [], gone: [first] });
    expect(await list(carol, '?since=2')).toEqual([
      { seq: 3, reset: false },
      { id: first, seq: 3, deleted: true },
      { end: true, seq: 3 },
    ]);
    expect(await ids(carol)).toEqual([second]);
    expect((await list(carol)).filter((line) => line.deleted)).toEqual([]);

    const me = await (await request('/v1/me', { token: carol.token })).json();
    expect(me).toMatchObject({ messages: 1, seq: 3 });
  });

  it('resets who was away for longer than tombstones are kept', async () => {
    const dora = await addUser(admin, 'dora@example.org');
    for (const body of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await deliver('dora@example.org', body);
    }
    const all = await ids(dora);
    await remove(dora, all.slice(0, 5));
    await runInDurableObject(mailboxOf(dora), (_, { storage }) => {
      new MessageStore(storage.sql).pruneTombstones(4);
    });
    // Of the changes 7 to 11 the first three are forgotten.
    expect((await list(dora, '?since=8'))[0]).toEqual({ seq: 11, reset: true });
    expect(await list(dora, '?since=9')).toHaveLength(4);
    expect(await ids(dora, '?since=8')).toEqual([all[5]]);
    expect((await ids(dora))[0]).toBe(all[5]);
  });

  it('streams 10,000 messages', async () => {
    const erin = await addUser(admin, 'erin@example.org');
    await runInDurableObject(mailboxOf(erin), (_, { storage }) => {
      storage.sql.exec(`
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
        INSERT INTO messages SELECT i, '0123456789abcdef', 'inbox', i, 5, 5, '', 0, '', 0, 0, '' FROM n`);
      storage.sql.exec('UPDATE state SET seq = 10000, number = 10000, messages = 10000');
    });
    const found = await ids(erin);
    expect(found).toHaveLength(10_000);
    expect(new Set(found).size).toBe(10_000);
    expect((await ids(erin, '?since=3999'))[0]).toBe('334-0123456789abcdef');
  });

  it.each(contract)('fits the contract’s example: $name', ({ text, parsed }) => {
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)?.end === true).toBe(parsed.complete);
    expect(lines.filter((line) => line.deleted)).toHaveLength(parsed.deleted?.length ?? 1);
  });
});

describe('one message', () => {
  it('comes with its digest, its length, and never changes', async () => {
    const [id = ''] = await ids(bob);
    const response = await request(`/v1/messages/${id}`, { token: bob.token });
    const bytes = await response.arrayBuffer();
    const etag = `"${toHex(await crypto.subtle.digest('SHA-256', bytes))}"`;
    expect(response.headers.get('Content-Type')).toBe('message/rfc822');
    expect(response.headers.get('ETag')).toBe(etag);
    expect(response.headers.get('Content-Length')).toBe('93');
    expect(response.headers.get('Cache-Control')).toContain('no-store');

    const headers = { 'If-None-Match': etag };
    const again = await request(`/v1/messages/${id}`, { token: bob.token, headers });
    expect(again.status).toBe(304);
  });

  it('comes in parts', async () => {
    const [id = ''] = await ids(bob);
    const whole = await read(bob, id);
    const part = (Range: string, more: object = {}) =>
      request(`/v1/messages/${id}`, { token: bob.token, headers: { Range, ...more } });

    const middle = await part('bytes=7-20');
    expect(middle.status).toBe(206);
    expect(middle.headers.get('Content-Range')).toBe('bytes 7-20/93');
    expect(await middle.text()).toBe(whole.slice(7, 21));
    expect(await (await part('bytes=-5')).text()).toBe(whole.slice(-5));

    const beyond = await part('bytes=93-');
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('Content-Range')).toBe('bytes */93');
    expect((await part('bytes=0-1', { 'If-Range': '"other"' })).status).toBe(200);
  });

  it('shows its top', async () => {
    const id = (await ids(bob)).at(2);
    const top = (lines: string) =>
      request(`/v1/messages/${id}?lines=${lines}`, { token: bob.token });
    expect(await (await top('0')).text()).toMatch(/three\r\n\r\n$/);
    expect(await (await top('2')).text()).toMatch(/\r\n\r\n3\r\n4\r\n$/);
    expect(await (await top('99')).text()).toMatch(/\r\n5\r\n$/);
    expect((await top('-1')).status).toBe(400);
    expect((await top('x')).status).toBe(400);
  });

  it.each(['nope', '1-0123456789abcdef', '%2e%2e', 'zzzzzzzzz-0123456789abcdef'])(
    'is not there: %s',
    async (id) => {
      const response = await request(`/v1/messages/${id}`, { token: bob.token });
      expect(response.status).toBe(404);
      expect(await problemOf(response)).toMatchObject({ code: 'not_found' });
    },
  );

  it('is nobody else’s', async () => {
    const [id = ''] = await ids(bob);
    expect((await request(`/v1/messages/${id}`, { token: admin.token })).status).toBe(404);
    expect(await remove(admin, [id])).toEqual({ deleted: [], gone: [id] });
    const fetched = await frames(await post('/v1/messages/fetch', { ids: [id] }, admin.token));
    expect(fetched[0]?.line).toEqual({ id, gone: true });
    expect(await ids(bob)).toContain(id);
  });
});

describe('fetching', () => {
  it('gives many messages in the order asked for, each with its size and digest', async () => {
    const [first = '', second = '', third = ''] = await ids(bob);
    const wanted = [third, 'nonsense', first, second, first];
    const response = await post('/v1/messages/fetch', { ids: wanted }, bob.token);
    expect(response.headers.get('Content-Type')).toBe('application/vnd.neko-mail.frames');
    const found = await frames(response);

    expect(found.map((frame) => frame.line.id ?? 'end')).toEqual([...wanted, 'end']);
    expect(found[1]?.line).toEqual({ id: 'nonsense', gone: true });
    expect(found[0]?.body).toBe(await read(bob, third));
    expect(found[3]?.line.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives an end to nothing', async () => {
    const response = await post('/v1/messages/fetch', { ids: [] }, bob.token);
    expect(await response.text()).toBe('{"end":true}\n');
  });

  it.each(['fetch', 'delete'])('%s takes so many ids, and texts only', async (verb) => {
    const url = `/v1/messages/${verb}`;
    const many = Array.from({ length: MAX_FETCH_IDS }, (_, index) => `${index}`);
    expect((await post(url, { ids: many }, bob.token)).status).toBe(200);
    expect((await post(url, { ids: [...many, 'x'] }, bob.token)).status).toBe(400);
    expect((await post(url, { ids: [1] }, bob.token)).status).toBe(400);
    expect((await post(url, { ids: 'x' }, bob.token)).status).toBe(400);
    expect((await post(url, {}, bob.token)).status).toBe(400);
  });

  it('gives 1,000 small messages quickly', async () => {
    const fay = await addUser(admin, 'fay@example.org');
    await runInDurableObject(mailboxOf(fay), (_, { storage }) => {
      storage.sql.exec(`
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO messages SELECT i, '0123456789abcdef', 'inbox', i, 2500, 2500, '', 0, '', 0, 0, '' FROM n`);
      storage.sql.exec('INSERT INTO chunks SELECT number * 4096, zeroblob(2500) FROM messages');
      storage.sql.exec('UPDATE state SET seq = 1000, number = 1000, messages = 1000');
    });
    const wanted = await ids(fay);
    const response = await post('/v1/messages/fetch', { ids: wanted }, fay.token);
    expect(await frames(response)).toHaveLength(1001);
  });
});

describe('sizes', () => {
  it('reach the directory, for the list of users', async () => {
    const gus = await addUser(admin, 'gus@example.org');
    const usage = async () => {
      const response = await request('/v1/users', { token: admin.token });
      const { users } = await response.json<{ users: Record<string, unknown>[] }>();
      const user = users.find((entry) => entry.address === gus.address);
      return [user?.messages, user?.size];
    };
    await deliver('gus@example.org', 'x'.repeat(20));
    const size = (await read(gus, (await ids(gus))[0] ?? '')).length;
    await expect.poll(usage).toEqual([1, size]);
    await remove(gus, await ids(gus));
    await expect.poll(usage).toEqual([0, 0]);
  });
});

function message(seq: number, octets: number, wire?: number): object {
  return {
    id: expect.stringMatching(/^[0-9a-z]+-[0-9a-f]{16}$/),
    seq,
    octets,
    ...(wire === undefined ? {} : { wire }),
    received: expect.any(Number),
    flags: [],
  };
}
