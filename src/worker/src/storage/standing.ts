// What a mailbox knows of its account, so that a request needs to ask nobody: the directory tells it each change.

import type { Standing } from './accounts';

export class StandingStore {
  constructor(readonly sql: SqlStorage) {}

  get isDisabled(): boolean {
    return this.sql.exec('SELECT disabled FROM state').one().disabled !== 0;
  }

  /** Tokens made for an earlier generation ended with the password that they were made with. */
  get generation(): number {
    return Number(this.sql.exec('SELECT generation FROM state').one().generation);
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

    return updated.toArray().length > 0;
  }
}
