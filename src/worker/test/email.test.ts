import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../src/bytes';
import { MAX_MESSAGE_SIZE } from '../src/limits';
import {
  addUser,
  deliver,
  frames,
  ids,
  latin1,
  list,
  mailboxOf,
  post,
  read,
  request,
  setUp,
  type User,
} from './support/client';

const MAIL = 'From: Ann <ann@elsewhere.example>\r\nSubject: hi\r\n\r\nhello\r\n';
const TRACE = 'Return-Path: <somebody@elsewhere.example>\r\nDelivered-To: ';

let admin: User;
let bob: User;

beforeAll(async () => {
  admin = await setUp();
  bob = await addUser(admin, 'bob@example.org');
});

async function newest(user: User): Promise<string> {
  return read(user, (await ids(user)).at(-1) ?? '');
}

describe('inbound mail', () => {
  it.each(['bob@example.org', 'BOB@Example.ORG', 'bob+tag@example.org', '"bob"@example.org'])(
    'goes to whom the envelope says: %s',
    async (to) => {
      expect(await deliver(to, MAIL)).toBeNull();
      expect(await newest(bob)).toBe(`${TRACE}${to}\r\n${MAIL}`);
    },
  );

  it('goes to the owner of an alias, and of its plus-form', async () => {
    const directory = env.DIRECTORY.getByName('directory');
    const mailbox = bob.token.split('.')[1];
    await runInDurableObject(directory, (_, { storage }) => {
      storage.sql.exec("INSERT INTO aliases VALUES ('sales@example.org', ?)", mailbox ?? '');
    });
    expect(await deliver('sales@example.org', MAIL)).toBeNull();
    expect(await deliver('Sales+x@example.org', MAIL)).toBeNull();
    expect(await newest(bob)).toBe(`${TRACE}Sales+x@example.org\r\n${MAIL}`);
  });

  it.each([
    ['8-bit text without a charset', Uint8Array.from({ length: 256 }, (_, index) => index)],
    ['nothing at all', new Uint8Array(0)],
    ['a line of 10,000 characters', encode(`Subject: x\r\n\r\n${'x'.repeat(10_000)}`)],
    ['dots', encode('\r\n.\r\n..\r\n.x')],
    ['bare line feeds', encode('From: a@b\n\nx\ny')],
    ['a body that ends at a chunk', new Uint8Array(1024 * 1024).fill(120)],
    ['one octet less', new Uint8Array(1024 * 1024 - 1).fill(120)],
    ['a few chunks', new Uint8Array(3 * 1024 * 1024 + 7).fill(120)],
  ])('comes out as it came in: %s', async (_, bytes) => {
    expect(await deliver('bob@example.org', bytes)).toBeNull();
    const stored = `${TRACE}bob@example.org\r\n${latin1(bytes)}`;
    expect((await newest(bob)) === stored).toBe(true);

    const line = (await list(bob)).at(-2);
    expect(line?.octets).toBe(stored.length);
  });

  it('keeps the null sender', async () => {
    await deliver('bob@example.org', MAIL, { from: '' });
    expect(await newest(bob)).toBe(`Return-Path: <>\r\nDelivered-To: bob@example.org\r\n${MAIL}`);
  });

  it('lets no line end out of an envelope into a header', async () => {
    await deliver('bob@example.org', MAIL, { from: 'a@b\r\nX-Evil: 1' });
    expect(await newest(bob)).toMatch(/^Return-Path: <a@bX-Evil: 1>\r\nDelivered-To: /);
  });

  it.each([
    ['nobody@example.org', '550 5.1.1'],
    ['bob@elsewhere.example', '550 5.1.1'],
    ['bobby+bob@example.org', '550 5.1.1'],
    ['not an address', '550 5.1.1'],
    ['', '550 5.1.1'],
  ])('refuses %j for ever', async (to, code) => {
    expect(await deliver(to, MAIL)).toMatch(new RegExp(`^${code} `));
  });

  it('refuses for a disabled account', async () => {
    await addUser(admin, 'off@example.org');
    await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) => {
      storage.sql.exec("UPDATE accounts SET disabled = 1 WHERE address = 'off@example.org'");
    });
    expect(await deliver('off@example.org', MAIL)).toMatch(/^550 5\.2\.1 /);
  });

  it('refuses what is too large, by what is said and by what is there', async () => {
    const before = await ids(bob);
    const large = new Uint8Array(MAX_MESSAGE_SIZE + 1);
    expect(await deliver('bob@example.org', MAIL, { rawSize: large.length })).toMatch(
      /^552 5\.3\.4 /,
    );
    expect(await deliver('bob@example.org', large, { rawSize: 10 })).toMatch(/^552 5\.3\.4 /);
    expect(await ids(bob)).toEqual(before);
    expect(await leftovers(bob)).toEqual({ uploads: 0, strayChunks: 0 });
  });

  it('refuses over quota, by what is said and by what is there', async () => {
    const small = await addUser(admin, 'small@example.org', { quota: 500 });
    expect(await deliver('small@example.org', 'x'.repeat(501))).toMatch(/^552 5\.2\.2 /);
    expect(await deliver('small@example.org', 'x'.repeat(501), { rawSize: 1 })).toMatch(
      /^552 5\.2\.2 /,
    );
    expect(await deliver('small@example.org', MAIL)).toBeNull();
    expect(await ids(small)).toHaveLength(1);
  });

  it('is thrown back when the message breaks off on its way here', async () => {
    const before = await ids(bob);
    let pulls = 0;
    const broken = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        pulls += 1;
        if (pulls > 40) {
          controller.error(new Error('gone'));
        } else {
          controller.enqueue(new Uint8Array(64 * 1024));
        }
      },
    });
    const reject = () => {
      throw new Error('must not be refused for ever');
    };
    const { default: worker } = await import('./support/worker');
    const message = { from: '', to: 'bob@example.org', raw: broken, rawSize: 9, setReject: reject };
    await expect(worker.email(message as never, env)).rejects.toThrow();
    expect(await ids(bob)).toEqual(before);
    expect(await leftovers(bob)).toEqual({ uploads: 0, strayChunks: 0 });
  });

  it('is thrown back when it ends before its size, as if it were whole', async () => {
    const before = await ids(bob);
    const cut = deliver('bob@example.org', MAIL, { rawSize: MAIL.length + 1 });
    await expect(cut).rejects.toThrow('ended before its size');
    expect(await ids(bob)).toEqual(before);
  });

  it('is thrown back when storage fails', async () => {
    const carol = await addUser(admin, 'carol@example.org');
    await runInDurableObject(mailboxOf(carol), (_, { storage }) => {
      storage.sql.exec('ALTER TABLE messages RENAME TO hidden');
    });
    await expect(deliver('carol@example.org', MAIL)).rejects.toThrow();
    await runInDurableObject(mailboxOf(carol), (_, { storage }) => {
      storage.sql.exec('ALTER TABLE hidden RENAME TO messages');
    });
    expect(await ids(carol)).toEqual([]);
    expect(await deliver('carol@example.org', MAIL)).toBeNull();
    expect(await newest(carol)).toContain(MAIL);
  });

  it('comes in side by side without mixing', async () => {
    const dora = await addUser(admin, 'dora@example.org');
    const mails = Array.from(
      { length: 8 },
      (_, index) => `Subject: ${index}\r\n\r\n${`${index}`.repeat(700_000)}`,
    );
    await Promise.all(mails.map((mail) => deliver('dora@example.org', mail)));
    const response = await post('/v1/messages/fetch', { ids: await ids(dora) }, dora.token);
    const bodies = (await frames(response)).map((frame) => frame.body.replace(/^.*\r\n.*\r\n/, ''));
    expect(bodies.filter((body) => mails.includes(body))).toHaveLength(8);
  });

  it('takes 25 MiB', { timeout: 30_000 }, async () => {
    const large = new Uint8Array(MAX_MESSAGE_SIZE).fill(0x61);
    large.set(encode('From: a@b.c\r\n\r\n'));
    const erin = await addUser(admin, 'erin@example.org');
    expect(await deliver('erin@example.org', large)).toBeNull();
    const [id = ''] = await ids(erin);
    const response = await request(`/v1/messages/${id}`, { token: erin.token });
    const digest = response.headers.get('ETag');
    const bytes = await response.arrayBuffer();
    const { toHex } = await import('../src/bytes');
    expect(digest).toBe(`"${toHex(await crypto.subtle.digest('SHA-256', bytes))}"`);
    expect(bytes.byteLength).toBe(large.length + `${TRACE}erin@example.org\r\n`.length);
  });

  it('writes five rows at most for a small message, the report of sizes included', async () => {
    const frank = await addUser(admin, 'frank@example.org');
    const written = await runInDurableObject(mailboxOf(frank), async (instance, { storage }) => {
      const { sql } = storage;
      let rows = 0;
      const exec = sql.exec.bind(sql);
      sql.exec = ((query: string, ...values: never[]) => {
        const cursor = exec(query, ...values);
        const all = cursor.toArray();
        rows += cursor.rowsWritten;
        return { toArray: () => all, one: () => all[0], [Symbol.iterator]: () => all.values() };
      }) as never;
      const mail = {
        from: '',
        to: 'frank@example.org',
        size: MAIL.length,
        quota: 1e9,
        delivery: null,
      };
      await instance.deliver(mail, new Response(MAIL).body as ReadableStream);
      sql.exec = exec;
      return rows;
    });
    expect(written).toBeLessThanOrEqual(4);
  });
});

async function leftovers(user: User): Promise<{ uploads: number; strayChunks: number }> {
  return runInDurableObject(mailboxOf(user), (_, { storage }) => ({
    uploads: storage.sql.exec('SELECT * FROM uploads').toArray().length,
    strayChunks: storage.sql
      .exec(
        'SELECT position FROM chunks WHERE position / 4096 NOT IN (SELECT number FROM messages)',
      )
      .toArray().length,
  }));
}
