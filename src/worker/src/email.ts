// Inbound mail. The envelope decides, never a header; a refusal is for ever, and a thrown error means "try again".

import type { Env } from './env';
import { MAX_MESSAGE_SIZE } from './limits';
import type { Route } from './storage/directory';
import { directoryOf, mailboxOf } from './storage/objects';

export async function receiveEmail(message: ForwardableEmailMessage, env: Env): Promise<void> {
  const { from, to, rawSize } = message;

  if (rawSize > MAX_MESSAGE_SIZE) {
    message.setReject('552 5.3.4 The message is too large');
    return;
  }

  const [route] = await directoryOf(env).route([to]);

  if (route?.kind !== 'mailbox') {
    message.setReject(refusal(route));
    return;
  }

  const { mailbox, quota } = route.account;
  const mail = { from, to, size: rawSize, quota };
  const delivered = await mailboxOf(env, mailbox).deliver(mail, message.raw);

  if (!delivered.ok) {
    message.setReject(`${delivered.failure.code} ${delivered.failure.reason}`);
  }
}

function refusal(route: Exclude<Route, { kind: 'mailbox' }> | undefined): string {
  return route?.kind === 'disabled'
    ? '550 5.2.1 This mailbox is disabled'
    : '550 5.1.1 No such user here';
}
