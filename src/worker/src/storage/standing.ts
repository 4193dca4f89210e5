// What a mailbox knows of its account, so that a request needs to ask nobody: the directory tells it each change.

import type { Standing } from './accounts';

export class StandingStore {
  #isDisabled: boolean;
  #generation: number;

  constructor(readonly sql: SqlStorage) {
    const row = sql.exec('SELECT disabled, generation FROM state').one();
    this.#isDisabled = row.disabled !== 0;
    this.#generation = Number(row.generation);
  }

  get isDisabled(): boolean {
    return this.#isDisabled;
  }

  /** Tokens made for an earlier generation ended with the password that they were made with. */
  get generation(): number {
    return this.#generation;
  }

  /** False where this was overtaken by a later change, and is to be ignored. */
  update(standing: Standing): boolean {
    const updated = this.sql.exec(
      'UPDATE state SET disabled = ?, generation = ?, revision = ? WHERE revision <= ? RETURNING 1',
      standing.disabled ? 1 : 0,
      standing.generation,
      standing.revision,
      standing.revision,
    );

    if (updated.toArray().length === 0) {
      return false;
    }

    this.#isDisabled = standing.disabled;
    this.#generation = standing.generation;

    return true;
  }
}
