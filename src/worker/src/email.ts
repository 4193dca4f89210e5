// Inbound mail. The envelope decides, never a header; a refusal is for ever, and a thrown error means "try again".

import type { Env } from './env';
import { MAX_MESSAGE_SIZE } from './limits';
import { logFailure } from './log';
import type { Account, Forward } from './storage/accounts';
import type { Route } from './storage/directory';
import { directoryOf, mailboxOf, noteForward } from './storage/objects';

/** Carries the address that forwarded a message, so that none goes round in circles. */
const LOOP_HEADER = 'X-Loop';

export async function receiveEmail(message: ForwardableEmailMessage, env: Env): Promise<void> {
  if (message.rawSize > MAX_MESSAGE_SIZE) {
    message.setReject('552 5.3.4 The message is too large');
    return;
  }

  const [route] = await directoryOf(env).route([message.to]);

  if (route?.kind !== 'mailbox') {
    message.setReject(refusal(route));
    return;
  }

  const { account } = route;
  const forward = forwardFor(message, account);

  // What was not forwarded after all is kept: nothing is lost because of a forward.
  if (forward?.keep === false && (await tryForward(message, forward, account, env))) {
    return;
  }

  const isNew = await keep(message, account, env);

  if (isNew && forward?.keep === true) {
    await tryForward(message, forward, account, env);
  }
}

/** False where the message was refused, or was here already. */
async function keep(
  message: ForwardableEmailMessage,
  account: Account,
  env: Env,
): Promise<boolean> {
  const { from, to, rawSize: size, raw } = message;
  const mail = { from, to, size, quota: account.quota, delivery: null };
  const delivered = await mailboxOf(env, account.mailbox).deliver(mail, raw);

  if (!delivered.ok) {
    message.setReject(`${delivered.failure.code} ${delivered.failure.reason}`);
  }

  return delivered.ok && !delivered.value.isRepeated;
}

/** A message that this account forwarded before has come back, and stays here. */
function forwardFor(message: ForwardableEmailMessage, account: Account): Forward | null {
  const came = message.headers
    .get(LOOP_HEADER)
    ?.toLowerCase()
    .split(/[\s,]+/);

  return came?.includes(account.address) ? null : account.forward;
}

async function tryForward(
  message: ForwardableEmailMessage,
  forward: Forward,
  account: Account,
  env: Env,
): Promise<boolean> {
  let forwarded = true;

  try {
    await message.forward(forward.address, new Headers({ [LOOP_HEADER]: account.address }));
  } catch (error) {
    logFailure('forward', error);
    forwarded = false;
  }

  await noteForward(env, account, forwarded);

  return forwarded;
}

function refusal(route: Exclude<Route, { kind: 'mailbox' }> | undefined): string {
  return route?.kind === 'disabled'
    ? '550 5.2.1 This mailbox is disabled'
    : '550 5.1.1 No such user here';
}
