// Tells the directory what a mailbox holds, after the answer, for lists and for people.

import { logFailure } from '../log';
import type { Usage } from './accounts';

/** If a report fails, the next change repairs it. While one runs, any number of changes make one more. */
export class UsageReport {
  #running: Promise<void> | null = null;
  #again = false;

  constructor(
    readonly context: DurableObjectState,
    readonly read: () => Usage,
    readonly send: (usage: Usage) => Promise<void>,
  ) {}

  report(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    this.context.waitUntil(this.#running);
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;

      try {
        await this.send(this.read());
      } catch (error) {
        logFailure('report of usage', error);
      }
    }
  }
}
