// The answer of `GET /v1/me`, which signing in gives too.

import { MAX_MESSAGE_SIZE, MAX_RECIPIENTS } from '../limits';
import type { Account } from '../storage/accounts';

interface Usage {
  readonly seq: number;
  readonly messages: number;
  readonly size: number;
}

export function meAnswer(account: Account, usage: Usage) {
  const { address, aliases, catchAll, role, disabled, quota, dailyLimit, forward } = account;
  const { messages, size, seq } = usage;
  const limits = { maxMessageSize: MAX_MESSAGE_SIZE, maxRecipients: MAX_RECIPIENTS, dailyLimit };
  const forwardFailed = account.forwardFailed;

  return {
    ...{ address, aliases, catchAll, role, disabled, messages, size, quota, limits, seq },
    ...{ forward, forwardFailed },
  };
}
