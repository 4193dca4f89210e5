// The Worker as it runs here: the very same code, with its `send_email` binding replaced by one that keeps files.

import type { Env } from '../src/env';
import worker from '../src/index';
import { Mailbox as RealMailbox } from '../src/storage/mailbox';
import { FileSender } from './file-sender';

export { Directory } from '../src/storage/directory';

interface LocalEnv extends Omit<Env, 'EMAIL'> {
  readonly OUTBOUND: Fetcher;
}

/** The self-test looks whether the binding is there. */
export default {
  ...worker,
  fetch: (request: Request, env: LocalEnv, context: ExecutionContext) =>
    worker.fetch(request, { ...env, EMAIL: new FileSender(env.OUTBOUND) }, context),
};

export class Mailbox extends RealMailbox {
  constructor(context: DurableObjectState, env: LocalEnv) {
    super(context, { ...env, EMAIL: new FileSender(env.OUTBOUND) });
  }
}
