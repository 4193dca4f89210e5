// The framed answers about messages: a listing of changes, and many messages in one stream.

import { frameLine } from '../http/streams';
import { LIST_PAGE } from '../limits';
import type { Change, MailboxName, MessageStore } from '../storage/messages';

/**
 * The listing stops at the sequence number where it began: what changes while it streams comes with the next
 * `since`. It is read page by page, so a client that reads slowly holds nothing open.
 */
export function* listFrames(
  store: MessageStore,
  mailbox: MailboxName,
  since: number | undefined,
): Generator<Uint8Array, void> {
  const { seq: until, floor } = store.state;
  // A `since` from the future is from another life of this mailbox.
  const reset = since === undefined || since < floor || since > until;

  yield frameLine({ seq: until, reset });

  for (let after = reset ? 0 : since; after < until; ) {
    const page = store.changes(mailbox, after, until, !reset, LIST_PAGE);
    const lines = page.map(listedLine).join('');

    if (page.length > 0) {
      yield new TextEncoder().encode(lines);
    }

    after = page.length < LIST_PAGE ? until : (page.at(-1)?.seq ?? until);
  }

  yield frameLine({ end: true, seq: until });
}

export function* fetchFrames(
  store: MessageStore,
  ids: readonly string[],
): Generator<Uint8Array, void> {
  for (const id of ids) {
    const message = store.find(id);

    if (message === null) {
      yield frameLine({ id, gone: true });
    } else {
      yield frameLine({ id, size: message.octets, sha256: message.sha256 });
      yield* store.chunks.read(message.number, 0, message.octets);
    }
  }

  yield frameLine({ end: true });
}

/** A line of a listing; of 100,000 such each microsecond counts, and no value here needs to be quoted but flags. */
function listedLine(change: Change): string {
  const { id, seq, octets, wire, received, flags } = change;

  if (change.deleted) {
    return `{"id":"${id}","seq":${seq},"deleted":true}\n`;
  }

  const onTheWire = wire === octets ? '' : `,"wire":${wire}`;
  const flagList = flags.length === 0 ? '[]' : JSON.stringify(flags);

  return `{"id":"${id}","seq":${seq},"octets":${octets}${onTheWire},"received":${received},"flags":${flagList}}\n`;
}
