// Brings an object's tables to the newest version.

/** What people and the log are told after a downgrade; mail that comes in meanwhile is deferred. */
export const STORAGE_IS_NEWER =
  'This Worker is older than what it finds in storage: deploy the newer version again';

/**
 * Step n leads from version n to n + 1. All missing steps run in one transaction, so a crash in the middle
 * leaves the old version whole.
 */
export function migrate(storage: DurableObjectStorage, steps: readonly string[]): void {
  const version = schemaVersion(storage.sql);

  if (version === steps.length) {
    return;
  }

  if (version > steps.length) {
    // An older Worker over newer tables: any guess could lose mail.
    throw new Error(STORAGE_IS_NEWER);
  }

  storage.transactionSync(() => {
    for (const step of steps.slice(version)) {
      storage.sql.exec(step);
    }

    storage.sql.exec('CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)');
    storage.sql.exec('DELETE FROM schema');
    storage.sql.exec('INSERT INTO schema (version) VALUES (?)', steps.length);
  });
}

/** 0 for an object that nobody made: reading this writes nothing, so such an object stays free of charge. */
export function schemaVersion(sql: SqlStorage): number {
  const made = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'schema'").toArray().length > 0;

  return made ? Number(sql.exec('SELECT version FROM schema').one().version) : 0;
}
