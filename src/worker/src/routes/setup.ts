// `POST /v1/setup`: makes the first admin, once, for whoever knows the Worker's set-up key.

import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../app';
import { isSameSecret } from '../bytes';
import { readJson } from '../http/json';
import { problem } from '../http/problem';
import { DEFAULT_QUOTA } from '../limits';
import { directoryOf } from '../storage/objects';
import { createProblem } from './account-problems';
import { networkOfRequest } from './network';
import { answerWithNewToken } from './new-token';
import { address, device, newPassword } from './schemas';
import { tooManyTries } from './sign-in';

const SetupBody = z.object({
  setupKey: z.string().max(1024),
  address,
  password: newPassword,
  device: device.default('set-up'),
});

export const setup = new Hono<App>().post('/', async (c) => {
  const body = await readJson(c, SetupBody);

  if (!body.ok) {
    return body.failure;
  }

  const { setupKey, device: name, ...user } = body.value;
  const expected = c.env.SETUP_KEY ?? '';
  const retryAfter = await directoryOf(c.env).beginSetUp(networkOfRequest(c));

  if (retryAfter !== null) {
    return tooManyTries(c, retryAfter);
  }

  if (expected === '' || !(await isSameSecret(setupKey, expected))) {
    return problem(c, 'forbidden', 'The set-up key is not right, or this Worker has none', {
      field: 'setupKey',
      reason: 'setup_key',
    });
  }

  const created = await directoryOf(c.env).setUp({ ...user, role: 'admin', quota: DEFAULT_QUOTA });

  return created.ok
    ? answerWithNewToken(c, created.value, name)
    : createProblem(c, created.failure);
});
