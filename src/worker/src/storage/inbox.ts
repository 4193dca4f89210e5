// Delivery into a mailbox: the bytes as they came, with the two lines on top that say whose they are.

import { concatenate, encode } from '../bytes';
import { MAX_INBOUND_HEADER, MAX_MESSAGE_SIZE, MAX_NOTIFIED_TEXT } from '../limits';
import { deliveryIdentity } from '../mail/delivery-identity';
import { readableText } from '../mail/encoded-words';
import { parseHeaderFields } from '../mail/header-fields';
import type { Refusal } from '../mail/submitted-header';
import { failure, type Result, success } from '../result';
import type { AlarmClock } from './alarm-clock';
import type { IncomingMail } from './carrier';
import type { EventHub } from './events';
import type { MessageStore } from './messages';
import { type Measured, MessageMeter } from './meter';
import { RecentDeliveries } from './recent-deliveries';
import type { Upload, UploadedMessage } from './upload';

const TOO_LARGE = { code: '552 5.3.4', reason: 'The message is too large' };
const MAILBOX_FULL = { code: '552 5.2.2', reason: 'The mailbox is full' };

export interface Delivered {
  readonly id: string;
  /** It was here already: the sender's server had not heard that it was taken. */
  readonly isRepeated: boolean;
}

export class Inbox {
  readonly #recent: RecentDeliveries;
  /** Whether the last message found no room; for the admin to see. */
  isFull = false;
  lastReceived: number | null = null;

  constructor(
    readonly storage: DurableObjectStorage,
    readonly messages: MessageStore,
    readonly events: EventHub,
    readonly clock: AlarmClock,
  ) {
    this.#recent = new RecentDeliveries(storage.sql);
  }

  /** Returns only when the message is committed or refused; anything else is thrown, and the sender keeps it. */
  async deliver(
    mail: IncomingMail,
    body: ReadableStream<Uint8Array>,
  ): Promise<Result<Delivered, Refusal>> {
    if (mail.size > MAX_MESSAGE_SIZE) {
      return failure(TOO_LARGE);
    }

    if (this.#hasNoRoom(mail.size, mail.quota)) {
      return this.#refuseUnlessHere(mail, body);
    }

    const upload = this.messages.begin(MAX_INBOUND_HEADER, mail.delivery === null);

    try {
      await upload.write(trace(mail));

      if (!(await passInto(upload, mail, body))) {
        return failure(TOO_LARGE);
      }

      const uploaded = await upload.finish();
      const delivery = await identityOf(mail, uploaded);
      const delivered = this.#commit(upload, uploaded, delivery, mail.quota);
      await this.clock.schedule();

      return delivered;
    } finally {
      upload.discard();
    }
  }

  /** The message that filled the mailbox may be the one that comes again: refused, it would seem lost. */
  async #refuseUnlessHere(
    mail: IncomingMail,
    body: ReadableStream<Uint8Array>,
  ): Promise<Result<Delivered, Refusal>> {
    const meter = new MessageMeter(MAX_INBOUND_HEADER, mail.delivery === null);
    await meter.write(trace(mail));

    if (!(await passInto(meter, mail, body))) {
      return failure(TOO_LARGE);
    }

    const delivery = await identityOf(mail, await meter.finish());
    const earlier = this.#recent.find(delivery, Date.now());

    return earlier === null ? failure(MAILBOX_FULL) : success({ id: earlier, isRepeated: true });
  }

  #commit(
    upload: Upload,
    uploaded: UploadedMessage,
    delivery: string,
    quota: number,
  ): Result<Delivered, Refusal> {
    const now = Date.now();
    const earlier = this.#recent.find(delivery, now);

    if (earlier !== null) {
      return success({ id: earlier, isRepeated: true });
    }

    // Others may have come in while this one did.
    if (this.#hasNoRoom(uploaded.octets, quota)) {
      return failure(MAILBOX_FULL);
    }

    const stored = this.storage.transactionSync(() =>
      this.messages.insert(upload, uploaded, 'inbox', now, delivery),
    );
    this.#recent.add(delivery, stored.id, now);
    this.lastReceived = now;
    this.events.changed(stored.seq, { id: stored.id, ...announcement(uploaded.header) });

    return success({ id: stored.id, isRepeated: false });
  }

  #hasNoRoom(octets: number, quota: number): boolean {
    this.isFull = this.messages.state.size + octets > quota;

    return this.isFull;
  }
}

/** False where the message is too large; a message that ends too early is thrown back, since it was cut. */
async function passInto(
  sink: Upload | MessageMeter,
  mail: IncomingMail,
  body: ReadableStream<Uint8Array>,
): Promise<boolean> {
  const before = sink.octets;

  for await (const part of body) {
    await sink.write(part);

    if (sink.octets - before > MAX_MESSAGE_SIZE) {
      return false;
    }
  }

  if (sink.octets - before < mail.size) {
    throw new Error('the message ended before its size');
  }

  return true;
}

async function identityOf(mail: IncomingMail, measured: Measured): Promise<string> {
  const { from, to } = mail;
  const { headerOverflowed, sha256, bodySha256 } = measured;
  const header = measured.header.subarray(trace(mail).length);

  return (
    mail.delivery ??
    deliveryIdentity({ from, to, header, headerOverflowed, sha256, bodySha256: bodySha256 ?? '' })
  );
}

/**
 * RFC 5321 section 4.4: the final delivery puts the envelope's sender on top. The addresses come from another
 * server's envelope; a line end in one must not make a header field.
 */
function trace(mail: IncomingMail): Uint8Array {
  const clean = (address: string): string => address.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '');

  return concatenate([
    encode(`Return-Path: <${clean(mail.from)}>\r\n`),
    encode(`Delivered-To: ${clean(mail.to)}\r\n`),
  ]);
}

function announcement(header: Uint8Array): { from: string; subject: string } {
  const fields = parseHeaderFields(header);
  const text = (name: string): string =>
    readableText(fields.find((field) => field.name === name)?.value ?? '', MAX_NOTIFIED_TEXT);

  return { from: text('from'), subject: text('subject') };
}
