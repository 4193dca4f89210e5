// Takes a mailbox file in, message by message as it arrives; what is there already is left alone.

import { IMPORT_EVENT_INTERVAL, IMPORT_TURN, MAX_IMPORTED_MESSAGE } from '../limits';
import { type MboxEvent, MboxReader } from '../mail/mboxrd-reader';
import { failure, type Result, success } from '../result';
import type { EventHub } from './events';
import { IncomingCopy, type WholeCopy } from './incoming-copy';
import { KnownDigests } from './known-digests';
import type { MailboxName, MessageStore } from './messages';

export interface SkippedMessage {
  /** Its place in the file, from 0 on. */
  readonly index: number;
  readonly reason: 'too_large';
}

export interface ImportCounts {
  readonly imported: number;
  /** Those whose bytes were in the mailbox already. */
  readonly present: number;
  /** Each is so large that this list stays short for any body that can come in. */
  readonly skipped: readonly SkippedMessage[];
}

export type ImportFailure = 'not_mbox' | 'cut' | 'cut_off' | 'quota_exceeded';

type Commit = 'imported' | 'present' | 'cut_off' | 'quota_exceeded';

export class MailboxImport {
  readonly #reader = new MboxReader();
  readonly #known: KnownDigests;
  readonly #skipped: SkippedMessage[] = [];
  #copy: IncomingCopy | null = null;
  #imported = 0;
  #present = 0;
  #announced = 0;

  constructor(
    readonly storage: DurableObjectStorage,
    readonly messages: MessageStore,
    readonly events: EventHub,
    readonly mailbox: MailboxName,
    readonly quota: number,
    /** Whether who imports may still do so. */
    readonly isOpen: () => boolean,
  ) {
    this.#known = new KnownDigests(storage.sql, mailbox);
  }

  get counts(): ImportCounts {
    return { imported: this.#imported, present: this.#present, skipped: this.#skipped };
  }

  /** How many messages of the file are dealt with. */
  get #place(): number {
    return this.#imported + this.#present + this.#skipped.length;
  }

  /**
   * Every message is a commit of its own: whatever ends this, those before it stay, and the same file brings the
   * rest another time. The length is that of the whole file: on some ways here a connection that broke looks
   * like an end, and half a message must not pass for one.
   */
  async run(
    body: AsyncIterable<Uint8Array>,
    length: number,
  ): Promise<Result<ImportCounts, ImportFailure>> {
    try {
      const failed =
        (await this.#readAll(body, length)) ?? (await this.#follow(this.#reader.end()));

      return failed === null ? success(this.counts) : failure(failed);
    } finally {
      this.#copy?.upload.discard();
      this.#announce();
    }
  }

  async #readAll(body: AsyncIterable<Uint8Array>, length: number): Promise<ImportFailure | null> {
    let octets = 0;

    for await (const piece of body) {
      octets += piece.length;
      const failed = await this.#follow(this.#reader.push(piece));

      if (failed !== null) {
        return failed;
      }
    }

    return octets === length ? null : 'cut';
  }

  async #follow(events: Iterable<MboxEvent>): Promise<ImportFailure | null> {
    for (const event of events) {
      const failed = await this.#take(event);

      if (failed !== null) {
        return failed;
      }
    }

    return null;
  }

  async #take(event: MboxEvent): Promise<ImportFailure | null> {
    switch (event.kind) {
      case 'not_mbox':
        return 'not_mbox';
      case 'start':
        this.#begin(event.date);
        return null;
      case 'data':
        await this.#copy?.write(event.bytes);
        return null;
      case 'end':
        return this.#end();
    }
  }

  /** No message has come in the future, whatever its file says. Nothing of its header is needed here. */
  #begin(date: number | null): void {
    const now = Date.now();
    const received = Math.min(date ?? now, now);
    this.#copy = new IncomingCopy(this.messages.begin(0), received, MAX_IMPORTED_MESSAGE);
  }

  async #end(): Promise<ImportFailure | null> {
    const copy = this.#copy;
    const whole = (await copy?.finish()) ?? null;

    if (copy === null || whole === null) {
      this.#skipped.push({ index: this.#place, reason: 'too_large' });
      return null;
    }

    const outcome = this.storage.transactionSync(() => this.#commit(copy, whole));
    copy.upload.discard();
    this.#count(outcome);

    if (this.#place % IMPORT_TURN === 0) {
      // For whatever else this mailbox is asked: one piece of a file can hold a thousand messages.
      await scheduler.wait(0);
    }

    return outcome === 'quota_exceeded' || outcome === 'cut_off' ? outcome : null;
  }

  #commit(copy: IncomingCopy, whole: WholeCopy): Commit {
    const { uploaded, otherSha256 } = whole;

    if (!this.isOpen()) {
      return 'cut_off';
    }

    this.#known.refresh();

    if (this.#known.has(uploaded.sha256) || this.#known.has(otherSha256)) {
      return 'present';
    }

    if (this.messages.state.size + uploaded.octets > this.quota) {
      return 'quota_exceeded';
    }

    this.messages.insert(copy.upload, uploaded, this.mailbox, copy.received);

    return 'imported';
  }

  #count(outcome: Commit): void {
    this.#imported += outcome === 'imported' ? 1 : 0;
    this.#present += outcome === 'present' ? 1 : 0;

    if (this.#imported - this.#announced >= IMPORT_EVENT_INTERVAL) {
      this.#announce();
    }
  }

  /** That something changed, and not what: these messages are no news to anybody. */
  #announce(): void {
    if (this.#imported > this.#announced) {
      this.events.changed(this.messages.state.seq);
      this.#announced = this.#imported;
    }
  }
}
