import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encode } from '../../src/bytes';
import { DAY, MAX_MESSAGE_SIZE, MAX_RECIPIENTS } from '../../src/limits';
import {
  addUser,
  ids,
  latin1,
  mailboxOf,
  problemOf,
  read,
  request,
  type SubmissionAnswer,
  setUp,
  submit,
  type User,
} from '../support/client';
import { platformError, sender } from '../support/sender';

const HEAD = 'From: Bob <bob@example.org>\r\nTo: ann@elsewhere.example\r\n';
const WHOLE = `${HEAD}Date: x\r\nMessage-ID: <y@z>\r\n`;
const MAIL = `${WHOLE}Subject: hi\r\n\r\nhello\r\n`;
const ANN = 'ann@elsewhere.example';

let admin: User;
let bob: User;

beforeAll(async () => {
  admin = await setUp();
  bob = await addUser(admin, 'bob@example.org');
});

beforeEach(() => sender.reset());

async function answerOf(response: Response): Promise<SubmissionAnswer> {
  expect(response.status).toBe(202);

  return response.json();
}

async function nothingIsStored(work: () => Promise<unknown>): Promise<void> {
  const state = () =>
    runInDurableObject(mailboxOf(bob), (_, { storage }) =>
      ['messages', 'chunks', 'uploads', 'submissions', 'recipients'].map(
        (table) => storage.sql.exec(`SELECT count(*) AS count FROM ${table}`).one().count,
      ),
    );
  const before = await state();
  await work();
  expect(await state()).toEqual(before);
  expect(sender.sent).toEqual([]);
}

describe('a submission', () => {
  it('goes out once to each recipient, byte for byte', async () => {
    const raw = `${WHOLE}Subject: \xe9\xff\r\n\r\n${'x'.repeat(5000)}\x00\x80\n.\r\n`;
    const bytes = Uint8Array.from(raw, (character) => character.charCodeAt(0));
    const answer = await answerOf(await submit(bob, bytes, [ANN, 'Other@Elsewhere.example', ANN]));

    expect(answer).toEqual({
      id: expect.stringMatching(/^[0-9a-z]+-[0-9a-f]{16}$/),
      accepted: expect.any(Number),
      recipients: [ANN, 'other@elsewhere.example'].map((address) => ({
        address,
        status: 'sent',
        code: null,
        reason: null,
      })),
    });
    expect(sender.sent).toEqual([
      { from: 'bob@example.org', to: ANN, raw },
      { from: 'bob@example.org', to: 'other@elsewhere.example', raw },
    ]);
  });

  it('keeps what was submitted in the mailbox `sent`, and sends it without Bcc', async () => {
    const secret = `Bcc: hidden@elsewhere.example,\r\n ${'x'.repeat(100)}@elsewhere.example\r\n`;
    const raw = `${secret}${WHOLE}${secret}\r\nBcc: is text here\r\n`;
    const { id } = await answerOf(await submit(bob, raw, [ANN]));

    expect(await read(bob, id)).toBe(raw);
    expect(await ids(bob, '?mailbox=sent')).toContain(id);
    expect(await ids(bob)).toEqual([]);
    expect(sender.sent[0]?.raw).toBe(`${WHOLE}\r\nBcc: is text here\r\n`);
  });

  it('gets the Date and the Message-ID that it lacks', async () => {
    const { id, accepted } = await answerOf(await submit(bob, `${HEAD}\r\nhello`, [ANN]));
    const date = new Date(accepted).toUTCString().replace('GMT', '+0000');
    const added = `Date: ${date}\r\nMessage-ID: <${id}@example.org>\r\n`;

    expect(sender.sent[0]?.raw).toBe(`${added}${HEAD}\r\nhello`);
    expect(await read(bob, id)).toBe(`${HEAD}\r\nhello`);
  });

  it('is sent in the name of From, whatever plus-form the envelope has', async () => {
    await answerOf(
      await submit(bob, MAIL, [ANN], { envelope: { from: 'Bob+bounces@example.org' } }),
    );
    expect(sender.sent[0]?.from).toBe('bob@example.org');
  });

  it('goes to recipients in UTF-8, with their names as they are compared', async () => {
    const answer = await answerOf(
      await submit(bob, MAIL, ['JO\u0308RG@Elsewhere.example', '猫@例え.jp', '"ann"@x.example']),
    );
    const recipients = ['jörg@elsewhere.example', '猫@例え.jp', 'ann@x.example'];
    expect(answer.recipients.map(({ address, status }) => [address, status])).toEqual(
      recipients.map((address) => [address, 'sent']),
    );
    expect(sender.sent.map(({ to }) => to)).toEqual(recipients);
  });

  it('may have a name in UTF-8 in From, and goes out byte for byte', async () => {
    const raw = MAIL.replace('Bob <', 'Böb Müller <');
    await answerOf(await submit(bob, raw, [ANN]));
    expect(sender.sent[0]).toEqual({ from: 'bob@example.org', to: ANN, raw: latin1(encode(raw)) });
  });

  it('with an address in UTF-8 in From that is not the user’s is refused', async () => {
    const response = await submit(bob, MAIL.replace('bob@', 'bòb@'), [ANN]);
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({ smtpCode: '550 5.7.1' });
  });

  it('goes straight into the mailboxes that are here', async () => {
    const carol = await addUser(admin, 'carol@example.org');
    await addUser(admin, 'full@example.org', { quota: 10 });
    const here = ['carol+x@example.org', 'full@example.org', 'nobody@example.org', bob.address];
    const answer = await answerOf(await submit(bob, `Bcc: x@y\r\n${MAIL}`, here));

    expect(answer.recipients.map(({ status, code }) => [status, code])).toEqual([
      ['delivered', null],
      ['refused', '552 5.2.2'],
      ['refused', '550 5.1.1'],
      ['delivered', null],
    ]);
    expect(sender.sent).toEqual([]);

    const trace = 'Return-Path: <bob@example.org>\r\nDelivered-To: ';
    const [inCarols = ''] = await ids(carol);
    expect(await read(carol, inCarols)).toBe(`${trace}carol+x@example.org\r\n${MAIL}`);
    const [inBobs = ''] = await ids(bob);
    expect(await read(bob, inBobs)).toBe(`${trace}bob@example.org\r\n${MAIL}`);
  });

  it('of 25 MiB is stored and goes out', { timeout: 30_000 }, async () => {
    const erin = await addUser(admin, 'erin@example.org');
    const large = new Uint8Array(MAX_MESSAGE_SIZE).fill(0x61);
    const head = encode('From: erin@example.org\r\nDate: x\r\nMessage-ID: <y>\r\n\r\n');
    large.set(head);
    const { recipients } = await answerOf(await submit(erin, large, [ANN]));
    expect(recipients[0]?.status).toBe('sent');
    expect(sender.sent[0]?.raw.length).toBe(large.length);
    expect(sender.sent[0]?.raw.startsWith(latin1(head))).toBe(true);
  });

  it('can be looked at, by its sender only', async () => {
    const { id } = await answerOf(await submit(bob, MAIL, [ANN]));
    const look = (user: User, which = id) =>
      request(`/v1/submissions/${which}`, { token: user.token });

    expect(await (await look(bob)).json()).toMatchObject({ id, recipients: [{ status: 'sent' }] });
    expect((await look(admin)).status).toBe(404);
    expect((await look(bob, 'nonsense')).status).toBe(404);
  });
});

describe('the same key', () => {
  it('gives the first answer as it now stands, and sends nothing', async () => {
    const first = await answerOf(await submit(bob, MAIL, [ANN], { key: 'again' }));
    const second = await answerOf(await submit(bob, MAIL, [ANN], { key: 'again' }));
    expect(second).toEqual(first);
    expect(sender.sent).toHaveLength(1);
  });

  it('sends once when it comes twice at the same time', async () => {
    const twice = [1, 2].map(() => submit(bob, MAIL, [ANN], { key: 'at-once' }));
    const [first, second] = await Promise.all(
      twice.map(async (response) => answerOf(await response)),
    );
    expect(second?.id).toBe(first?.id);
    expect(sender.sent).toHaveLength(1);
    expect((await ids(bob, '?mailbox=sent')).filter((id) => id === first?.id)).toHaveLength(1);
  });

  it.each([
    ['another message', `${MAIL}x`, [ANN], {}],
    ['another recipient', MAIL, ['other@elsewhere.example'], {}],
    ['one recipient more', MAIL, [ANN, 'other@elsewhere.example'], {}],
    ['another sender', MAIL, [ANN], { from: 'bob+x@example.org' }],
  ])('is refused for %s', async (_, raw, recipients, envelope) => {
    await submit(bob, MAIL, [ANN], { key: 'taken' });
    sender.reset();
    await nothingIsStored(async () => {
      const response = await submit(bob, raw, recipients, { key: 'taken', envelope });
      expect(response.status).toBe(422);
      expect(await problemOf(response)).toMatchObject({
        code: 'rejected',
        field: 'Idempotency-Key',
      });
    });
  });

  it('is free again after a day', async () => {
    const first = await answerOf(await submit(bob, MAIL, [ANN], { key: 'daily' }));
    await runInDurableObject(mailboxOf(bob), (_, { storage }) => {
      storage.sql.exec('UPDATE submissions SET accepted = accepted - ?', DAY);
    });
    const second = await answerOf(await submit(bob, `${MAIL}2`, [ANN], { key: 'daily' }));
    expect(second.id).not.toBe(first.id);
    expect((await request(`/v1/submissions/${first.id}`, { token: bob.token })).status).toBe(200);
  });

  it('belongs to its user', async () => {
    const mine = await answerOf(await submit(bob, MAIL, [ANN], { key: 'mine' }));
    const theirs = MAIL.replace('bob@', 'admin@');
    const other = await answerOf(await submit(admin, theirs, [ANN], { key: 'mine' }));
    expect(other.id).not.toBe(mine.id);
  });
});

describe('a sender', () => {
  it.each([
    ['in the envelope', MAIL, { from: 'carol@example.org' }, '550 5.7.1'],
    ['in From', MAIL.replace('bob@', 'carol@'), {}, '550 5.7.1'],
    ['beside their own in From', MAIL.replace('Bob <', 'eve@x.example, Bob <'), {}, '550 5.7.1'],
    ['in Sender', `Sender: eve@x.example\r\n${MAIL}`, {}, '550 5.7.1'],
    ['nowhere', 'Subject: x\r\n\r\n', {}, '550 5.6.0'],
    ['in two From fields', `From: bob@example.org\r\n${MAIL}`, {}, '550 5.6.0'],
  ])('that is not the user, %s, is refused', async (_, raw, envelope, smtpCode) => {
    await nothingIsStored(async () => {
      const response = await submit(bob, raw, [ANN], { envelope });
      expect(response.status).toBe(422);
      expect(await problemOf(response)).toEqual({
        code: 'rejected',
        message: expect.any(String),
        smtpCode,
      });
    });
  });

  it('may be an alias', async () => {
    await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) => {
      const mailbox = bob.token.split('.')[1] ?? '';
      storage.sql.exec("INSERT INTO aliases VALUES ('sales@example.org', ?)", mailbox);
    });
    const raw = MAIL.replace('bob@', 'sales+x@');
    await answerOf(await submit(bob, raw, [ANN], { envelope: { from: 'sales@example.org' } }));
    expect(sender.sent[0]?.from).toBe('sales+x@example.org');
  });

  it('is not nobody: the null sender is not for users', async () => {
    const response = await submit(bob, MAIL, [ANN], { envelope: { from: '' } });
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ field: 'from' });
  });

  it('is not disabled', async () => {
    const dave = await addUser(admin, 'dave@example.org');
    await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) => {
      storage.sql.exec("UPDATE accounts SET disabled = 1 WHERE address = 'dave@example.org'");
    });
    const response = await submit(dave, MAIL.replace('bob@', 'dave@'), [ANN]);
    expect(response.status).toBe(403);
  });
});

describe('a body that is not as it should be', () => {
  const lie = (envelope: object) => submit(bob, MAIL, [ANN], { envelope });
  const digest = '0'.repeat(64);

  it.each([
    ['longer than it says', { size: MAIL.length - 1 }, 400, 'size'],
    ['shorter than it says', { size: MAIL.length + 1 }, 400, 'size'],
    ['of another digest', { sha256: digest }, 400, 'sha256'],
    ['larger than allowed', { size: MAX_MESSAGE_SIZE + 1 }, 413, undefined],
    ['without a digest', { sha256: undefined }, 400, 'sha256'],
    [
      'with a digest that is none',
      { sha256: digest.toUpperCase().replace(/^0/, 'A') },
      400,
      'sha256',
    ],
    ['of half an octet', { size: 1.5 }, 400, 'size'],
    ['without recipients', { recipients: [] }, 400, 'recipients'],
    [
      'with a recipient that is none',
      { recipients: [{ address: ANN }, { address: 'x' }] },
      422,
      'recipients.1.address',
    ],
    [
      'with an invisible character in a recipient',
      { recipients: [{ address: 'a\u200bnn@elsewhere.example' }] },
      422,
      'recipients.0.address',
    ],
    [
      'with an orcpt of two lines',
      { recipients: [{ address: ANN, orcpt: 'utf-8;a\u2028b' }] },
      400,
      'recipients.0.orcpt',
    ],
    [
      'with a notify of two lines',
      { recipients: [{ address: ANN, notify: 'a\nb' }] },
      400,
      'recipients.0.notify',
    ],
    ['with an envid of two lines', { envid: 'a\r\nb' }, 400, 'envid'],
    ['with an unknown ret', { ret: 'SOME' }, 400, 'ret'],
  ])('%s', async (_, envelope, status, field) => {
    await nothingIsStored(async () => {
      const response = await lie(envelope);
      expect(response.status).toBe(status);
      expect((await problemOf(response)).field).toBe(field);
    });
  });

  it.each([
    ['nothing', ''],
    ['no line end', '{"from":"bob@example.org"}'],
    ['no JSON', 'hello\n'],
    ['an endless line', 'x'.repeat(100_000)],
  ])('with %s', async (_, body) => {
    const headers = { 'Idempotency-Key': 'x' };
    const response = await request('/v1/submissions', { token: bob.token, headers, body });
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ code: 'invalid_request' });
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(201)])('with the key %j', async (key) => {
    const response = await submit(bob, MAIL, [ANN], { key });
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ field: 'Idempotency-Key' });
  });

  it('with too many recipients, duplicates not counted', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => `a${index}@x.example`);
    const recipients = [...many(MAX_RECIPIENTS), ...many(10)];
    expect((await answerOf(await submit(bob, MAIL, recipients))).recipients).toHaveLength(
      MAX_RECIPIENTS,
    );
    const response = await submit(bob, MAIL, many(MAX_RECIPIENTS + 1));
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({ code: 'rejected', smtpCode: '452 4.5.3' });
  });

  it('for which there is no room', async () => {
    const tiny = await addUser(admin, 'tiny@example.org', { quota: 10 });
    const response = await submit(tiny, MAIL.replace('bob@', 'tiny@'), [ANN]);
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({
      code: 'quota_exceeded',
      smtpCode: '452 4.2.2',
    });
  });

  it('with a header block beyond all bounds', async () => {
    const response = await submit(bob, `X: ${'y'.repeat(300_000)}\r\n${MAIL}`, [ANN]);
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({ smtpCode: '552 5.3.4' });
  });
});

describe('refusals', () => {
  it('of all are told in the answer, and not in a report too', async () => {
    const gail = await addUser(admin, 'gail@example.org');
    sender.answer = platformError('E_RECIPIENT_SUPPRESSED');
    const answer = await answerOf(
      await submit(gail, MAIL.replace('bob@', 'gail@'), [ANN, 'nobody@example.org']),
    );
    expect(answer.recipients).toEqual([
      {
        address: ANN,
        status: 'refused',
        code: '550 5.1.1',
        reason: 'E_RECIPIENT_SUPPRESSED: told to fail with E_RECIPIENT_SUPPRESSED',
      },
      {
        address: 'nobody@example.org',
        status: 'refused',
        code: '550 5.1.1',
        reason: 'No such user here',
      },
    ]);
    expect(await ids(gail)).toEqual([]);
  });
});
