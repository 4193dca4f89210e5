import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encode } from '../../src/bytes';
import { DAY, RESUME_AFTER, RETRY_DELAYS } from '../../src/limits';
import {
  anotherUser,
  deliver,
  ids,
  latin1,
  mailboxOf,
  post,
  read,
  request,
  type SubmissionAnswer,
  setUp,
  sql,
  submit,
  type User,
} from '../support/client';
import { platformError, sender } from '../support/sender';

const ANN = 'ann@elsewhere.example';
const BEN = 'ben@elsewhere.example';

let admin: User;

beforeAll(async () => {
  admin = await setUp();
});

beforeEach(() => sender.reset());

const newUser = (more: object = {}): Promise<User> => anotherUser(admin, more);

function mail(user: User, more = ''): string {
  return `From: ${user.address}\r\nDate: x\r\nMessage-ID: <y>\r\n${more}\r\nhello\r\n`;
}

async function send(user: User, to: readonly (string | Record<string, string>)[], envelope = {}) {
  const response = await submit(user, mail(user), to, { envelope });

  return response.json<SubmissionAnswer>();
}

async function statuses(user: User, id: string): Promise<string[]> {
  const response = await request(`/v1/submissions/${id}`, { token: user.token });
  const { recipients } = await response.json<SubmissionAnswer>();

  return recipients.map((recipient) => recipient.status);
}

async function runAlarm(user: User): Promise<void> {
  await sql(user, 'UPDATE recipients SET due = 0 WHERE due IS NOT NULL');
  await runDurableObjectAlarm(mailboxOf(user));
}

async function alarmOf(user: User): Promise<number | null> {
  return runInDurableObject(mailboxOf(user), (_, { storage }) => storage.getAlarm());
}

describe('a crash', () => {
  it('while a recipient is tried makes it uncertain: not sent again, and reported', async () => {
    const user = await newUser();
    const { id } = await send(user, [ANN, BEN]);
    sender.reset();
    await sql(user, "UPDATE recipients SET status = 'trying', due = 1 WHERE address = ?", ANN);
    await sql(user, "UPDATE recipients SET status = 'queued', due = 1 WHERE address = ?", BEN);
    await evictDurableObject(mailboxOf(user));

    // Whatever wakes the object sets the alarm, which is due at once.
    await expect.poll(() => statuses(user, id)).toEqual(['uncertain', 'sent']);
    expect(sender.sent.map(({ to }) => to)).toEqual([BEN]);

    await expect.poll(() => ids(user)).toHaveLength(1);
    const [report = ''] = await ids(user);
    expect(await read(user, report)).toContain('Nobody knows whether it arrived');
    await runAlarm(user);
    expect(await ids(user)).toEqual([report]);
    expect(await alarmOf(user)).toBeNull();
  });

  it('right after the commit leaves an alarm that sends', async () => {
    const user = await newUser();
    let hang = true;
    sender.answer = () => (hang ? new Promise(() => {}) : undefined);
    const pending = submit(user, mail(user), [ANN, BEN], { key: 'crash' }).catch(() => {});
    await expect.poll(() => alarmOf(user)).not.toBeNull();
    expect(await alarmOf(user)).toBeGreaterThan(Date.now() + RESUME_AFTER - 20_000);
    await abortAllDurableObjects();
    await pending;
    hang = false;

    // Asking wakes the object, which finds Ann's attempt cut off; Ben's turn comes with his alarm.
    await expect.poll(() => ids(user)).toHaveLength(1);
    expect(sender.sent).toEqual([]);
    await runAlarm(user);
    expect(sender.sent.map(({ to }) => to)).toEqual([BEN]);

    // The client, which heard nothing, asks again.
    const again = await submit(user, mail(user), [ANN, BEN], { key: 'crash' });
    const answer = await again.json<SubmissionAnswer>();
    expect(answer.recipients.map(({ status }) => status)).toEqual(['uncertain', 'sent']);
    expect(sender.sent).toHaveLength(1);
    expect(await ids(user)).toHaveLength(1);
  });

  it('during an upload leaves chunks that are swept when the object wakes', async () => {
    const user = await newUser();
    await deliver(user.address, 'x'.repeat(3_000_000));
    const before = await read(user, (await ids(user))[0] ?? '');
    await sql(user, 'INSERT INTO uploads VALUES (2)');
    await sql(
      user,
      "INSERT INTO chunks VALUES (2 * 4096, 'a'), (2 * 4096 + 1, 'b'), (3 * 4096, 'c')",
    );
    await evictDurableObject(mailboxOf(user));
    await deliver(user.address, 'y'.repeat(2_000_000));
    const found = await ids(user);
    expect(found).toHaveLength(2);
    expect(await read(user, found[0] ?? '')).toBe(before);
    expect(await read(user, found[1] ?? '')).toMatch(/y{2000000}$/);
  });

  it('between hashing and the row of a new account leaves no half of it', async () => {
    const body = { address: 'half@example.org', password: 'long enough it is' };
    const pending = post('/v1/users', body, admin.token).catch(() => null);
    await abortAllDurableObjects();
    await pending;
    const again = await post('/v1/users', body, admin.token);
    expect([201, 409]).toContain(again.status);
    expect(await deliver('half@example.org', 'x')).toBeNull();
  });
});

describe('a temporary failure', () => {
  it('is tried again, later each time, until it works', async () => {
    const user = await newUser();
    sender.answer = platformError('E_RATE_LIMIT_EXCEEDED');
    const { id, recipients, accepted } = await send(user, [ANN]);
    expect(recipients[0]).toMatchObject({ status: 'queued', code: '451 4.7.1' });

    for (const [index, delay] of RETRY_DELAYS.entries()) {
      const alarm = (await alarmOf(user)) ?? 0;
      expect(alarm - delay).toBeGreaterThanOrEqual(accepted);
      expect(alarm - delay).toBeLessThan(Date.now() + 1);
      if (index > 0) {
        expect(delay).toBeGreaterThan(RETRY_DELAYS[index - 1] ?? 0);
      }
      await runAlarm(user);
    }

    sender.answer = () => {};
    await runAlarm(user);
    expect(await statuses(user, id)).toEqual(['sent']);
    expect(sender.sent).toHaveLength(1);
    expect(sender.sent[0]?.raw).toBe(mail(user));
    expect(await ids(user)).toEqual([]);
    expect(await alarmOf(user)).toBeNull();
  });

  it('is given up after two days, and reported', async () => {
    const user = await newUser();
    sender.answer = platformError('E_DELIVERY_FAILED');
    const { id } = await send(user, [ANN]);
    await sql(user, 'UPDATE submissions SET accepted = accepted - ?', 2 * DAY);
    await runAlarm(user);
    expect(await statuses(user, id)).toEqual(['refused']);
    const text = await read(user, (await ids(user))[0] ?? '');
    expect(text).toContain('554 5.4.7 Given up after two days');
    expect(text).toContain('Status: 5.4.7\r\n');
    expect(await alarmOf(user)).toBeNull();
  });

  it('of our own directory is one more reason to come back', async () => {
    const user = await newUser();
    sender.answer = platformError('E_RATE_LIMIT_EXCEEDED');
    const { id } = await send(user, [ANN]);
    sender.answer = () => {};
    const directory = env.DIRECTORY.getByName('directory');
    const rename = (from: string, to: string) =>
      runInDurableObject(directory, (_, { storage }) => {
        storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
      });
    await rename('accounts', 'hidden');
    await runAlarm(user);
    expect(await alarmOf(user)).toBeGreaterThan(Date.now());
    await rename('hidden', 'accounts');
    expect(await statuses(user, id)).toEqual(['queued']);
    await runAlarm(user);
    expect(await statuses(user, id)).toEqual(['sent']);
  });

  it('keeps the bytes of a message that was deleted meanwhile, until it is out', async () => {
    const user = await newUser();
    sender.answer = platformError('E_RATE_LIMIT_EXCEEDED');
    const { id } = await send(user, [ANN]);
    await post('/v1/messages/delete', { ids: [id] }, user.token);
    expect(await ids(user, '?mailbox=sent')).toEqual([]);
    sender.answer = () => {};
    await runAlarm(user);
    expect(sender.sent[0]?.raw).toBe(mail(user));
    const chunks = await runInDurableObject(mailboxOf(user), (_, { storage }) =>
      storage.sql.exec('SELECT position FROM chunks').toArray(),
    );
    expect(chunks).toEqual([]);
  });
});

describe('a report', () => {
  it('decodes xtext, and names addresses in UTF-8 as RFC 6533 does', async () => {
    const user = await newUser();
    const to = { address: 'jörg@elsewhere.example', orcpt: 'rfc822;j+2Bo@old.example' };
    sender.answer = (address) =>
      address === to.address ? platformError('E_RECIPIENT_SUPPRESSED')() : undefined;
    await send(user, [to, BEN], { envid: 'a+20b+0D+0Ac' });
    const [report = ''] = await ids(user);
    const text = await read(user, report);

    expect(text).toContain('Content-Type: message/global-delivery-status\r\n');
    expect(text).toContain('Original-Envelope-Id: a b+0D+0Ac\r\n');
    expect(text).toContain('Original-Recipient: rfc822;j+o@old.example\r\n');
    expect(text).toContain(
      `Final-Recipient: utf-8; ${latin1(encode(to.address))}\r\nAction: failed\r\n`,
    );
  });

  it('says what became of whom, in the form of RFC 3464, once', async () => {
    const user = await newUser();
    sender.answer = (to) => (to === ANN ? platformError('E_RECIPIENT_SUPPRESSED')() : undefined);
    await send(
      user,
      [{ address: ANN, orcpt: 'rfc822;ann@old.example' }, BEN, 'nobody@example.org'],
      { envid: 'QQ314159' },
    );
    const found = await ids(user);
    expect(found).toHaveLength(1);
    const text = await read(user, found[0] ?? '');

    expect(text).toMatch(/^Return-Path: <>\r\nDelivered-To: user\d+@example\.org\r\n/);
    expect(text).toContain('From: Mail Delivery System <MAILER-DAEMON@example.org>\r\n');
    expect(text).toContain(`To: <${user.address}>\r\n`);
    expect(text).toContain('Auto-Submitted: auto-replied\r\n');
    expect(text).toContain(
      'Content-Type: multipart/report; report-type=delivery-status; boundary=',
    );
    expect(text).toContain('Original-Envelope-Id: QQ314159\r\nReporting-MTA: dns; example.org\r\n');
    expect(text).toContain(
      'Original-Recipient: rfc822;ann@old.example\r\nFinal-Recipient: rfc822; ann@elsewhere.example\r\n' +
        'Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 E_RECIPIENT_SUPPRESSED',
    );
    expect(text).toContain('Final-Recipient: rfc822; nobody@example.org\r\nAction: failed\r\n');
    expect(text).not.toContain(BEN);
    expect(text).toContain(`Content-Type: text/rfc822-headers\r\n`);
    expect(text).toContain(`From: ${user.address}\r\nDate: x\r\n`);
    expect(text).not.toContain('\r\nhello\r\n');
    expect(text).not.toMatch(/[^\r]\n/);

    const boundary = /boundary="([^"]+)"/.exec(text)?.[1];
    expect(text.split(`--${boundary}`)).toHaveLength(5);
    expect(text.endsWith(`--${boundary}--\r\n`)).toBe(true);
  });

  it('brings the whole of a small message back to who wants it', async () => {
    const user = await newUser();
    await send(user, [BEN, 'nobody@example.org'], { ret: 'FULL' });
    const text = await read(user, (await ids(user))[0] ?? '');
    expect(text).toContain(
      `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${mail(user)}`,
    );
  });

  it.each([
    ['NEVER', 'nobody@example.org', 0],
    ['SUCCESS', 'nobody@example.org', 0],
    ['SUCCESS,FAILURE', 'nobody@example.org', 1],
    ['DELAY', BEN, 0],
    ['success', BEN, 1],
  ])('with NOTIFY=%s for %s: %i', async (notify, address, reports) => {
    const user = await newUser();
    await send(user, [{ address, notify }, 'carl@elsewhere.example']);
    const found = await ids(user);
    expect(found).toHaveLength(reports);

    if (address === BEN && reports > 0) {
      expect(await read(user, found[0] ?? '')).toContain('Action: relayed\r\nStatus: 2.0.0\r\n');
    }
  });

  it('comes for each recipient in its own time, and never about a report', async () => {
    const user = await newUser();
    sender.answer = platformError('E_RATE_LIMIT_EXCEEDED');
    await send(user, [ANN, 'nobody@example.org']);
    expect(await ids(user)).toHaveLength(1);
    sender.answer = platformError('E_RECIPIENT_SUPPRESSED');
    await runAlarm(user);
    const found = await ids(user);
    expect(found).toHaveLength(2);
    expect(await read(user, found[1] ?? '')).not.toContain('nobody@');
    expect(sender.sent).toEqual([]);
  });
});
