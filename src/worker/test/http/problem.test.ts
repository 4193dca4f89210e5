import { Hono } from 'hono';
import { describe, expect, it, vi } from 'vitest';
import errors from '../../../../tests/contract/errors.json';
import refusals from '../../../../tests/contract/refusals.json';
import { type ProblemCode, problem } from '../../src/http/problem';
import { protect } from '../../src/http/protect';

const examples = [...errors, ...refusals];

describe('errors', () => {
  it.each(examples)('fit the contract’s example: $name', async ({ status, body }) => {
    const { code, message, ...details } = body.error;
    const app = new Hono().get('/', (c) => problem(c, code as ProblemCode, message, details));
    const response = await app.request('/');

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
    const { retryAfter } = body.error as { retryAfter?: number };
    expect(response.headers.get('Retry-After')).toBe(retryAfter?.toString() ?? null);
  });

  it('of our own tell nothing but that they are', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const app = new Hono();
    protect(app);
    app.get('/', () => {
      throw new Error('bob@example.org wrote about the password');
    });
    const response = await app.request('/');

    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('password');
    expect(JSON.stringify(log.mock.calls)).not.toContain('password');
  });
});
