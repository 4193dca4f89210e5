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
];
