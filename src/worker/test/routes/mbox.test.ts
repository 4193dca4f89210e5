import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHUNK_SIZE, MAX_IMPORTED_MESSAGE } from '../../src/limits';
import { MessageStore } from '../../src/storage/messages';
import {
  addUser,
  deliver,
  ids,
  latin1,
  list,
  mailboxOf,
  post,
  problemOf,
  read,
  request,
  setUp,
  type User,
} from '../support/client';
import { nastyMessages, octets, readMbox, writeMbox } from '../support/mbox';

const NIGHT = Date.UTC(2025, 10, 19, 10, 0, 0);

let admin: User;
let count = 0;

beforeAll(async () => {
  admin = await setUp();
});

async function newUser(more: object = {}): Promise<User> {
  count += 1;

  return addUser(admin, `user${count}@example.org`, more);
}

async function exportOf(user: User, query = ''): Promise<string> {
  const response = await request(`/v1/export${query}`, { token: user.token });
  expect(response.status).toBe(200);

  return latin1(new Uint8Array(await response.arrayBuffer()));
}

async function importInto(user: User, body: BodyInit | string, query = ''): Promise<Response> {
  return request(`/v1/import${query}`, {
    token: user.token,
    body: typeof body === 'string' ? octets(body) : body,
  });
}

function answer(imported: number, present: number, skipped: unknown[] = []): object {
  return { imported, present, skipped, complete: true };
}

async function textsOf(user: User, query = ''): Promise<string[]> {
  const texts: string[] = [];

  for (const id of await ids(user, query)) {
    texts.push(await read(user, id));
  }

  return texts;
}

/** Exactly these bytes, which delivery and import would not put there. */
async function put(user: User, texts: readonly string[], mailbox: 'inbox' | 'sent' = 'inbox') {
  await runInDurableObject(mailboxOf(user), async (_, { storage }) => {
    const store = new MessageStore(storage.sql);

    for (const [index, text] of texts.entries()) {
      const upload = store.begin(0);
      await upload.write(octets(text));
      const uploaded = await upload.finish();
      store.insert(upload, uploaded, mailbox, NIGHT + index * 1000);
    }
  });
  // Another store of the same object would go on with numbers that are taken now.
  await evictDurableObject(mailboxOf(user));
}

async function rowsOf(user: User): Promise<unknown[]> {
  return runInDurableObject(mailboxOf(user), (_, { storage }) =>
    ['messages', 'chunks', 'uploads'].map(
      (table) => storage.sql.exec(`SELECT count(*) AS count FROM ${table}`).one().count,
    ),
  );
}

describe('there and back', () => {
  const messages = [...new Set(nastyMessages(120))];
  let alice: User;
  let bob: User;
  let file: string;

  beforeAll(async () => {
    alice = await newUser();
    bob = await newUser();
    await put(alice, messages);
    file = await exportOf(alice);
  });

  it('the export is what the writer makes, oldest first', async () => {
    expect(readMbox(file)?.map(({ date }) => date)).toEqual(
      messages.map((_, index) => NIGHT + index * 1000),
    );
  });

  it('gives another user the same bytes and dates', async () => {
    const different = new Set(messages.map((text) => ended(text)));
    const response = await importInto(bob, file);
    expect(await response.json()).toEqual(answer(different.size, messages.length - different.size));
    expect(await textsOf(bob)).toEqual([...different]);
    expect((await list(bob))[1]).toMatchObject({ received: NIGHT, flags: [] });
  });

  it('adds nothing to where it came from, nor a second time', async () => {
    const before = [await rowsOf(alice), await rowsOf(bob)];
    expect(await (await importInto(alice, file)).json()).toEqual(answer(0, messages.length));
    expect(await (await importInto(bob, file)).json()).toEqual(answer(0, messages.length));
    expect(await (await importInto(alice, await exportOf(bob))).json()).toMatchObject({
      imported: 0,
    });
    expect([await rowsOf(alice), await rowsOf(bob)]).toEqual(before);
  });

  it('keeps a message larger than a chunk, with lines to quote where chunks meet', async () => {
    const carol = await newUser();
    const large = `${'x'.repeat(CHUNK_SIZE - 3)}\nFrom y\n${'>From z\r\n'.repeat(200_000)}`;
    await put(alice, [large]);
    await importInto(carol, await exportOf(alice));
    expect((await textsOf(carol)).at(-1)).toBe(large);
  });

  it('an empty mailbox is an empty file, which adds nothing', async () => {
    const dora = await newUser();
    expect(await exportOf(dora)).toBe('');
    expect(await (await importInto(dora, '')).json()).toEqual(answer(0, 0));
    const bare = await request('/v1/import', { token: dora.token, method: 'POST' });
    expect(await bare.json()).toEqual(answer(0, 0));
  });

  it('2,000 small messages, in one piece', async () => {
    const erin = await newUser();
    const many = Array.from({ length: 2000 }, (_, index) => `Subject: ${index}\r\n\r\nFrom x\r\n`);
    const body = writeMbox(many, 1024, NIGHT);
    expect(await (await importInto(erin, body)).json()).toEqual(answer(2000, 0));
    expect(await exportOf(erin)).toBe(body);
    expect(await (await importInto(erin, body)).json()).toEqual(answer(0, 2000));
  });
});

describe('an export', () => {
  it('is a file, of one mailbox', async () => {
    const user = await newUser();
    await put(user, ['sent\n'], 'sent');
    await put(user, ['got\n']);
    const response = await request('/v1/export?mailbox=sent', { token: user.token });
    expect(response.headers.get('Content-Type')).toBe('application/mbox');
    expect(response.headers.get('Content-Disposition')).toBe('attachment; filename="sent.mbox"');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(latin1(new Uint8Array(await response.arrayBuffer()))).toMatch(
      /^From MAILER-DAEMON .*\nsent\n\n$/,
    );
    expect(await exportOf(user)).toMatch(/\ngot\n\n$/);
  });

  it('comes in frames for who asks for them', async () => {
    const user = await newUser();
    await put(user, ['one\n', 'two\n']);
    const headers = { Accept: 'application/vnd.neko-mail.frames' };
    const response = await request('/v1/export', { token: user.token, headers });
    const file = await exportOf(user);
    expect(response.headers.get('Content-Type')).toBe(headers.Accept);
    expect(await response.text()).toBe(`{"size":${file.length}}\n${file}{"end":true}\n`);
  });

  it('names the sender of a delivered message', async () => {
    const user = await newUser();
    await deliver(user.address, 'Subject: x\r\n\r\n');
    expect(await exportOf(user)).toMatch(/^From somebody@elsewhere.example .*\nReturn-Path: </);
  });

  /** So large that the stream stops for its reader in the first of two messages. */
  async function halfRead(user: User) {
    const response = await request('/v1/export', { token: user.token });
    const reader = response.body?.getReader();
    let text = latin1((await reader?.read())?.value ?? octets(''));

    return async () => {
      for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
        text += latin1(part.value);
      }

      return text;
    };
  }

  it('leaves out what was deleted before its turn, and has nothing that came later', async () => {
    const user = await newUser();
    const large = 'x'.repeat(8 * CHUNK_SIZE);
    await put(user, [large, 'gone\n', 'kept\n']);
    const rest = await halfRead(user);
    const [, gone] = await ids(user);
    await post('/v1/messages/delete', { ids: [gone] }, user.token);
    await deliver(user.address, 'later');
    const texts = readMbox(await rest())?.map(({ text }) => text);
    expect(texts).toEqual([`${large}\n`, 'kept\n']);
  });

  it('breaks where a message is deleted in the middle of it', async () => {
    const user = await newUser();
    await put(user, ['x'.repeat(16 * CHUNK_SIZE), 'kept\n']);
    const rest = await halfRead(user);
    await post('/v1/messages/delete', { ids: (await ids(user)).slice(0, 1) }, user.token);
    await expect(rest()).rejects.toThrow();
  });
});

describe('an import', () => {
  it('reads what other programs wrote: CRLF, other dates, no end', async () => {
    const user = await newUser();
    const now = Date.now();
    const file =
      'From a@b Wed Nov 19 12:00:00 +0200 2025\r\nA: b\r\n\r\n>From c\r\n\r\n' +
      'From - whenever\r\nlater\r\n\r\nFrom x Thu Nov 19 10:00:00 2399\r\nlast';
    expect(await (await importInto(user, file)).json()).toEqual(answer(3, 0));
    expect(await textsOf(user)).toEqual(['A: b\r\n\r\nFrom c\r\n', 'later\r\n', 'last']);
    const [, ...lines] = await list(user);
    expect(lines[0]).toMatchObject({ received: NIGHT });

    for (const line of lines.slice(1, 3)) {
      expect(line.received).toBeGreaterThanOrEqual(now);
      expect(line.received).toBeLessThanOrEqual(Date.now());
    }
  });

  it('goes into the mailbox that is named, whatever the other one has', async () => {
    const user = await newUser();
    const file = writeMbox(['one\n', 'two\n', 'one\n']);
    expect(await (await importInto(user, file)).json()).toEqual(answer(2, 1));
    expect(await (await importInto(user, file, '?mailbox=sent')).json()).toEqual(answer(2, 1));
    expect(await textsOf(user, '?mailbox=sent')).toEqual(['one\n', 'two\n']);
    expect((await list(user, '?mailbox=sent'))[1]).toMatchObject({ flags: ['\\Seen'] });
  });

  it('puts back what was deleted', async () => {
    const user = await newUser();
    const file = writeMbox(['one\n']);
    await importInto(user, file);
    await post('/v1/messages/delete', { ids: await ids(user) }, user.token);
    expect(await (await importInto(user, file)).json()).toEqual(answer(1, 0));
  });

  it('keeps what it has when the connection breaks, and brings the rest another time', async () => {
    const user = await newUser();
    const large = `${'y'.repeat(3 * CHUNK_SIZE)}\n`;
    const file = writeMbox(['one\n', 'two\n', large, 'four\n']);
    const half = octets(file.slice(0, 2 * CHUNK_SIZE));
    let pulled = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        return pulled === 1 ? controller.enqueue(half) : controller.error(new Error('the cable'));
      },
    });
    const headers = { 'Content-Length': String(file.length) };
    const init = { token: user.token, body: broken, headers };
    const response = await request('/v1/import', init).catch(() => null);
    expect(response?.ok ?? false).toBe(false);
    await expect.poll(() => textsOf(user)).toEqual(['one\n', 'two\n']);
    await expect.poll(() => rowsOf(user)).toEqual([2, 2, 0]);
    expect(await (await importInto(user, file)).json()).toEqual(answer(2, 2));
    expect(await textsOf(user)).toEqual(['one\n', 'two\n', large, 'four\n']);
  });

  it('takes half a message for none, though the connection seems to end well', async () => {
    const user = await newUser();
    const init = { token: user.token, body: new Blob([writeMbox(['one\n', 'two\n'])]).stream() };
    const cut = await request('/v1/import', { ...init, headers: { 'Content-Length': '999' } });
    expect(cut.status).toBe(400);
    expect(await problemOf(cut)).toMatchObject({ code: 'invalid_request', imported: 1 });
    expect(await rowsOf(user)).toEqual([1, 1, 0]);
  });

  it('adds each message once when two of the same file run at once', async () => {
    const user = await newUser();
    const messages = Array.from({ length: 300 }, (_, index) => `Subject: ${index}\n`);
    const body = writeMbox(messages);
    const both = await Promise.all([importInto(user, body), importInto(user, body)]);
    const counts = await Promise.all(
      both.map((response) => response.json<{ imported: number; present: number }>()),
    );
    expect(counts.reduce((sum, { imported }) => sum + imported, 0)).toBe(300);
    expect(counts.reduce((sum, { present }) => sum + present, 0)).toBe(300);
    expect(await ids(user)).toHaveLength(300);
  });

  it('stops where the quota is reached, and says what it did', async () => {
    const user = await newUser({ quota: 25 });
    const file = writeMbox(['0123456789\n', 'abcdefghij\n', 'ABCDEFGHIJ\n', 'x\n']);
    const full = await importInto(user, file);
    expect(full.status).toBe(422);
    expect(await problemOf(full)).toEqual({
      code: 'quota_exceeded',
      message: expect.stringContaining('2 messages'),
      imported: 2,
      present: 0,
      skipped: [],
    });
    expect(await textsOf(user)).toEqual(['0123456789\n', 'abcdefghij\n']);
    expect(await problemOf(await importInto(user, file))).toMatchObject({
      imported: 0,
      present: 2,
    });
    expect(await rowsOf(user)).toEqual([2, 2, 0]);
  });

  it('leaves out a message that is too large, keeps the largest, and goes on', async () => {
    const user = await newUser();
    const lines = new Uint8Array(MAX_IMPORTED_MESSAGE).fill(10);
    const end = '\nFrom b\n';
    const file = new Blob(['From a\none\n', end, 'x', lines, end, lines, end, 'four\n']);
    const response = await importInto(user, file);
    expect(await response.json()).toEqual(answer(3, 0, [{ index: 1, reason: 'too_large' }]));
    const sizes = (await list(user)).slice(1, -1).map((line) => line.octets);
    expect(sizes).toEqual([4, MAX_IMPORTED_MESSAGE, 5]);
    expect(await rowsOf(user)).toEqual([3, 2 + 26, 0]);
  });

  it.each(['Subject: x\r\n\r\nhello\r\n', '{}', 'x'.repeat(3_000_000)])(
    'refuses what is no mailbox file',
    async (body) => {
      const user = await newUser();
      const response = await importInto(user, body);
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toEqual({
        code: 'invalid_request',
        message: expect.stringContaining('"From "'),
      });
      expect(await rowsOf(user)).toEqual([0, 0, 0]);
    },
  );

  it('tells the directory, and announces a change but no new mail', async () => {
    const user = await newUser();
    const headers = { Upgrade: 'websocket' };
    const { webSocket } = await request('/v1/events', { token: user.token, headers });
    const heard: unknown[] = [];
    webSocket?.addEventListener('message', ({ data }) => {
      heard.push(JSON.parse(String(data)));
    });
    webSocket?.accept();
    await importInto(user, writeMbox(['one\n', 'two\n']));
    await expect
      .poll(() => heard)
      .toEqual([
        { type: 'changed', seq: 0 },
        { type: 'changed', seq: 2 },
      ]);
    webSocket?.close();

    await expect
      .poll(async () => {
        const response = await request('/v1/users', { token: admin.token });
        const { users } = await response.json<{ users: Record<string, unknown>[] }>();

        return users.find(({ address }) => address === user.address);
      })
      .toMatchObject({ messages: 2, size: 8 });
  });

  it('lets other requests through meanwhile', async () => {
    const user = await newUser();
    const many = Array.from({ length: 500 }, (_, index) => `Subject: ${index}\n`);
    const seen: number[] = [];
    const imported = importInto(user, writeMbox(many)).then(async (response) => response.json());

    while (seen.at(-1) !== many.length) {
      const me = await (await request('/v1/me', { token: user.token })).json<{
        messages: number;
      }>();
      seen.push(me.messages);
    }

    expect(await imported).toEqual(answer(500, 0));
    expect(seen.filter((messages) => messages > 0 && messages < 500)).not.toEqual([]);
  });
});

describe('a mailbox file', () => {
  it('is nobody else’s', async () => {
    const [one, two] = [await newUser(), await newUser()];
    await importInto(one, writeMbox(['secret\n']));
    expect(await exportOf(two)).toBe('');
    expect(await rowsOf(two)).toEqual([0, 0, 0]);
    expect(await exportOf(admin)).toBe('');
  });

  it.each(['export', 'import'])('%s needs a token, the right verb, and a mailbox', async (path) => {
    const user = await newUser();
    const method = path === 'export' ? 'GET' : 'POST';
    const other = path === 'export' ? 'POST' : 'GET';
    const to = (query: string, init: object) => request(`/v1/${path}${query}`, { method, ...init });
    expect((await to('', {})).status).toBe(401);
    expect((await to('', { token: `${user.token.slice(0, -1)}?` })).status).toBe(401);
    const wrongSecret = user.token.replace(/[^.]+$/, 'A'.repeat(43));
    expect((await to('', { token: wrongSecret })).status).toBe(401);
    expect((await to('?mailbox=trash', { token: user.token })).status).toBe(400);
    expect((await to('', { token: user.token, method: other })).status).toBe(404);
  });

  it('is not taken from a disabled account', async () => {
    const user = await newUser();
    await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) => {
      storage.sql.exec('UPDATE accounts SET disabled = 1 WHERE address = ?', user.address);
    });
    const response = await importInto(user, writeMbox(['one\n']));
    expect(response.status).toBe(403);
    expect(await rowsOf(user)).toEqual([0, 0, 0]);
  });
});

function ended(message: string): string {
  return message === '' || message.endsWith('\n') ? message : `${message}\n`;
}
