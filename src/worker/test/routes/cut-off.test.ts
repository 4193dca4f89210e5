import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encode, toHex } from '../../src/bytes';
import { ATTEMPTS_PER_RUN } from '../../src/limits';
import { hashPassword } from '../../src/storage/password';
import {
  anotherUser,
  deliver,
  ids,
  logIn,
  mailboxOf,
  PASSWORD,
  patch,
  post,
  put,
  remove,
  request,
  type SubmissionAnswer,
  setUp,
  signIn,
  sql,
  submit,
  type User,
} from '../support/client';
import { platformError, sender } from '../support/sender';

const ANN = 'ann@elsewhere.example';

let admin: User;

beforeAll(async () => {
  admin = await setUp();
});

beforeEach(() => sender.reset());

const newUser = (more: object = {}): Promise<User> => anotherUser(admin, more);

/** A request whose body comes in two parts; what happens in between is the test. */
async function inTwoParts(
  token: string,
  [method, path, headers]: [string, string, Record<string, string>],
  [first, second]: [string, string],
  between: () => Promise<void>,
): Promise<Response> {
  const { readable, writable } = new FixedLengthStream(encode(first + second).length);
  const writer = writable.getWriter();
  const response = request(path, { method, token, headers, body: readable });
  await writer.write(encode(first));
  await between();
  // Whoever is refused already does not read on.
  await writer.write(encode(second)).catch(() => {});
  await writer.close().catch(() => {});

  return response;
}

describe('who is cut off while a body is on its way', () => {
  it('makes no admin any more', async () => {
    const evil = await newUser({ role: 'admin' });
    const response = await inTwoParts(
      evil.token,
      ['POST', '/v1/users', {}],
      ['{"address":"back@example.org","role":"admin",', `"password":"${PASSWORD}"}`],
      async () => {
        await remove(`/v1/users/${evil.address}`, admin.token);
      },
    );
    expect(response.status).toBe(401);
    expect((await request('/v1/users/back@example.org', { token: admin.token })).status).toBe(404);
  });

  it('sets no forward any more', async () => {
    const user = await newUser();
    const other = await signIn(user.address);
    const response = await inTwoParts(
      user.token,
      ['PATCH', '/v1/me', {}],
      ['{"forward":{"address":"thief@evil.example",', '"keep":true}}'],
      async () => {
        await put(
          '/v1/me/password',
          { oldPassword: PASSWORD, newPassword: `${PASSWORD}!` },
          other.token,
        );
      },
    );
    expect(response.status).toBe(401);
    const me = await request('/v1/me', { token: other.token });
    expect(await me.json()).toMatchObject({ forward: null });
  });

  it.each([
    [
      'disabled',
      403,
      (user: User) => patch(`/v1/users/${user.address}`, { disabled: true }, admin.token),
    ],
    ['revoked', 401, (user: User) => remove(`/v1/tokens/${user.tokenId}`, user.token)],
    [
      'limited',
      429,
      (user: User) => patch(`/v1/users/${user.address}`, { dailyLimit: 0 }, admin.token),
    ],
  ])('sends nothing any more: %s', async (_, status, act) => {
    const user = await newUser();
    const raw = `From: ${user.address}\r\n\r\nspam`;
    const digest = toHex(await crypto.subtle.digest('SHA-256', encode(raw)));
    const envelope = { from: user.address, recipients: [{ address: ANN }], size: raw.length };
    const response = await inTwoParts(
      user.token,
      ['POST', '/v1/submissions', { 'Idempotency-Key': 'k' }],
      [`${JSON.stringify({ ...envelope, sha256: digest })}\n${raw.slice(0, 5)}`, raw.slice(5)],
      async () => {
        await act(user);
      },
    );
    expect(response.status).toBe(status);
    expect(sender.sent).toEqual([]);
  });

  it('imports nothing any more', async () => {
    const user = await newUser();
    const one = (name: string) => `From x Thu Nov 19 10:00:00 2026\n${name}: x\n\n${name}\n\n`;
    const response = await inTwoParts(
      user.token,
      ['POST', '/v1/import', {}],
      [`${one('A')}${one('B')}`, `${one('C')}${one('D')}`],
      async () => {
        await expect
          .poll(async () => (await sql(user, 'SELECT number FROM messages')).length)
          .toBeGreaterThan(0);
        await remove(`/v1/tokens/${user.tokenId}`, user.token);
      },
    );
    expect(response.status).toBe(401);
    expect((await sql(user, 'SELECT number FROM messages')).length).toBeLessThan(3);
  });
});

describe('who is cut off while an answer is on its way', () => {
  it.each([
    ['/v1/export', {}],
    ['/v1/export', { Accept: 'application/vnd.neko-mail.frames' }],
    ['/v1/messages/ID', {}],
    ['fetch', {}],
  ])('reads no more of %s %s', async (path, headers) => {
    const user = await newUser();
    await deliver(user.address, 'x'.repeat(20_000_000));
    const [id = ''] = await ids(user);
    const response =
      path === 'fetch'
        ? await post('/v1/messages/fetch', { ids: [id] }, user.token)
        : await request(path.replace('ID', id), { token: user.token, headers });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await patch(`/v1/users/${user.address}`, { disabled: true }, admin.token);
    const readOn = async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        // What the pipes hold already comes through.
      }
    };
    await expect(readOn()).rejects.toThrow();
  });
});

describe('a disabled user’s queue', () => {
  it('waits, and goes on when the account is enabled again', async () => {
    const user = await newUser();
    sender.answer = platformError('E_RATE_LIMIT_EXCEEDED');
    await (await submit(user, `From: ${user.address}\r\n\r\nhi`, [ANN])).text();
    sender.answer = () => {};
    await patch(`/v1/users/${user.address}`, { disabled: true }, admin.token);
    const ring = async () => {
      await sql(user, 'UPDATE recipients SET due = 0 WHERE due IS NOT NULL');
      await runInDurableObject(mailboxOf(user), (instance) => instance.alarm());
    };
    await ring();
    expect(sender.sent).toEqual([]);
    await patch(`/v1/users/${user.address}`, { disabled: false }, admin.token);
    await ring();
    expect(sender.sent).toHaveLength(1);
  });
});

describe('the attempts of one run', () => {
  it('are bounded, and the alarm makes the rest', async () => {
    const user = await newUser();
    const many = Array.from({ length: 50 }, (_, index) => `to${index}@elsewhere.example`);
    const answer = await submit(user, `From: ${user.address}\r\n\r\nhi`, many);
    const { recipients } = await answer.json<SubmissionAnswer>();
    expect(recipients.filter(({ status }) => status === 'sent')).toHaveLength(ATTEMPTS_PER_RUN);
    // The alarm is due at once, and again until all are served.
    await expect.poll(() => sender.sent.length, { timeout: 10_000 }).toBe(50);
    expect(new Set(sender.sent.map(({ to }) => to)).size).toBe(50);
  });

  it('that the runtime does not let out are made later', async () => {
    const user = await newUser();
    sender.answer = () => {
      throw new Error('Too many subrequests by single Worker invocation.');
    };
    const answer = await submit(user, `From: ${user.address}\r\n\r\nhi`, [ANN]);
    expect(await answer.json()).toMatchObject({ recipients: [{ status: 'queued' }] });
  });
});

describe('many passwords at once', () => {
  it('let other work through, and are too many at some number', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    await hashPassword('a long enough one');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        request('/v1/tokens', {
          headers: { 'CF-Connecting-IP': `2001:db8:9:${index}::1` },
          body: JSON.stringify({ address: `x${index}@example.org`, password: 'x', device: 'x' }),
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toContain(429);
    expect(answers.map(({ status }) => status)).toContain(401);
  });

  it('of one account count together, whatever alias they are tried at', async () => {
    const user = await newUser();
    const alias = `alias-of-${user.address}`;
    await patch(`/v1/users/${user.address}`, { aliases: [alias] }, admin.token);

    for (let index = 0; index < 10; index += 1) {
      expect((await logIn(index % 2 ? alias : user.address, 'wrong')).status).toBe(401);
    }

    expect((await logIn(alias, 'wrong')).status).toBe(429);
  });
});

describe('an alias', () => {
  it('is not deleted as if it were its user', async () => {
    const user = await newUser();
    const alias = `alias-of-${user.address}`;
    await patch(`/v1/users/${user.address}`, { aliases: [alias] }, admin.token);
    expect((await remove(`/v1/users/${alias}`, admin.token)).status).toBe(409);
    expect((await request('/v1/me', { token: user.token })).status).toBe(200);
  });
});

describe('the directory', () => {
  it('sets an alarm that it lost, when it wakes', async () => {
    const user = await newUser();
    const directory = env.DIRECTORY.getByName('directory');
    await runInDurableObject(directory, async (_, { storage }) => {
      storage.sql.exec("UPDATE accounts SET pending = 'sync' WHERE address = ?", user.address);
      await storage.deleteAlarm();
    });
    const { evictDurableObject } = await import('cloudflare:test');
    await evictDurableObject(directory);
    await (await request('/v1/info')).text();
    const alarm = () => runInDurableObject(directory, (_, { storage }) => storage.getAlarm());
    await expect.poll(alarm).not.toBeNull();
  });
});
