// Takes one message to one recipient: into a mailbox of this Worker, or to the platform.

import { EmailMessage } from 'cloudflare:email';
import type { Env } from '../env';
import { logFailure } from '../log';
import { outcomeOfSendError } from '../mail/send-errors';
import type { Refusal } from '../mail/submitted-header';
import type { Result } from '../result';
import type { Account } from './accounts';
import type { Route } from './directory';
import type { Delivered } from './inbox';
import { directoryOf, mailboxOf, noteForward } from './objects';
import type { Outcome } from './submissions';

export interface Parcel {
  /** The same for each attempt at one recipient of one submission, and for nothing else. */
  readonly delivery: string;
  /** The envelope sender, for the Return-Path of a mailbox here. */
  readonly sender: string;
  /** The platform refuses any envelope sender but the address in From. */
  readonly headerFrom: string;
  readonly recipient: string;
  /** Octets of what `open` gives. */
  readonly size: number;
  readonly open: () => ReadableStream<Uint8Array>;
}

export interface IncomingMail {
  readonly from: string;
  readonly to: string;
  /** Octets of the message: one that ends before them was cut off on its way. */
  readonly size: number;
  readonly quota: number;
  /** What tells this delivery from others, where the sender is here; null where only its bytes can tell. */
  readonly delivery: string | null;
}

/** How mail leaves a mailbox; tests put another one in its place. */
export interface Carrier {
  route(recipients: readonly string[]): Promise<Route[]>;
  carry(parcel: Parcel, route: Route): Promise<Outcome>;
}

export type DeliverHere = (
  mail: IncomingMail,
  body: ReadableStream<Uint8Array>,
) => Promise<Result<Delivered, Refusal>>;

/** A mailbox here keeps what comes twice once, so there an attempt that was cut off may be made again. */
export function canRepeat(route: Route): boolean {
  return route.kind === 'mailbox' && route.account.forward === null;
}

export class PlatformCarrier implements Carrier {
  constructor(
    readonly env: Env,
    readonly ownMailbox: string,
    readonly deliverHere: DeliverHere,
  ) {}

  async route(recipients: readonly string[]): Promise<Route[]> {
    return directoryOf(this.env).route([...recipients]);
  }

  async carry(parcel: Parcel, route: Route): Promise<Outcome> {
    switch (route.kind) {
      case 'mailbox':
        return this.#deliver(parcel, route.account);
      case 'unknown':
        return { status: 'refused', code: '550 5.1.1', reason: 'No such user here' };
      case 'disabled':
        return { status: 'refused', code: '550 5.2.1', reason: 'This mailbox is disabled' };
      case 'elsewhere':
        return this.#send(parcel);
    }
  }

  async #deliver(parcel: Parcel, account: Account): Promise<Outcome> {
    const { forward } = account;

    if (forward !== null && !forward.keep) {
      const sent = await this.#forward(parcel, account, forward.address);

      return sent.status === 'sent' ? sent : this.#keepInstead(parcel, account, sent);
    }

    const kept = await this.#keep(parcel, account);

    if (forward !== null && kept.status === 'delivered') {
      await this.#forward(parcel, account, forward.address);
    }

    return kept;
  }

  /** Where nobody knows whether it was forwarded, keeping it may be tried once, and forwarding not again. */
  async #keepInstead(parcel: Parcel, account: Account, sent: Outcome): Promise<Outcome> {
    const kept = await this.#keep(parcel, account);

    return kept.status === 'queued' && sent.status === 'uncertain' ? sent : kept;
  }

  async #forward(parcel: Parcel, account: Account, recipient: string): Promise<Outcome> {
    const sent = await this.#send({ ...parcel, recipient });
    await noteForward(this.env, account, sent.status === 'sent');

    return sent;
  }

  async #keep(parcel: Parcel, account: Account): Promise<Outcome> {
    const { sender: from, recipient: to, size } = parcel;
    const delivery = `${this.ownMailbox} ${parcel.delivery}`;
    const mail = { from, to, size, quota: account.quota, delivery };

    try {
      const mailbox = mailboxOf(this.env, account.mailbox);
      const delivered =
        account.mailbox === this.ownMailbox
          ? await this.deliverHere(mail, parcel.open())
          : await mailbox.deliver(mail, parcel.open());

      return delivered.ok ? { status: 'delivered' } : { status: 'refused', ...delivered.failure };
    } catch (error) {
      logFailure('delivery to a mailbox here', error);

      return { status: 'queued', code: '451 4.3.0', reason: 'The mailbox did not answer' };
    }
  }

  async #send(parcel: Parcel): Promise<Outcome> {
    try {
      await this.env.EMAIL.send(
        new EmailMessage(parcel.headerFrom, parcel.recipient, parcel.open()),
      );

      return { status: 'sent' };
    } catch (error) {
      return outcomeOfSendError(error);
    }
  }
}
