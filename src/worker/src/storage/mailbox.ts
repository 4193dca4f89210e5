// The mailbox object: who may call what. What it does is in the stores, and what they share is in OpenMailbox.

import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env';
import type { Refusal } from '../mail/submitted-header';
import { mailboxApp } from '../mailbox-app';
import { failure, type Result, success } from '../result';
import type { Standing } from './accounts';
import type { IncomingMail } from './carrier';
import type { Delivered } from './inbox';
import { mailboxSchema } from './mailbox-schema';
import type { MailboxState } from './messages';
import { OpenMailbox } from './open-mailbox';
import { migrate, schemaVersion } from './schema';
import type { Token } from './tokens';

export interface IssuedToken {
  readonly token: Token;
  readonly secret: string;
  readonly usage: MailboxState;
}

export class Mailbox extends DurableObject<Env> {
  #open: OpenMailbox | null = null;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);

    if (schemaVersion(context.storage.sql) > 0) {
      context.blockConcurrencyWhile(async () => {
        migrate(context.storage, mailboxSchema);
        const alarm = await context.storage.getAlarm();
        // One that should have rung is set anew, whatever became of it.
        this.#open = new OpenMailbox(context, env, (alarm ?? 0) > Date.now() ? alarm : null);
      });
    }
  }

  /** Only the directory calls this, for a new account. Saying it twice is harmless. */
  create(name: string): void {
    if (this.#open === null) {
      migrate(this.ctx.storage, mailboxSchema);
      this.ctx.storage.sql.exec('UPDATE state SET name = ?', name);
      this.#open = new OpenMailbox(this.ctx, this.env, null);
    }
  }

  /** The directory tells what changed about the account: whoever may no longer be here goes at once. */
  sync(standing: Standing): void {
    this.#open?.sync(standing);
  }

  /** Nothing is left, and nobody is let in any more; the directory has forgotten the account already. */
  async destroy(): Promise<void> {
    this.#open?.events.closeAll();
    this.#open = null;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** Anything but a returned result means that the message was not taken. */
  async deliver(
    mail: IncomingMail,
    body: ReadableStream<Uint8Array>,
  ): Promise<Result<Delivered, Refusal>> {
    const mailbox = this.#mustBeOpen();
    const delivered = await mailbox.inbox.deliver(mail, body);
    mailbox.usage.report();

    return delivered;
  }

  /** `generation` is the account's when its password was looked at: a token must not outlive a newer one. */
  async issueToken(
    device: string,
    generation: number,
  ): Promise<Result<IssuedToken, 'too_many' | 'outdated'>> {
    const mailbox = this.#mustBeOpen();
    const issued = await mailbox.tokens.issue(device, generation, Date.now());

    if (issued === null) {
      return failure('too_many');
    }

    if (generation < mailbox.standing.generation) {
      mailbox.tokens.revoke(issued.token.id);
      return failure('outdated');
    }

    return success({ ...issued, usage: mailbox.messages.state });
  }

  async isToken(secret: string): Promise<boolean> {
    return (await this.#open?.tokens.check(secret, Date.now())) != null;
  }

  override async fetch(request: Request): Promise<Response> {
    return mailboxApp.fetch(request, { mailbox: this.#open });
  }

  override async alarm(): Promise<void> {
    await this.#open?.ring();
  }

  /** Clients say nothing but `ping`, which the runtime answers while this object sleeps. */
  override webSocketMessage(): void {}

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 only ever stand for the absence of a code (RFC 6455 section 7.4.1).
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  #mustBeOpen(): OpenMailbox {
    if (this.#open === null) {
      throw new Error('nobody made this mailbox');
    }

    return this.#open;
  }
}
