import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toBase64Url, toHex } from '../src/bytes';
import {
  addUser,
  deliver,
  ids,
  logIn,
  PASSWORD,
  patch,
  post,
  problemOf,
  put,
  read,
  request,
  setUp,
  submit,
  type User,
} from './support/client';
import { sender } from './support/sender';

/**
 * The program that this one replaces had these defects. Each test is named after the one that it keeps out; what
 * stands behind them in depth is tested beside the code.
 */

const ANN = 'ann@elsewhere.example';
/** Every octet there is, with lines of every kind of end, and no valid UTF-8. */
const EVERY_OCTET = new Uint8Array([...Array(256).keys(), 10, 13, 10, 13, 0xff, 0xfe, 46, 13, 10]);

let admin: User;
let bob: User;

beforeAll(async () => {
  admin = await setUp();
  bob = await addUser(admin, 'bob@example.org');
});

beforeEach(() => sender.reset());

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

describe('admin takeover', () => {
  it('by a second set-up, with the right key even', async () => {
    const body = { setupKey: env.SETUP_KEY, address: 'eve@example.org', password: PASSWORD };
    expect((await post('/v1/setup', body)).status).toBe(409);
  });

  it('by a role in a registration or in one’s own options', async () => {
    await patch('/v1/settings', { registration: 'open' }, admin.token);
    const eve = { address: 'eve@example.org', password: PASSWORD };
    expect((await post('/v1/users', { ...eve, role: 'admin' })).status).toBe(400);
    expect((await patch('/v1/me', { role: 'admin' }, bob.token)).status).toBe(400);
    expect((await patch('/v1/users/bob@example.org', { role: 'admin' }, bob.token)).status).toBe(
      403,
    );
    await patch('/v1/settings', { registration: 'closed' }, admin.token);
  });

  it('by an address that only looks like the admin’s', async () => {
    for (const address of ['ADMIN@example.org', '"admin"@example.org', 'admin+x@example.org']) {
      const response = await post('/v1/users', { address, password: PASSWORD }, admin.token);
      expect([address, [409, 422].includes(response.status)]).toEqual([address, true]);
    }
  });
});

describe('pass-the-hash', () => {
  it('what is stored of a password or a token lets nobody in', async () => {
    const [row] = await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) =>
      storage.sql.exec('SELECT * FROM accounts WHERE address = ?', bob.address).toArray(),
    );
    const hash = new Uint8Array(row?.password_hash as ArrayBuffer);

    for (const text of [toHex(hash), toBase64Url(hash), btoa(latin1(hash)), latin1(hash)]) {
      expect((await logIn(bob.address, text)).status).toBe(401);
    }

    const [version, mailbox, mac, secret = ''] = bob.token.split('.');
    const stored = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
    const token = [version, mailbox, mac, toBase64Url(stored)].join('.');
    expect((await request('/v1/me', { token })).status).toBe(401);
  });
});

describe('injection', () => {
  it('of SQL through an address at log-in', async () => {
    const response = await logIn(`' OR role = 'admin' --@example.org`);
    expect([400, 401]).toContain(response.status);
  });

  it('of a header through the envelope of inbound mail', async () => {
    await deliver(bob.address, 'hi', { from: 'a@b.org>\r\nBcc: evil@example.net\r\nX: <' });
    const text = await read(bob, (await ids(bob)).at(-1) ?? '');
    expect(text).not.toMatch(/^Bcc:/m);
  });

  it('of a recipient through an address of a submission', async () => {
    const raw = `From: ${bob.address}\r\n\r\nhi`;
    for (const to of [`${ANN}, evil@example.net`, `${ANN}>\r\nRCPT TO:<evil@example.net`]) {
      expect((await submit(bob, raw, [to])).status).toBe(422);
    }
    expect(sender.sent).toEqual([]);
  });
});

describe('bytes destroyed by decoding', () => {
  it('of mail that comes in', async () => {
    await deliver(bob.address, EVERY_OCTET);
    const text = await read(bob, (await ids(bob)).at(-1) ?? '');
    expect(text.endsWith(latin1(EVERY_OCTET))).toBe(true);
  });

  it('of mail that goes out', async () => {
    const head = `From: ${bob.address}\r\nDate: x\r\nMessage-ID: <x>\r\n\r\n`;
    const raw = new Uint8Array([...new TextEncoder().encode(head), ...EVERY_OCTET]);
    await submit(bob, raw, [ANN]);
    expect(sender.sent[0]?.raw).toBe(latin1(raw));
  });
});

describe('mail read by others', () => {
  it('through a header that names another recipient', async () => {
    const before = await ids(bob);
    await deliver(admin.address, `To: ${bob.address}\r\nCc: ${bob.address}\r\n\r\nnot for Bob`);
    expect(await ids(bob)).toEqual(before);
  });

  it('through an address that was given to somebody else later', async () => {
    const first = await addUser(admin, 'role@example.org');
    await deliver(first.address, 'for the first one');
    await request('/v1/users/role@example.org', { method: 'DELETE', token: admin.token });
    const second = await addUser(admin, 'role@example.org');
    expect(await ids(second)).toEqual([]);
  });
});

describe('a message lost', () => {
  it('when storage fails: it is thrown back, and not accepted', async () => {
    const carl = await addUser(admin, 'carl@example.org');
    const mailbox = env.MAILBOX.getByName(carl.token.split('.')[1] ?? '');
    await runInDurableObject(mailbox, (_, { storage }) => {
      storage.sql.exec('ALTER TABLE chunks RENAME TO hidden');
    });
    await expect(deliver(carl.address, 'hi')).rejects.toThrow();
  });

  it('when it is deleted before it was read: only what was named goes', async () => {
    const dora = await addUser(admin, 'dora@example.org');
    await deliver(dora.address, 'one');
    const [one = ''] = await ids(dora);
    await deliver(dora.address, 'two');
    await (await post('/v1/messages/delete', { ids: [one] }, dora.token)).text();
    expect(await ids(dora)).toHaveLength(1);
  });
});

describe('a message sent twice', () => {
  it('when the client heard no answer and asks again', async () => {
    const raw = `From: ${bob.address}\r\n\r\nonce`;
    await submit(bob, raw, [ANN], { key: 'once' });
    await submit(bob, raw, [ANN], { key: 'once' });
    expect(sender.sent).toHaveLength(1);
  });

  it('when the platform did not say whether it took it', async () => {
    sender.answer = () => {
      throw new Error('the connection broke');
    };
    const answer = await submit(bob, `From: ${bob.address}\r\n\r\nhm`, [ANN]);
    expect(await answer.json()).toMatchObject({ recipients: [{ status: 'uncertain' }] });
  });
});

describe('a session that outlives', () => {
  it('the password that it was made with', async () => {
    const erin = await addUser(admin, 'erin@example.org');
    const other = await (await logIn(erin.address)).json<{ token: string }>();
    const passwords = { oldPassword: PASSWORD, newPassword: `${PASSWORD}!` };
    expect((await put('/v1/me/password', passwords, other.token)).status).toBe(204);
    const response = await request('/v1/me', { token: erin.token });
    expect(response.status).toBe(401);
    expect(await problemOf(response)).toMatchObject({ code: 'unauthorized' });
  });
});
