// The Worker as it runs here: the very same code, with its `send_email` binding replaced by one that keeps files.

import type { Env } from '../src/env';
import { Mailbox as RealMailbox } from '../src/storage/mailbox';
import { FileSender } from './file-sender';

export { default } from '../src/index';
export { Directory } from '../src/storage/directory';

interface LocalEnv extends Omit<Env, 'EMAIL'> {
  readonly OUTBOUND: Fetcher;
}

export class Mailbox extends RealMailbox {
  constructor(context: DurableObjectState, env: LocalEnv) {
    super(context, { ...env, EMAIL: new FileSender(env.OUTBOUND) });
  }
}
