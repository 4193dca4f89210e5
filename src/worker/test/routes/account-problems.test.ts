import { type Context, Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import contract from '../../../../tests/contract/refusals.json';
import { changeProblem, createProblem } from '../../src/routes/account-problems';

async function answerOf(answer: (c: Context) => Response) {
  const response = await new Hono().get('/', (c) => answer(c)).request('/');

  return { status: response.status, body: await response.json() };
}

const example = (kind: string) => contract.find(({ name }) => name === kind);

describe('why an account cannot be made', () => {
  it.each([
    ...(['already_set_up', 'not_admin', 'closed', 'bad_invite'] as const),
    ...(['taken', 'foreign_domain', 'plus_form', 'reserved'] as const),
  ])('is told as in the contract’s example: %s', async (kind) => {
    expect(example(kind)).toMatchObject(await answerOf((c) => createProblem(c, { kind })));
  });
});

describe('why an account cannot be changed', () => {
  it.each([
    ...(['not_admin', 'not_found', 'last_admin', 'too_many_aliases', 'unknown_domain'] as const),
  ])('is told as in the contract’s example: %s', async (kind) => {
    expect(example(kind)).toMatchObject(await answerOf((c) => changeProblem(c, { kind })));
  });

  it('names the alias', async () => {
    const failure = { kind: 'address', address: 'a@example.org', why: 'taken' } as const;
    const { body } = await answerOf((c) => changeProblem(c, failure));
    const { message, ...error } = example('taken')?.body.error ?? {};
    expect(body).toEqual({
      error: { ...error, field: 'aliases', message: '<a@example.org> is taken' },
    });
  });
});
