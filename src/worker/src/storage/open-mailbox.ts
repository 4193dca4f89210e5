// A mailbox that somebody made, with all its stores; what the routes of a mailbox see.

import type { Env } from '../env';
import { FIRST_ATTEMPT_TIME, RESUME_AFTER } from '../limits';
import { logFailure } from '../log';
import { isOwnAddress } from '../mail/address';
import { Access } from './access';
import type { Account, Standing } from './accounts';
import { AlarmClock } from './alarm-clock';
import { PlatformCarrier } from './carrier';
import type { Directory } from './directory';
import { Dispatcher } from './dispatcher';
import { EventHub } from './events';
import { Inbox } from './inbox';
import { MessageStore, type StoredMessage } from './messages';
import { directoryOf } from './objects';
import { Outbox } from './outbox';
import { waitAtMost } from './patience';
import { Retention } from './retention';
import { StandingStore } from './standing';
import { type Submission, SubmissionStore } from './submissions';
import { TokenStore } from './tokens';
import { UsageReport } from './usage-report';

export class OpenMailbox {
  /** What the directory and the tokens call this mailbox. */
  readonly name: string;
  readonly clock: AlarmClock;
  readonly standing: StandingStore;
  readonly messages: MessageStore;
  readonly tokens: TokenStore;
  readonly submissions: SubmissionStore;
  readonly events: EventHub;
  readonly access: Access;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly dispatcher: Dispatcher;
  readonly retention: Retention;
  readonly usage: UsageReport;

  /** `alarm` is the one that is set, or null. */
  constructor(
    readonly context: DurableObjectState,
    readonly env: Env,
    alarm: number | null,
  ) {
    const { storage } = context;
    const { sql } = storage;
    this.name = String(sql.exec('SELECT name FROM state').one().name);
    this.clock = new AlarmClock(storage, alarm);
    this.standing = new StandingStore(sql);
    this.messages = new MessageStore(sql);
    this.tokens = new TokenStore(sql);
    this.submissions = new SubmissionStore(sql);
    this.events = new EventHub(context);
    this.access = new Access(this.standing, this.events);
    this.inbox = new Inbox(storage, this.messages, this.events, this.clock);
    this.dispatcher = new Dispatcher(
      storage,
      this.messages,
      this.submissions,
      this.events,
      new PlatformCarrier(env, this.name, (mail, body) => this.inbox.deliver(mail, body)),
      this.clock,
      this.standing,
    );
    this.outbox = new Outbox(storage, this.messages, this.submissions, this.events, this.clock, {
      account: () => this.account(),
      findForeign: (account, addresses) => this.#findForeign(account, addresses),
    });
    this.retention = new Retention(this.messages);
    this.clock.watch(() => this.retention.nextDue());
    this.usage = new UsageReport(
      context,
      () => ({
        messages: this.messages.state.messages,
        size: this.messages.state.size,
        full: this.inbox.isFull,
        lastReceived: this.inbox.lastReceived,
      }),
      async (usage) => this.directory.reportUsage(this.name, usage),
    );
    void this.clock.schedule();
  }

  get directory(): DurableObjectStub<Directory> {
    return directoryOf(this.env);
  }

  async account(): Promise<Account | null> {
    return this.directory.account(this.name);
  }

  /** What the alarm does: whatever is due, and then the next alarm. */
  async ring(): Promise<void> {
    this.clock.rang();
    let earliest = await this.dispatcher.resume();

    try {
      this.#remove(this.retention.expired(Date.now()));
    } catch (error) {
      logFailure('retention', error);
      earliest = Date.now() + RESUME_AFTER;
    }

    await this.clock.schedule(earliest);
    this.usage.report();
  }

  /** Takes over what changed about the account. */
  sync(standing: Standing): void {
    const ended = this.context.storage.transactionSync(() =>
      this.standing.update(standing)
        ? this.tokens.endBefore(standing.generation, standing.keptToken)
        : [],
    );

    for (const id of ended) {
      this.access.end(id);
    }

    if (this.standing.isDisabled) {
      this.events.closeAll();
    }
  }

  /** Waits for the first attempts, but not longer than a client waits; they go on after the answer. */
  async attemptFirst(submission: Submission): Promise<void> {
    let isAwaited = true;
    const attempts = this.dispatcher
      .attemptFirst(submission, () => isAwaited)
      .catch(async (error: unknown) => {
        logFailure('first attempt', error);
        await this.clock.schedule();
      });
    this.context.waitUntil(attempts);
    await waitAtMost(attempts, FIRST_ATTEMPT_TIME);
    isAwaited = false;
  }

  /** All of it or nothing; an id that is not there is no error, so a client may say it twice. */
  deleteMessages(ids: readonly string[]): { deleted: string[]; gone: string[] } {
    const asked = [...new Set(ids)];
    const found = asked.map((id) => this.messages.find(id)).filter((message) => message !== null);
    this.#remove(found);
    const deleted = found.map(({ id }) => id);

    return { deleted, gone: asked.filter((id) => !deleted.includes(id)) };
  }

  #remove(messages: readonly StoredMessage[]): void {
    if (messages.length === 0) {
      return;
    }

    this.context.storage.transactionSync(() => {
      for (const message of messages) {
        this.messages.remove(message, this.submissions.isPending(message.number));
      }

      this.messages.pruneTombstones();
    });
    this.inbox.isFull = false;
    this.events.changed(this.messages.state.seq);
    this.usage.report();
  }

  /** What is not plainly the user's own is so where its mail comes to this mailbox: a catch-all, say. */
  async #findForeign(account: Account, addresses: readonly string[]): Promise<string | null> {
    const own = [account.address, ...account.aliases];
    const others = addresses.filter((address) => !isOwnAddress(address, own));
    const routes = others.length === 0 ? [] : await this.directory.route(others);
    const foreign = others.find((_, index) => {
      const route = routes[index];

      return route?.kind !== 'mailbox' || route.account.mailbox !== this.name;
    });

    return foreign ?? null;
  }
}
