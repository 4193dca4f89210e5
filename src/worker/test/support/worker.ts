// The Worker under test: the very same code, with its `send_email` binding replaced.

import type { Env } from '../../src/env';
import { Mailbox as RealMailbox } from '../../src/storage/mailbox';
import { sender } from './sender';

export { default } from '../../src/index';
export { Directory } from '../../src/storage/directory';

export class Mailbox extends RealMailbox {
  constructor(context: DurableObjectState, env: Env) {
    super(context, { ...env, EMAIL: sender });
  }
}
