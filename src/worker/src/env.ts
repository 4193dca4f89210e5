// The bindings that wrangler.jsonc and the secrets give the Worker.

import type { Directory } from './storage/directory';
import type { Mailbox } from './storage/mailbox';

export interface Env {
  readonly DIRECTORY: DurableObjectNamespace<Directory>;
  readonly MAILBOX: DurableObjectNamespace<Mailbox>;
  readonly EMAIL: SendEmail;
  /** A secret; without it nobody can make the first admin. */
  readonly SETUP_KEY?: string;
}
