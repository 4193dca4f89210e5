// What is written to the log when something of ours fails.

import { STORAGE_IS_NEWER } from './storage/schema';

/** The kind and the place alone: an error's message could carry an address or a piece of mail. */
export function logFailure(what: string, error: unknown): void {
  if (error instanceof Error && error.message.includes(STORAGE_IS_NEWER)) {
    console.error(STORAGE_IS_NEWER);
  }

  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));

  console.error(what, error instanceof Error ? error.name : typeof error, places.join('\n'));
}
