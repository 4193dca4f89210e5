import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { migrate, schemaVersion } from '../../src/storage/schema';
import { mailboxOf, request, setUp, type User } from '../support/client';

let admin: User;

beforeAll(async () => {
  admin = await setUp();
});

describe('schema', () => {
  const object = () => env.MAILBOX.getByName(crypto.randomUUID());
  const tables = ({ sql }: DurableObjectStorage) =>
    sql.exec("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").toArray();

  it('runs each step once, in order', async () => {
    await runInDurableObject(object(), (_, { storage }) => {
      migrate(storage, ['CREATE TABLE a (x)']);
      migrate(storage, ['CREATE TABLE a (x)']);
      expect(schemaVersion(storage.sql)).toBe(1);
      migrate(storage, ['CREATE TABLE a (x)', 'ALTER TABLE a RENAME TO b', 'DROP TABLE b']);
      expect(schemaVersion(storage.sql)).toBe(3);
    });
  });

  it('leaves the old version whole when a step fails', async () => {
    await runInDurableObject(object(), (_, { storage }) => {
      migrate(storage, ['CREATE TABLE a (x)']);
      const before = tables(storage);
      expect(() => migrate(storage, ['', 'CREATE TABLE b (x)', 'nonsense'])).toThrow();
      expect(tables(storage)).toEqual(before);
      expect(schemaVersion(storage.sql)).toBe(1);
    });
  });

  it('is not touched by an older Worker', async () => {
    await runInDurableObject(object(), (_, { storage }) => {
      migrate(storage, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)']);
      expect(() => migrate(storage, ['CREATE TABLE a (x)'])).toThrow(/newer/);
    });
  });

  it('is not written for a mailbox that nobody made', async () => {
    const stranger = object();
    expect((await stranger.fetch('https://x/v1/me')).status).toBe(401);
    const mail = { from: '', to: 'a@example.org', size: 1, quota: 1, delivery: null };
    await runInDurableObject(stranger, async (instance) => {
      const delivery = instance.deliver(mail, new Blob(['x']).stream());
      await expect(delivery).rejects.toThrow('nobody made this mailbox');
    });
    await runInDurableObject(stranger, (_, { storage }) => expect(tables(storage)).toEqual([]));
  });

  it('is not written twice when a mailbox is made twice', async () => {
    const mailbox = mailboxOf(admin);
    await mailbox.create('another name');
    expect((await request('/v1/me', { token: admin.token })).status).toBe(200);
  });
});
