// Which messages a mailbox has already, by their bytes; for the time of an import.

import type { MailboxName } from './messages';

/**
 * 128 bits of each digest: nobody makes two messages of their own agree in them with less than 2^64 tries, and
 * 100,000 texts of 32 characters in a Set take about 8 MB. An index in the database instead would cost a billed
 * row with every delivery, for the sake of something that is done once in a mailbox's life.
 */
const KEPT_CHARACTERS = 32;

export class KnownDigests {
  readonly #known = new Set<string>();
  #seq = 0;

  constructor(
    readonly sql: SqlStorage,
    readonly mailbox: MailboxName,
  ) {}

  has(sha256: string | null): boolean {
    return sha256 !== null && this.#known.has(sha256.slice(0, KEPT_CHARACTERS));
  }

  /**
   * Reads what came since the last time: at first everything, and then what this import or anything else put
   * in, so that two imports of one file at the same time add it once. The cut is made in SQL, because a slice of
   * a long text keeps all of it in memory.
   */
  refresh(): void {
    const rows = this.sql
      .exec(
        `SELECT seq, substr(sha256, 1, ?) FROM messages
         WHERE mailbox = ? AND seq > ? AND deleted = 0 ORDER BY seq`,
        KEPT_CHARACTERS,
        this.mailbox,
        this.#seq,
      )
      .raw();

    for (const [seq, digest] of rows) {
      this.#known.add(String(digest));
      this.#seq = Number(seq);
    }
  }
}
