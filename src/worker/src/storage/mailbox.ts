// The mailbox object: everything of one user's mail. What it does is in the stores; this is who may call what.

import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env';
import { FIRST_ATTEMPT_TIME } from '../limits';
import { logFailure } from '../log';
import type { Refusal } from '../mail/submitted-header';
import { mailboxApp } from '../mailbox-app';
import { failure, type Result, success } from '../result';
import type { Account } from './accounts';
import { type IncomingMail, PlatformCarrier } from './carrier';
import { Dispatcher } from './dispatcher';
import { EventHub } from './events';
import { Inbox } from './inbox';
import { mailboxSchema } from './mailbox-schema';
import { type MailboxState, MessageStore } from './messages';
import { directoryOf } from './objects';
import { Outbox } from './outbox';
import { migrate, schemaVersion } from './schema';
import { type Submission, SubmissionStore } from './submissions';
import { type Token, TokenStore } from './tokens';

/** A mailbox that somebody made, with all its stores; what the routes of a mailbox see. */
export class OpenMailbox {
  /** What the directory and the tokens call this mailbox. */
  readonly name: string;
  readonly messages: MessageStore;
  readonly tokens: TokenStore;
  readonly submissions: SubmissionStore;
  readonly events: EventHub;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly dispatcher: Dispatcher;
  #reporting: Promise<void> | null = null;
  #reportAgain = false;

  constructor(
    readonly context: DurableObjectState,
    readonly env: Env,
  ) {
    const { storage } = context;
    this.name = String(storage.sql.exec('SELECT name FROM state').one().name);
    this.messages = new MessageStore(storage.sql);
    this.tokens = new TokenStore(storage.sql);
    this.submissions = new SubmissionStore(storage.sql);
    this.events = new EventHub(context);
    this.inbox = new Inbox(storage, this.messages, this.events);
    this.dispatcher = new Dispatcher(
      storage,
      this.messages,
      this.submissions,
      this.events,
      new PlatformCarrier(env, this.name, (mail, body) => this.inbox.deliver(mail, body)),
    );
    this.outbox = new Outbox(storage, this.messages, this.submissions, this.events, () =>
      this.dispatcher.schedule(),
    );
  }

  async account(): Promise<Account | null> {
    return directoryOf(this.env).account(this.name);
  }

  /** Waits for the first attempts, but not longer than a client waits; they go on after the answer. */
  async attemptFirst(submission: Submission): Promise<void> {
    const attempts = this.dispatcher.attemptFirst(submission).catch(async (error: unknown) => {
      logFailure('first attempt', error);
      await this.dispatcher.schedule();
    });
    this.context.waitUntil(attempts);

    // A timer that nobody waits for any more would keep the object awake, and billed, until it ends.
    const patience = new AbortController();
    const timer = scheduler.wait(FIRST_ATTEMPT_TIME, { signal: patience.signal }).catch(() => {});
    await Promise.race([attempts, timer]);
    patience.abort();
  }

  /** All of it or nothing; an id that is not there is no error, so a client may say it twice. */
  deleteMessages(ids: readonly string[]): { deleted: string[]; gone: string[] } {
    const deleted: string[] = [];

    this.context.storage.transactionSync(() => {
      for (const id of new Set(ids)) {
        const message = this.messages.find(id);

        if (message !== null) {
          this.messages.remove(message, this.submissions.isPending(message.number));
          deleted.push(id);
        }
      }

      this.messages.pruneTombstones();
    });

    if (deleted.length > 0) {
      this.events.changed(this.messages.state.seq);
      this.reportUsage();
    }

    return { deleted, gone: [...new Set(ids)].filter((id) => !deleted.includes(id)) };
  }

  /**
   * Tells the directory what is here, after the answer. It is for lists and for people: if it fails, the next
   * change repairs it. While one report runs, any number of changes make one more.
   */
  reportUsage(): void {
    this.#reportAgain = true;
    this.#reporting ??= this.#report().finally(() => {
      this.#reporting = null;
    });
    this.context.waitUntil(this.#reporting);
  }

  async #report(): Promise<void> {
    while (this.#reportAgain) {
      this.#reportAgain = false;
      const { messages, size } = this.messages.state;

      try {
        await directoryOf(this.env).reportUsage(this.name, messages, size);
      } catch (error) {
        logFailure('report of usage', error);
      }
    }
  }
}

export class Mailbox extends DurableObject<Env> {
  #open: OpenMailbox | null = null;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);

    if (schemaVersion(context.storage.sql) > 0) {
      migrate(context.storage, mailboxSchema);
      this.#open = new OpenMailbox(context, env);
    }
  }

  /** Only the directory calls this, for a new account. Saying it twice is harmless. */
  create(name: string): void {
    if (this.#open === null) {
      migrate(this.ctx.storage, mailboxSchema);
      this.ctx.storage.sql.exec('UPDATE state SET name = ?', name);
      this.#open = new OpenMailbox(this.ctx, this.env);
    }
  }

  /** Anything but a returned result means that the message was not taken. */
  async deliver(
    mail: IncomingMail,
    body: ReadableStream<Uint8Array>,
  ): Promise<Result<{ id: string }, Refusal>> {
    const mailbox = this.#mustBeOpen();
    const delivered = await mailbox.inbox.deliver(mail, body);
    mailbox.reportUsage();

    return delivered;
  }

  async issueToken(
    device: string,
  ): Promise<Result<{ token: Token; secret: string; usage: MailboxState }, 'too_many'>> {
    const mailbox = this.#mustBeOpen();
    const issued = await mailbox.tokens.issue(device, Date.now());

    return issued === null
      ? failure('too_many')
      : success({ ...issued, usage: mailbox.messages.state });
  }

  async isToken(secret: string): Promise<boolean> {
    return (await this.#open?.tokens.check(secret, Date.now())) != null;
  }

  override async fetch(request: Request): Promise<Response> {
    return mailboxApp.fetch(request, { mailbox: this.#open });
  }

  override async alarm(): Promise<void> {
    const mailbox = this.#mustBeOpen();
    await mailbox.dispatcher.resume();
    mailbox.reportUsage();
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
