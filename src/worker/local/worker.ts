// The Worker as it runs here: the very same code, with its `send_email` binding replaced by one that keeps files.
// Tests of crashes can halt it before a submission's first attempt; see outbound.mjs.

import type { Env } from '../src/env';
import worker from '../src/index';
import { Directory as RealDirectory, type Route } from '../src/storage/directory';
import { Mailbox as RealMailbox } from '../src/storage/mailbox';
import { FileSender } from './file-sender';

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

export class Directory extends RealDirectory {
  override route(recipients: readonly string[]): Route[] {
    const routes = super.route(recipients);
    const held = recipients.find((to) => /^hold-route\b.*@pause\.example$/.test(to));

    // Over RPC a promise is as good as its value, but the compiler cannot know that.
    return held === undefined
      ? routes
      : (this.#halt(held).then(() => routes) as unknown as Route[]);
  }

  async #halt(recipient: string): Promise<void> {
    const { OUTBOUND } = this.env as unknown as LocalEnv;
    const headers = { 'X-Route': 'asked', 'X-Envelope-To': encodeURIComponent(recipient) };
    await OUTBOUND.fetch('http://outbound/', { method: 'POST', headers });
  }
}
