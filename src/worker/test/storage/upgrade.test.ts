import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../src/bytes';
import { directorySchema } from '../../src/storage/directory-schema';
import { mailboxSchema } from '../../src/storage/mailbox-schema';
import { STORAGE_IS_NEWER, schemaVersion } from '../../src/storage/schema';
import {
  addUser,
  deliver,
  ids,
  list,
  logIn,
  mailboxOf,
  patch,
  post,
  problemOf,
  read,
  request,
  type SubmissionAnswer,
  setUp,
  submit,
  type User,
} from '../support/client';
import { platformError, sender } from '../support/sender';

/**
 * The SHA-256 of each step that was released. A step that changes later would leave objects with other tables
 * than those that are made anew: add a step instead, and its digest here.
 */
const RELEASED = {
  directory: ['4319588839eb', 'fe004e3b6dd4'],
  mailbox: ['9116c185aebc', 'b223c91a1427'],
};

const ANN = 'ann@elsewhere.example';

let admin: User;

beforeAll(async () => {
  admin = await setUp();
});

beforeEach(() => sender.reset());

const directory = () => env.DIRECTORY.getByName('directory');

/** Brings storage back to what `version` had: its tables, and of the rows the columns that there were. */
async function downgrade(
  storage: DurableObjectStorage,
  steps: readonly string[],
  version: number,
): Promise<void> {
  const { sql } = storage;
  const names = () =>
    sql
      .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
      .toArray()
      .map((row) => String(row.name))
      .filter((name) => !/^(sqlite|_cf)_|^schema$/.test(name));
  const kept = new Map(names().map((name) => [name, sql.exec(`SELECT * FROM ${name}`).toArray()]));
  await storage.deleteAll();

  for (const step of steps.slice(0, version)) {
    sql.exec(step);
  }

  for (const name of names()) {
    const columns = sql
      .exec(`SELECT name FROM pragma_table_info('${name}')`)
      .toArray()
      .map((row) => String(row.name));
    sql.exec(`DELETE FROM ${name}`);

    for (const row of kept.get(name) ?? []) {
      const marks = columns.map(() => '?').join(', ');
      const values = columns.map((column) => row[column] ?? null);
      sql.exec(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${marks})`, ...values);
    }
  }

  sql.exec('CREATE TABLE schema (version INTEGER NOT NULL)');
  sql.exec('INSERT INTO schema VALUES (?)', version);
}

async function digests(steps: readonly string[]): Promise<string[]> {
  return Promise.all(
    steps.map(async (step) => {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(step));
      return toHex(digest).slice(0, 12);
    }),
  );
}

describe('a schema step', () => {
  it('is never changed once it was released', async () => {
    expect(await digests(directorySchema)).toEqual(RELEASED.directory);
    expect(await digests(mailboxSchema)).toEqual(RELEASED.mailbox);
  });
});

describe.each(mailboxSchema.slice(1).map((_, index) => index + 1))(
  'a mailbox of version %i',
  (version) => {
    it('has all its mail, its tokens and its queue after the upgrade', async () => {
      const user = await addUser(admin, `mailbox${version}@example.org`);
      await deliver(user.address, 'one');
      await deliver(user.address, `two${'x'.repeat(2_000_000)}`);
      await deliver(user.address, 'three');
      const [first = '', second = '', third = ''] = await ids(user);
      await (await post('/v1/messages/delete', { ids: [first] }, user.token)).text();
      const bytes = await read(user, second);
      sender.answer = platformError('E_RATE_LIMIT_EXCEEDED');
      const raw = `From: ${user.address}\r\nDate: x\r\nMessage-ID: <x>\r\n\r\nhi\r\n`;
      const queued = await submit(user, raw, [ANN], { key: 'upgrade' });
      const { id } = await queued.json<SubmissionAnswer>();
      const before = await list(user);

      await runInDurableObject(mailboxOf(user), (_, { storage }) =>
        downgrade(storage, mailboxSchema, version),
      );
      await evictDurableObject(mailboxOf(user));

      expect(await list(user)).toEqual(before);
      expect(await read(user, second)).toBe(bytes);
      expect(await list(user, '?since=0')).toContainEqual(
        expect.objectContaining({ id: first, deleted: true }),
      );
      await runInDurableObject(mailboxOf(user), (_, { storage }) => {
        expect(schemaVersion(storage.sql)).toBe(mailboxSchema.length);
      });
      await deliver(user.address, 'three');
      expect(await ids(user)).toEqual([second, third]);
      await deliver(user.address, 'four');
      expect(await ids(user)).toHaveLength(3);

      sender.answer = () => {};
      await runInDurableObject(mailboxOf(user), (_, { storage }) => {
        storage.sql.exec('UPDATE recipients SET due = 0 WHERE due IS NOT NULL');
      });
      await runDurableObjectAlarm(mailboxOf(user));
      expect(sender.sent.map(({ to }) => to)).toEqual([ANN]);
      const again = await submit(user, raw, [ANN], { key: 'upgrade' });
      expect(await again.json()).toMatchObject({ id, recipients: [{ status: 'sent' }] });
    });
  },
);

describe.each(directorySchema.slice(1).map((_, index) => index + 1))(
  'a directory of version %i',
  (version) => {
    it('has all accounts, aliases and the key of the tokens after the upgrade', async () => {
      const user = await addUser(admin, `directory${version}@example.org`);
      const alias = `also${version}@example.org`;
      await patch(`/v1/users/${user.address}`, { aliases: [alias] }, admin.token);
      await runInDurableObject(directory(), (_, { storage }) =>
        downgrade(storage, directorySchema, version),
      );
      await evictDurableObject(directory());

      expect(await deliver(alias, 'to the alias')).toBeNull();
      expect(await ids(user)).toHaveLength(1);
      expect((await logIn(user.address)).status).toBe(201);
      const changed = await patch(`/v1/users/${alias}`, { dailyLimit: 9 }, admin.token);
      expect(await changed.json()).toMatchObject({ address: user.address, dailyLimit: 9 });
      await runInDurableObject(directory(), (_, { storage }) => {
        expect(schemaVersion(storage.sql)).toBe(directorySchema.length);
      });
    });
  },
);

describe('a downgrade', () => {
  const pretend = async (stub: DurableObjectStub<undefined>, version: number): Promise<void> => {
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec('UPDATE schema SET version = ?', version);
    });
    await evictDurableObject(stub);
  };

  it('of a mailbox is refused with words that help, and mail is deferred', async () => {
    const user = await addUser(admin, 'newer@example.org');
    await pretend(mailboxOf(user) as never, mailboxSchema.length + 1);
    const response = await request('/v1/messages', { token: user.token });
    expect(response.status).toBe(503);
    expect(await problemOf(response)).toMatchObject({
      code: 'unavailable',
      message: STORAGE_IS_NEWER,
    });
    await expect(deliver(user.address, 'x')).rejects.toThrow(STORAGE_IS_NEWER);
  });

  it('of the directory is refused too', async () => {
    await pretend(directory() as never, directorySchema.length + 1);
    const response = await request('/v1/info');
    expect(response.status).toBe(503);
    expect(await problemOf(response)).toMatchObject({ message: STORAGE_IS_NEWER });
    await expect(deliver(admin.address, 'x')).rejects.toThrow(STORAGE_IS_NEWER);
  });
});
