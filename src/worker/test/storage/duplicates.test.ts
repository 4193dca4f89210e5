import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { DAY } from '../../src/limits';
import { addUser, deliver, ids, mailboxOf, patch, post, setUp, type User } from '../support/client';

const MAIL = 'Message-ID: <one@elsewhere.example>\r\n\r\nhello\r\n';

let admin: User;
let count = 0;

beforeAll(async () => {
  admin = await setUp();
});

async function newUser(): Promise<User> {
  count += 1;

  return addUser(admin, `twice${count}@example.org`);
}

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
    await patch(
      `/v1/users/${user.address}`,
      { aliases: [`also${count}@example.org`] },
      admin.token,
    );
    await deliver(user.address, MAIL);
    await deliver(user.address, `${MAIL} `);
    await deliver(user.address, MAIL, { from: 'another@elsewhere.example' });
    await deliver(`also${count}@example.org`, MAIL);
    await deliver(other.address, MAIL);
    expect(await ids(user)).toHaveLength(4);
    expect(await ids(other)).toHaveLength(1);
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
