// The domains that this Worker serves, and who gets the mail for their unknown addresses.

export class DomainStore {
  constructor(readonly sql: SqlStorage) {}

  names(): string[] {
    return this.sql
      .exec('SELECT name FROM domains ORDER BY name')
      .toArray()
      .map((row) => String(row.name));
  }

  add(name: string): void {
    this.sql.exec('INSERT OR IGNORE INTO domains (name) VALUES (?)', name);
  }

  remove(name: string): void {
    this.sql.exec('DELETE FROM domains WHERE name = ?', name);
  }

  /** Whether an account or an alias lives there. */
  isInUse(name: string): boolean {
    const rows = this.sql.exec(
      `SELECT 1 FROM accounts WHERE substr(address, -length(?1)) = ?1
       UNION SELECT 1 FROM aliases WHERE substr(address, -length(?1)) = ?1 LIMIT 1`,
      `@${name}`,
    );

    return rows.toArray().length > 0;
  }

  /** The mailbox that takes what is for nobody else there. */
  catchAll(name: string): string | null {
    const row = this.sql.exec('SELECT catch_all FROM domains WHERE name = ?', name).toArray()[0];

    return typeof row?.catch_all === 'string' ? row.catch_all : null;
  }

  /** Exactly these domains lead to the mailbox then; one leads to one mailbox only. */
  setCatchAll(mailbox: string, names: readonly string[]): void {
    this.sql.exec('UPDATE domains SET catch_all = NULL WHERE catch_all = ?', mailbox);

    for (const name of names) {
      this.sql.exec('UPDATE domains SET catch_all = ? WHERE name = ?', mailbox, name);
    }
  }
}
