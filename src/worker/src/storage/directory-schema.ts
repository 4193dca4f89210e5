// The tables of the directory object: one string a step, never edited once released.

export const directorySchema: readonly string[] = [
  `
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE domains (
    name TEXT PRIMARY KEY
  ) WITHOUT ROWID;

  CREATE TABLE accounts (
    mailbox TEXT PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    password_hash BLOB NOT NULL,
    password_salt BLOB NOT NULL,
    password_scheme TEXT NOT NULL,
    role TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    quota INTEGER NOT NULL,
    messages INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE aliases (
    address TEXT PRIMARY KEY,
    mailbox TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE attempts (
    subject TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    since INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  // `pending` names what the account's mailbox has not been told yet; the directory's alarm sees to it.
  `
  ALTER TABLE accounts ADD COLUMN daily_limit INTEGER NOT NULL DEFAULT 500;
  ALTER TABLE accounts ADD COLUMN forward_to TEXT;
  ALTER TABLE accounts ADD COLUMN forward_keep INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE accounts ADD COLUMN forward_failed INTEGER;
  ALTER TABLE accounts ADD COLUMN full_since INTEGER;
  ALTER TABLE accounts ADD COLUMN last_received INTEGER;
  ALTER TABLE accounts ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE accounts ADD COLUMN kept_token TEXT;
  ALTER TABLE accounts ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE accounts ADD COLUMN pending TEXT;
  CREATE INDEX accounts_pending ON accounts (pending) WHERE pending IS NOT NULL;
  CREATE INDEX aliases_by_mailbox ON aliases (mailbox);

  ALTER TABLE domains ADD COLUMN catch_all TEXT;

  CREATE TABLE invites (
    hash BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    note TEXT NOT NULL,
    created INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL
  );
  `,
];
