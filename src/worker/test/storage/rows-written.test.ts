// Rows written are billed, and few on the Free plan: what each thing that happens all day may write at most.

import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addUser,
  deliver,
  ids,
  mailboxOf,
  post,
  read,
  setUp,
  submit,
  type User,
} from '../support/client';
import { sender } from '../support/sender';

const SMALL = `Subject: small\r\n\r\n${'0123456789abcdef'.repeat(500)}`;
const LARGE = `Subject: large\r\n\r\n${'0123456789abcdef'.repeat(256 * 1024)}`;

/** A cursor knows its final number only when it was read to its end. */
let cursors: { readonly rowsWritten: number }[] = [];
let alarms = 0;
let user: User;
const measured: string[] = [];

/**
 * Counts as Cloudflare bills: rows with their index entries, and one for each alarm that is set. All objects of
 * a test run in one isolate, so the directory is counted, too.
 */
async function countRows(): Promise<void> {
  await runInDurableObject(mailboxOf(user), (_, { storage }) => {
    const sql = Object.getPrototypeOf(storage.sql) as SqlStorage;
    const whole = Object.getPrototypeOf(storage) as DurableObjectStorage;
    const { exec } = sql;
    const { setAlarm } = whole;

    sql.exec = function counted(this: SqlStorage, ...statement: Parameters<typeof exec>) {
      const cursor = exec.apply(this, statement);
      cursors.push(cursor);

      return cursor;
    } as typeof exec;
    whole.setAlarm = function counted(this: DurableObjectStorage, ...time) {
      alarms += 1;

      return setAlarm.apply(this, time);
    };
  });
}

/** The report to the directory comes after the answer and belongs to it, so it is waited for. */
async function rowsOf(what: string, work: () => Promise<unknown>): Promise<number> {
  await expect.poll(reportedSize).toBe(await storedSize());
  cursors = [];
  alarms = 0;
  await work();
  await expect.poll(reportedSize).toBe(await storedSize());
  const rows = cursors.reduce((sum, cursor) => sum + cursor.rowsWritten, alarms);
  measured.push(`rows written: ${what}: ${rows}`);

  return rows;
}

async function storedSize(): Promise<number> {
  return runInDurableObject(mailboxOf(user), (_, { storage }) =>
    Number(storage.sql.exec('SELECT size FROM state').one().size),
  );
}

async function reportedSize(): Promise<number> {
  return runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) =>
    Number(
      storage.sql.exec('SELECT size FROM accounts WHERE address = ?', user.address).one().size,
    ),
  );
}

async function send(recipients: number, key = crypto.randomUUID()): Promise<void> {
  const to = Array.from({ length: recipients }, (_, index) => `${index}@elsewhere.example`);
  const response = await submit(user, mail(), to, { key });
  expect(response.status).toBe(202);
}

async function remove(list: readonly string[]): Promise<void> {
  const response = await post('/v1/messages/delete', { ids: list }, user.token);
  expect(await response.json()).toEqual({ deleted: list, gone: [] });
}

function mail(): string {
  return `From: ${user.address}\r\nDate: x\r\nMessage-ID: <y>\r\n${SMALL}`;
}

beforeAll(async () => {
  const admin = await setUp();
  user = await addUser(admin, 'user@example.org');
  await countRows();
});

beforeEach(() => sender.reset());

afterAll(() => console.info(measured.join('\n')));

describe('rows written', () => {
  it('for a small inbound message: at most five', async () => {
    expect(await rowsOf('8 kB in', () => deliver(user.address, SMALL))).toBeLessThanOrEqual(5);
  });

  it('for a large one: a row for each MiB, and two for the upload', async () => {
    const rows = await rowsOf('4 MiB in', () => deliver(user.address, LARGE));
    expect(rows).toBeLessThanOrEqual(5 + 4 + 2);
  });

  it('for a submission to one: at most 14, and 5 for each further recipient', async () => {
    expect(await rowsOf('8 kB out to one', () => send(1))).toBeLessThanOrEqual(14);
    expect(await rowsOf('8 kB out to ten', () => send(10))).toBeLessThanOrEqual(14 + 9 * 5);
  });

  it('for the same submission again: none', async () => {
    await send(1, 'again');
    expect(await rowsOf('the same submission again', () => send(1, 'again'))).toBe(0);
  });

  it('for a deletion: four, and one for each chunk', async () => {
    const [small = '', large = ''] = await ids(user);
    expect(await rowsOf('8 kB deleted', () => remove([small]))).toBeLessThanOrEqual(5);
    expect(await rowsOf('4 MiB deleted', () => remove([large]))).toBeLessThanOrEqual(4 + 5);
  });

  it('for reading: none', async () => {
    await deliver(user.address, SMALL);
    expect(await rowsOf('a listing', () => ids(user))).toBe(0);
    const [id = ''] = await ids(user);
    expect(await rowsOf('a message read', () => read(user, id))).toBe(0);
  });
});
