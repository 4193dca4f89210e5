import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import profiles from '../../../tests/contract/me.json';
import submissions from '../../../tests/contract/submissions.json';
import { addUser, patch, put, request, setUp, submit, type User } from './support/client';
import { platformError, sender } from './support/sender';

let alice: User;

beforeAll(async () => {
  const admin = await setUp();
  await addUser(admin, 'bob@example.org');
  alice = await addUser(admin, 'alice@example.org');
  await put('/v1/domains/shop.example', {}, admin.token);
  const change = { aliases: ['sales@example.org'], catchAll: ['shop.example'] };
  await patch('/v1/users/alice@example.org', change, admin.token);
});

beforeEach(() => sender.reset());

/** The names and types of a value, all the way down. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))];
  }

  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shapeOf(item)]))
    : typeof value;
}

describe('the contract’s example of an account', () => {
  it.each(profiles)('$name: has the shape of the answer', async ({ body }) => {
    const { forward, retentionDays } = body;
    const response = await patch('/v1/me', { forward, retentionDays }, alice.token);
    expect(shapeOf(await response.json())).toEqual(shapeOf(body));
    const me = await request('/v1/me', { token: alice.token });
    expect(shapeOf(await me.json())).toEqual(shapeOf(body));
  });

  it.each(profiles)('$name: says as whom the user may send', async ({ maySendAs }) => {
    for (const [from, may] of Object.entries(maySendAs)) {
      const raw = `From: ${from}\r\n\r\nhi\r\n`;
      const response = await submit(alice, raw, ['ann@elsewhere.example'], { envelope: { from } });
      expect([from, response.status]).toEqual([from, may ? 202 : 422]);
    }
  });
});

describe('the contract’s example of a submission', () => {
  it.each(submissions)('$name', async ({ name, message, envelope, answer }) => {
    sender.answer = (to) => {
      if (to.startsWith('dora@')) {
        platformError('E_RATE_LIMIT_EXCEEDED')();
      }

      if (to.startsWith('carl@')) {
        throw new Error('the connection broke');
      }
    };
    const response = await request('/v1/submissions', {
      token: alice.token,
      headers: { 'Idempotency-Key': encodeURIComponent(name) },
      body: `${JSON.stringify(envelope)}\n${message}`,
    });
    expect(response.status).toBe(202);
    const got = await response.json<typeof answer>();
    expect(Object.keys(got)).toEqual(Object.keys(answer));
    expect(got.recipients.map(withoutReason)).toEqual(answer.recipients.map(withoutReason));
    expect(got.recipients.map(shapeOf)).toEqual(answer.recipients.map(shapeOf));
  });
});

/** Reasons are words for people, and may change. */
function withoutReason(recipient: object): object {
  return { ...recipient, reason: null };
}
