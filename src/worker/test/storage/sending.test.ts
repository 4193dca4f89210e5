import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  DELAY_NOTICE_AFTER,
  FORGET_PAGE,
  GIVE_UP_AFTER,
  KEEP_SUBMISSIONS,
  RETRY_DELAYS,
} from '../../src/limits';
import { AlarmClock } from '../../src/storage/alarm-clock';
import type { Carrier } from '../../src/storage/carrier';
import { Dispatcher } from '../../src/storage/dispatcher';
import { EventHub } from '../../src/storage/events';
import { MessageStore } from '../../src/storage/messages';
import { StandingStore } from '../../src/storage/standing';
import { type Submission, SubmissionStore } from '../../src/storage/submissions';
import {
  addUser,
  anotherUser,
  ids,
  mailboxOf,
  patch,
  problemOf,
  put,
  read,
  remove,
  request,
  type SubmissionAnswer,
  setUp,
  sql,
  submit,
  type User,
} from '../support/client';
import { platformError, sender } from '../support/sender';

const ANN = 'ann@elsewhere.example';
const HOUR = 3_600_000;

let admin: User;

beforeAll(async () => {
  admin = await setUp();
});

beforeEach(() => sender.reset());

const newUser = (more: object = {}): Promise<User> => anotherUser(admin, more);

function mail(from: string): string {
  return `From: ${from}\r\nDate: x\r\nMessage-ID: <${crypto.randomUUID()}>\r\n\r\nhello\r\n`;
}

async function send(
  user: User,
  to: readonly (string | Record<string, string>)[],
): Promise<SubmissionAnswer> {
  return (await submit(user, mail(user.address), to)).json();
}

async function recipient(user: User): Promise<Record<string, SqlStorageValue>> {
  return (await sql(user, 'SELECT * FROM recipients'))[0] ?? {};
}

/** As if the message had been accepted so much earlier; then the alarm rings. */
async function later(user: User, time: number): Promise<void> {
  await sql(user, 'UPDATE submissions SET accepted = accepted - ?', time);
  await sql(user, 'UPDATE recipients SET due = 0 WHERE due IS NOT NULL');
  await runDurableObjectAlarm(mailboxOf(user));
}

describe('a delay', () => {
  it('of four hours is told once, as RFC 3464 says, and trying goes on', async () => {
    const user = await newUser();
    sender.answer = platformError('E_RATE_LIMIT_EXCEEDED');
    const { accepted } = await send(user, [ANN]);
    await later(user, DELAY_NOTICE_AFTER - HOUR);
    expect(await ids(user)).toEqual([]);
    // It is looked at when the four hours are over, and not when the next attempt happens to be.
    expect((await recipient(user)).due).toBeLessThanOrEqual(accepted + HOUR);
    await later(user, HOUR);
    const [id = ''] = await ids(user);
    const text = await read(user, id);
    expect(text).toContain('Subject: Delayed mail\r\n');
    expect(text).toContain('Action: delayed\r\nStatus: 4.7.1\r\n');
    expect(text).toMatch(/\r\nWill-Retry-Until: \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000\r\n/);
    expect(text).toMatch(/^Return-Path: <>\r\n/);
    await later(user, HOUR);
    expect(await ids(user)).toEqual([id]);
    sender.answer = () => {};
    await later(user, 0);
    expect(sender.sent).toHaveLength(1);
    expect(await ids(user)).toEqual([id]);
  });

  it.each([
    ['NEVER', 0],
    ['FAILURE', 0],
    ['SUCCESS,DELAY', 1],
  ])('with NOTIFY=%s is told %i times', async (notify, reports) => {
    const user = await newUser();
    sender.answer = platformError('E_INTERNAL_SERVER_ERROR');
    await send(user, [{ address: ANN, notify }]);
    await later(user, DELAY_NOTICE_AFTER);
    expect(await ids(user)).toHaveLength(reports);
  });

  it('ends after two days, and not at the next attempt after them', async () => {
    const user = await newUser();
    sender.answer = platformError('E_DELIVERY_FAILED');
    const { accepted } = await send(user, [ANN]);
    await sql(user, 'UPDATE recipients SET attempts = ?, delay_told = 1', RETRY_DELAYS.length);
    await later(user, GIVE_UP_AFTER - HOUR);
    expect((await recipient(user)).due).toBeLessThanOrEqual(accepted + HOUR);
    await later(user, HOUR);
    expect((await recipient(user)).status).toBe('refused');
  });
});

describe('an attempt at a mailbox here', () => {
  it('that a crash cut off is made again, and the message is there once', async () => {
    const [user, friend] = [await newUser(), await newUser()];
    await send(user, [friend.address]);
    expect(await ids(friend)).toHaveLength(1);
    // The other mailbox has it; that this one heard so is what the crash took away.
    await sql(user, "UPDATE recipients SET status = 'trying', due = 1");
    await evictDurableObject(mailboxOf(user));
    await runDurableObjectAlarm(mailboxOf(user));
    await expect.poll(async () => (await recipient(user)).status).toBe('delivered');
    expect(await ids(friend)).toHaveLength(1);
    expect(await ids(user)).toEqual([]);
  });

  it('that fails is made again later', async () => {
    const [user, friend] = [await newUser(), await newUser()];
    await sql(friend, 'ALTER TABLE messages RENAME TO hidden');
    const { recipients } = await send(user, [friend.address]);
    expect(recipients[0]).toMatchObject({ status: 'queued', code: '451 4.3.0' });
    await sql(friend, 'ALTER TABLE hidden RENAME TO messages');
    await later(user, 0);
    expect((await recipient(user)).status).toBe('delivered');
    expect(await ids(friend)).toHaveLength(1);
  });

  it('is by what leads where now: a user who was deleted meanwhile is unknown', async () => {
    const [user, friend] = [await newUser(), await newUser()];
    await sql(friend, 'ALTER TABLE messages RENAME TO hidden');
    await send(user, [friend.address]);
    await remove(`/v1/users/${friend.address}`, admin.token);
    await later(user, 0);
    expect(await recipient(user)).toMatchObject({ status: 'refused', code: '550 5.1.1' });
  });
});

/** A dispatcher of its own over a user's mailbox, which waits for 50 ms at most. */
async function withDispatcher(
  user: User,
  carrier: Carrier,
  work: (dispatcher: Dispatcher, submissions: SubmissionStore) => Promise<void>,
): Promise<void> {
  await runInDurableObject(mailboxOf(user), async (_, state) => {
    const { storage } = state;
    const submissions = new SubmissionStore(storage.sql);
    const dispatcher = new Dispatcher(
      storage,
      new MessageStore(storage.sql),
      submissions,
      new EventHub(state),
      carrier,
      new AlarmClock(storage, null),
      new StandingStore(storage.sql),
      50,
    );
    await work(dispatcher, submissions);
  });
}

describe('a refusal of all', () => {
  it.each([
    [true, 0],
    [false, 1],
  ])('while the client waits: %j, reports: %i', async (isAwaited, reports) => {
    const user = await newUser();
    sender.answer = platformError('E_RATE_LIMIT_EXCEEDED');
    const { id } = await send(user, [ANN]);
    const carrier: Carrier = {
      route: async () => [{ kind: 'elsewhere' }],
      carry: async () => ({ status: 'refused', code: '550 5.1.1', reason: 'nobody' }),
    };
    await withDispatcher(user, carrier, async (dispatcher, submissions) => {
      const submission = submissions.byId(id);
      expect(submission).not.toBeNull();
      await dispatcher.attemptFirst(submission as Submission, () => isAwaited);
    });
    expect((await recipient(user)).status).toBe('refused');
    expect(await ids(user)).toHaveLength(reports);
  });
});

describe('a platform that never answers', () => {
  it('holds up nobody else, and is not asked twice', async () => {
    const user = await newUser();
    sender.answer = platformError('E_RATE_LIMIT_EXCEEDED');
    await send(user, [ANN]);
    await send(user, ['ben@elsewhere.example']);
    await sql(user, 'UPDATE recipients SET due = 0');
    const asked: string[] = [];
    const carrier: Carrier = {
      route: async (recipients) => recipients.map(() => ({ kind: 'elsewhere' })),
      carry: async ({ recipient: to }) => {
        asked.push(to);

        return to === ANN ? new Promise<never>(() => {}) : { status: 'sent' };
      },
    };
    await withDispatcher(user, carrier, async (dispatcher) => {
      await dispatcher.resume();
      await dispatcher.resume();
    });
    const rows = await sql(user, 'SELECT status FROM recipients ORDER BY position');
    expect(rows.map(({ status }) => status)).toEqual(['uncertain', 'sent']);
    expect(asked).toEqual([ANN, 'ben@elsewhere.example']);
    expect(await read(user, (await ids(user))[0] ?? '')).toContain('There was no answer in time');
  });
});

describe('the daily limit', () => {
  it('is counted in recipients, is the admin’s to set, and ends at midnight', async () => {
    const user = await newUser();
    await patch(`/v1/users/${user.address}`, { dailyLimit: 3 }, admin.token);
    await send(user, [ANN, 'ben@elsewhere.example']);
    const refused = await submit(user, mail(user.address), [ANN, 'ben@elsewhere.example']);
    expect(refused.status).toBe(429);
    expect(await problemOf(refused)).toMatchObject({
      code: 'rate_limited',
      smtpCode: '450 4.7.1',
      limit: 3,
      retryAfter: expect.any(Number),
    });
    await send(user, [ANN]);
    expect(sender.sent).toHaveLength(3);
    const { recipientsToday } = await (await request('/v1/me', { token: user.token })).json<{
      recipientsToday: number;
    }>();
    expect(recipientsToday).toBe(3);
    expect((await submit(user, mail(user.address), [ANN])).status).toBe(429);
    await sql(user, 'UPDATE state SET sent_day = sent_day - 1');
    expect((await submit(user, mail(user.address), [ANN])).status).toBe(202);
  });

  it('holds for many at once, and a repeat does not count', async () => {
    const user = await newUser();
    await patch(`/v1/users/${user.address}`, { dailyLimit: 2 }, admin.token);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => submit(user, mail(user.address), [ANN])),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(2);
    const other = await newUser();
    await patch(`/v1/users/${other.address}`, { dailyLimit: 1 }, admin.token);
    const raw = mail(other.address);
    expect((await submit(other, raw, [ANN], { key: 'k' })).status).toBe(202);
    expect((await submit(other, raw, [ANN], { key: 'k' })).status).toBe(202);
  });

  it('of 0 lets a user read and not write', async () => {
    const user = await newUser();
    await patch(`/v1/users/${user.address}`, { dailyLimit: 0 }, admin.token);
    expect((await submit(user, mail(user.address), [ANN])).status).toBe(429);
    expect((await request('/v1/messages', { token: user.token })).status).toBe(200);
  });
});

describe('who may stand in envelope and From', () => {
  it('is whoever’s mail comes to the user: a granted catch-all, but nobody else in it', async () => {
    const [user, other] = [await newUser(), await newUser()];
    await put('/v1/domains/shop.example', undefined, admin.token);
    await addUser(admin, 'boss@shop.example');
    await patch(`/v1/users/${user.address}`, { catchAll: ['shop.example'] }, admin.token);
    const as = async (who: User, from: string) =>
      (await submit(who, mail(from), [ANN], { envelope: { from } })).status;
    expect(await as(user, 'anything@shop.example')).toBe(202);
    expect(await as(user, 'sales+x@shop.example')).toBe(202);
    expect(await as(user, 'boss@shop.example')).toBe(422);
    expect(await as(user, 'boss+x@shop.example')).toBe(422);
    expect(await as(other, 'anything@shop.example')).toBe(422);
    expect(await as(user, other.address)).toBe(422);
    expect(await as(user, 'someone@example.org')).toBe(422);
    expect(await as(user, 'someone@elsewhere.example')).toBe(422);
    const mixed = await submit(user, mail(`${user.address}, ${other.address}`), [ANN]);
    expect(await problemOf(mixed)).toMatchObject({ code: 'rejected', smtpCode: '550 5.7.1' });
    await patch(`/v1/users/${user.address}`, { catchAll: [] }, admin.token);
    expect(await as(user, 'anything@shop.example')).toBe(422);
  });
});

describe('an old submission', () => {
  it('is forgotten after a month, once it is settled; the message stays', async () => {
    const user = await newUser();
    const { id } = await send(user, [ANN]);
    const found = async () =>
      (await request(`/v1/submissions/${id}`, { token: user.token })).status;
    await sql(user, 'UPDATE submissions SET accepted = accepted - ?', KEEP_SUBMISSIONS);
    expect(await found()).toBe(200);
    await send(user, [ANN]);
    expect(await found()).toBe(404);
    expect(await sql(user, 'SELECT position FROM recipients')).toHaveLength(1);
    expect(await ids(user, '?mailbox=sent')).toContain(id);
    expect(FORGET_PAGE).toBeGreaterThan(1);
  });
});
