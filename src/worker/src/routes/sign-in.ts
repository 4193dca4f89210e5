// `POST /v1/tokens`: address and password for a token of this device.

import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../app';
import { readJson } from '../http/json';
import { problem } from '../http/problem';
import type { LogInFailure } from '../storage/directory';
import { directoryOf } from '../storage/objects';
import { networkOfRequest } from './network';
import { answerWithNewToken } from './new-token';
import { address, device, givenPassword } from './schemas';

const SignInBody = z.object({ address, password: givenPassword, device });

export const signIn = new Hono<App>().post('/', async (c) => {
  const body = await readJson(c, SignInBody);

  if (!body.ok) {
    return body.failure;
  }

  const { address: text, password, device: name } = body.value;
  const signedIn = await directoryOf(c.env).logIn(text, password, networkOfRequest(c));

  return signedIn.ok
    ? answerWithNewToken(c, signedIn.value, name)
    : signInProblem(c, signedIn.failure);
});

function signInProblem(c: Context, failure: LogInFailure): Response {
  switch (failure.kind) {
    case 'unauthorized':
      return problem(c, 'unauthorized', 'No such address, or the password is wrong');
    case 'disabled':
      return problem(c, 'forbidden', 'This account is disabled');
    case 'rate_limited':
      return tooManyTries(c, failure.retryAfter);
  }
}

/** Seconds. */
export function tooManyTries(c: Context, retryAfter: number): Response {
  return problem(c, 'rate_limited', 'Too many tries; wait a while', { retryAfter });
}
