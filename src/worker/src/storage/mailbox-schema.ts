// The tables of a mailbox object: one string a step, never edited once released.

/**
 * Few indexes, since each costs a billed row per write. So a chunk's key is its message's number and its place
 * in it in one integer, and so is a recipient's; a message's id is found by the number that it starts with.
 * A message has a `number` for ever, and a new `seq` with every change.
 */
export const mailboxSchema: readonly string[] = [
  `
  CREATE TABLE state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    name TEXT NOT NULL,
    seq INTEGER NOT NULL,
    floor INTEGER NOT NULL,
    number INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    size INTEGER NOT NULL,
    tombstones INTEGER NOT NULL
  );
  INSERT INTO state VALUES (1, '', 0, 0, 0, 0, 0, 0);

  CREATE TABLE messages (
    number INTEGER PRIMARY KEY,
    tag TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    seq INTEGER NOT NULL,
    octets INTEGER NOT NULL,
    wire INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    received INTEGER NOT NULL,
    flags TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX messages_by_change ON messages (mailbox, seq);

  CREATE TABLE chunks (
    position INTEGER PRIMARY KEY,
    data BLOB NOT NULL
  );

  CREATE TABLE uploads (
    number INTEGER PRIMARY KEY
  );

  CREATE TABLE tokens (
    hash BLOB PRIMARY KEY,
    id TEXT NOT NULL,
    device TEXT NOT NULL,
    created INTEGER NOT NULL,
    last_used INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE submissions (
    number INTEGER PRIMARY KEY,
    tag TEXT NOT NULL,
    idempotency_key TEXT UNIQUE,
    sender TEXT NOT NULL,
    header_from TEXT NOT NULL,
    header_length INTEGER NOT NULL,
    ret TEXT,
    envid TEXT,
    sha256 TEXT NOT NULL,
    octets INTEGER NOT NULL,
    accepted INTEGER NOT NULL
  );

  CREATE TABLE recipients (
    position INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    notify TEXT,
    orcpt TEXT,
    status TEXT NOT NULL,
    code TEXT,
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL,
    due INTEGER
  );
  CREATE INDEX recipients_due ON recipients (due) WHERE due IS NOT NULL;
  `,
  // What the directory says about the account, kept here so that no request has to ask; and what each option needs.
  // A message's `received` is the date that is shown, and is imported with it; `added` is when it came in here.
  `
  ALTER TABLE state ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE state ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE state ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE state ADD COLUMN retention_days INTEGER;
  ALTER TABLE state ADD COLUMN sent_day INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE state ADD COLUMN sent_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE messages ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE messages ADD COLUMN delivery TEXT NOT NULL DEFAULT '';
  UPDATE messages SET added = received, delivery = 'whole ' || sha256;
  ALTER TABLE tokens ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE recipients ADD COLUMN delay_told INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE recipients ADD COLUMN can_repeat INTEGER NOT NULL DEFAULT 0;
  `,
];
