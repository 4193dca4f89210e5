// Takes one message to one recipient: into a mailbox of this Worker, or to the platform.

import { EmailMessage } from 'cloudflare:email';
import type { Env } from '../env';
import { outcomeOfSendError } from '../mail/send-errors';
import type { Refusal } from '../mail/submitted-header';
import type { Result } from '../result';
import type { Account } from './accounts';
import type { Route } from './directory';
import { directoryOf, mailboxOf } from './objects';
import type { Outcome } from './submissions';

export interface Parcel {
  /** The envelope sender, for the Return-Path of a mailbox here. */
  readonly sender: string;
  /** The platform refuses any envelope sender but the address in From. */
  readonly headerFrom: string;
  readonly recipient: string;
  readonly size: number;
  readonly open: () => ReadableStream<Uint8Array>;
}

export interface IncomingMail {
  readonly from: string;
  readonly to: string;
  readonly size: number;
  readonly quota: number;
}

/** How mail leaves a mailbox; tests put another one in its place. */
export interface Carrier {
  route(recipients: readonly string[]): Promise<Route[]>;
  carry(parcel: Parcel, route: Route): Promise<Outcome>;
}

export type DeliverHere = (
  mail: IncomingMail,
  body: ReadableStream<Uint8Array>,
) => Promise<Result<unknown, Refusal>>;

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
    const { sender: from, recipient: to, size } = parcel;
    const mail = { from, to, size, quota: account.quota };

    try {
      const mailbox = mailboxOf(this.env, account.mailbox);
      const delivered =
        account.mailbox === this.ownMailbox
          ? await this.deliverHere(mail, parcel.open())
          : await mailbox.deliver(mail, parcel.open());

      return delivered.ok ? { status: 'delivered' } : { status: 'refused', ...delivered.failure };
    } catch (error) {
      return outcomeOfSendError(error);
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
