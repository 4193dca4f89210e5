// A mailbox as one file, read from the database as fast as somebody takes it.

import { writeMessage } from '../mail/mboxrd-writer';
import type { MailboxName, MessageStore } from './messages';

/**
 * The messages that were there when it began, each looked up only when its turn comes: one deleted before that
 * is left out, and one deleted in the middle breaks the stream. They go by number, which no change of a message
 * changes, so none is missed and none comes twice.
 */
export function* mailboxFile(
  store: MessageStore,
  mailbox: MailboxName,
): Generator<Uint8Array, void> {
  const last = Number(store.sql.exec('SELECT number FROM state').one().number);
  let message = nextMessage(store.sql, mailbox, 0, last);

  while (message !== null) {
    const { number, octets, received } = message;
    yield* writeMessage(store.chunks.read(number, 0, octets), received);
    message = nextMessage(store.sql, mailbox, number, last);
  }
}

/** By the table's own order: the index by change would be read and sorted as a whole for each message. */
function nextMessage(
  sql: SqlStorage,
  mailbox: MailboxName,
  after: number,
  last: number,
): { number: number; octets: number; received: number } | null {
  const row = sql
    .exec(
      `SELECT number, octets, received FROM messages NOT INDEXED
       WHERE number > ? AND number <= ? AND mailbox = ? AND deleted = 0 ORDER BY number LIMIT 1`,
      after,
      last,
      mailbox,
    )
    .toArray()[0];

  return row === undefined
    ? null
    : {
        number: Number(row.number),
        octets: Number(row.octets),
        received: Number(row.received),
      };
}
