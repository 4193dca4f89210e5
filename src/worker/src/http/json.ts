// Reads a JSON body with a bound on its size, and checks it against a schema.

import type { Context, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { MAX_JSON_BODY } from '../limits';
import { failure, type Result, success } from '../result';
import { problem } from './problem';

interface TakenBody {
  readonly text: string | null;
}

/**
 * Takes a small body in before anything is asked about who sends it. Else a client could be let in, write slowly,
 * and act when it was locked out long ago.
 */
export const takeBody: MiddlewareHandler = async (c, next) => {
  const taken: TakenBody = { text: await readText(c.req.raw.body, MAX_JSON_BODY) };
  c.set('takenBody', taken);

  return next();
};

/** The failure is the answer to give. */
export async function readJson<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<Result<z.output<Schema>, Response>> {
  const taken: TakenBody | undefined = c.get('takenBody');
  const text = taken === undefined ? await readText(c.req.raw.body, MAX_JSON_BODY) : taken.text;

  if (text === null) {
    return failure(problem(c, 'too_large', 'The body is too large', { limit: MAX_JSON_BODY }));
  }

  return checkJson(c, text, schema);
}

export function checkJson<Schema extends z.ZodType>(
  c: Context,
  text: string,
  schema: Schema,
): Result<z.output<Schema>, Response> {
  const value = parse(text);

  if (value === undefined) {
    return failure(problem(c, 'invalid_request', 'The body is not JSON'));
  }

  const parsed = schema.safeParse(value);

  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    const message = issue?.message ?? 'The body is not as it should be';

    return failure(problem(c, 'invalid_request', message, { field }));
  }

  return success(parsed.data);
}

/** Null where there is more than `limit`. */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;

  for await (const part of body ?? []) {
    length += part.length;

    if (length > limit) {
      return null;
    }

    text += decoder.decode(part, { stream: true });
  }

  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
