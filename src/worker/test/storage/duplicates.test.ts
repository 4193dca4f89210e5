import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { DAY } from '../../src/limits';
import { RecentDeliveries } from '../../src/storage/recent-deliveries';
import {
  anotherUser,
  deliver,
  ids,
  mailboxOf,
  patch,
  post,
  setUp,
  submit,
  type User,
} from '../support/client';

const MAIL = 'Message-ID: <one@elsewhere.example>\r\n\r\nhello\r\n';

let admin: User;

beforeAll(async () => {
  admin = await setUp();
});

const newUser = (more: object = {}): Promise<User> => anotherUser(admin, more);

describe('a message that a sender’s server brings twice', () => {
  it('is kept once, also when both come at the same time', async () => {
    const user = await newUser();
    const answers = await Promise.all([1, 2, 3].map(() => deliver(user.address, MAIL)));
    expect(answers).toEqual([null, null, null]);
    expect(await deliver(user.address, MAIL)).toBeNull();
    expect(await ids(user)).toHaveLength(1);
  });

  it('is kept once when the object slept in between', async () => {
    const user = await newUser();
    await deliver(user.address, MAIL);
    await evictDurableObject(mailboxOf(user));
    await deliver(user.address, MAIL);
    expect(await ids(user)).toHaveLength(1);
  });

  it('does not come back when it was read and deleted in between', async () => {
    const user = await newUser();
    await deliver(user.address, MAIL);
    const deleted = await post('/v1/messages/delete', { ids: await ids(user) }, user.token);
    expect((await deleted.json<{ deleted: string[] }>()).deleted).toHaveLength(1);
    await evictDurableObject(mailboxOf(user));
    await deliver(user.address, MAIL);
    expect(await ids(user)).toEqual([]);
  });

  it('of a megabyte leaves nothing of the second one', async () => {
    const user = await newUser();
    const large = `${MAIL}${'x'.repeat(3_000_000)}`;
    await deliver(user.address, large);
    await deliver(user.address, large);
    const [rows] = await runInDurableObject(mailboxOf(user), (_, { storage }) =>
      storage.sql
        .exec('SELECT count(*) AS chunks, sum(length(data)) AS size FROM chunks')
        .toArray(),
    );
    expect(rows?.size).toBeLessThan(3_001_000);
  });

  it('is two messages after a day', async () => {
    const user = await newUser();
    await deliver(user.address, MAIL);
    await runInDurableObject(mailboxOf(user), (_, { storage }) => {
      storage.sql.exec('UPDATE messages SET added = added - ?', DAY);
    });
    await evictDurableObject(mailboxOf(user));
    await deliver(user.address, MAIL);
    expect(await ids(user)).toHaveLength(2);
  });

  it('is two messages with another byte, sender or recipient', async () => {
    const [user, other] = [await newUser(), await newUser()];
    await patch(`/v1/users/${user.address}`, { aliases: [`also-${user.address}`] }, admin.token);
    await deliver(user.address, MAIL);
    await deliver(user.address, `${MAIL} `);
    await deliver(user.address, MAIL, { from: 'another@elsewhere.example' });
    await deliver(`also-${user.address}`, MAIL);
    await deliver(other.address, MAIL);
    expect(await ids(user)).toHaveLength(4);
    expect(await ids(other)).toHaveLength(1);
  });
});

describe('the lines that servers on the way put on top', () => {
  const over = (id: string, mail: string) =>
    `Received: from a by b id ${id};\r\n ${id}\r\nARC-Seal: i=1; b=${id}\r\n${mail}`;

  it('differ with each connection, and a message that names itself is one all the same', async () => {
    const user = await newUser();
    await deliver(user.address, over('1', MAIL));
    await deliver(user.address, over('2', MAIL));
    await evictDurableObject(mailboxOf(user));
    await deliver(user.address, over('3', MAIL));
    expect(await ids(user)).toHaveLength(1);
    await deliver(user.address, over('4', MAIL.replace('one@', 'two@')));
    await deliver(user.address, over('5', `${MAIL}more`));
    await deliver(user.address, over('6', `Subject: another\r\n${MAIL}`));
    expect(await ids(user)).toHaveLength(4);
  });

  it('may be all that tells two messages without a Message-ID apart', async () => {
    const user = await newUser();
    const nightly = 'Subject: backup\r\n\r\nall went well\r\n';
    await deliver(user.address, over('1', nightly));
    await deliver(user.address, over('2', nightly));
    expect(await ids(user)).toHaveLength(2);
  });
});

describe('a message that fills the mailbox', () => {
  it('is not refused when it comes again', async () => {
    const user = await newUser({ quota: 400 });
    const mail = `${MAIL}${'x'.repeat(150)}`;
    expect(await deliver(user.address, mail)).toBeNull();
    expect(await deliver(user.address, mail)).toBeNull();
    expect(await deliver(user.address, `${mail}y`)).toMatch(/^552 5\.2\.2 /);
    expect(await ids(user)).toHaveLength(1);
  });
});

describe('the same file, sent twice on purpose', () => {
  it('is two messages for a user here, as it is for anybody else', async () => {
    const [user, friend] = [await newUser(), await newUser()];
    const raw = `From: ${user.address}\r\nDate: x\r\nMessage-ID: <same@x>\r\n\r\nhi\r\n`;
    await (await submit(user, raw, [friend.address])).text();
    await (await submit(user, raw, [friend.address])).text();
    expect(await ids(friend)).toHaveLength(2);
  });
});

describe('looking for what came before', () => {
  it('reads the last day of a mailbox, and not the rest', async () => {
    const user = await newUser();
    await deliver(user.address, MAIL);
    await runInDurableObject(mailboxOf(user), (_, { storage }) => {
      storage.sql.exec(`
        WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
        INSERT INTO messages SELECT i, '0123456789abcdef', 'inbox', i, 5, 5, '', 0, '', 0, 0, '' FROM n`);
      const before = storage.sql.exec('SELECT 1').rowsRead;
      const seen: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
      const sql = {
        exec: (query: string, ...values: SqlStorageValue[]) => {
          const cursor = storage.sql.exec(query, ...values);
          seen.push(cursor);

          return cursor;
        },
      };
      new RecentDeliveries(sql as SqlStorage).find('x', Date.now());
      const read = seen.reduce((sum, cursor) => sum + cursor.rowsRead, 0);
      expect(before).toBeLessThan(5);
      expect(read).toBeLessThan(5);
    });
  });
});

describe('fifty deliveries at once', () => {
  it('keep the counters exact', async () => {
    const user = await newUser();
    const bodies = Array.from({ length: 50 }, (_, index) => `${index}`.repeat(index + 1));
    await Promise.all(bodies.map((body) => deliver(user.address, body)));
    const state = await runInDurableObject(mailboxOf(user), (_, { storage }) =>
      storage.sql
        .exec(
          `SELECT seq, messages, size, (SELECT count(*) FROM messages) AS counted,
             (SELECT sum(octets) FROM messages) AS summed, (SELECT count(DISTINCT seq) FROM messages) AS places
           FROM state`,
        )
        .one(),
    );
    expect(state).toMatchObject({ seq: 50, messages: 50, counted: 50, places: 50 });
    expect(state.size).toBe(state.summed);
  });
});
