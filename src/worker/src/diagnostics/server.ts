// What the server knows about itself: its bindings, its storage, and whether mail comes in and gets through.

import { bad, type Check, good } from './check';

export interface Trouble {
  readonly address: string;
  readonly since: number;
}

/** What storage says about itself. */
export interface ServerState {
  readonly schemaVersion: number;
  readonly domains: readonly string[];
  readonly lastReceived: number | null;
  readonly full: readonly Trouble[];
  readonly forwardFailed: readonly Trouble[];
}

/** The state is null where storage could not be written. */
export function judgeServer(state: ServerState | null, hasSendBinding: boolean): Check[] {
  const stored =
    state === null
      ? []
      : [
          good(serverWide('schema'), `The tables are at version ${state.schemaVersion}.`),
          judgeLastReceived(state.lastReceived),
          ...state.full.map(judgeFull),
          ...state.forwardFailed.map(judgeForward),
        ];

  return [judgeSendBinding(hasSendBinding), judgeStorage(state !== null), ...stored];
}

function judgeSendBinding(present: boolean): Check {
  const subject = serverWide('send-binding');

  return present
    ? good(subject, 'The Worker has its binding to send mail.')
    : bad(
        subject,
        'The Worker has no binding to send mail, so nothing goes out.',
        'Keep "send_email": [{ "name": "EMAIL" }] in wrangler.jsonc, and deploy again.',
      );
}

function judgeStorage(writable: boolean): Check {
  const subject = serverWide('storage');

  return writable
    ? good(subject, 'Storage can be written and read.')
    : bad(
        subject,
        'Storage cannot be written, so mail that comes in waits at its senders’ servers.',
        'Look at the usage of Durable Objects in the Cloudflare dashboard: the daily limits of the Free plan ' +
          'end at 00:00 UTC. If none is reached, look at the log with "wrangler tail".',
      );
}

function judgeLastReceived(time: number | null): Check {
  const subject = serverWide('last-received');

  return time === null
    ? bad(
        subject,
        'No mail was received yet.',
        'Send a message from elsewhere to an address here. If it does not arrive, look at the MX records, ' +
          'and in the Cloudflare dashboard under Email Service > Email Routing at the catch-all rule: it is ' +
          'active, and its action is "Send to a Worker", this one.',
      )
    : good(subject, `Mail was last received at ${iso(time)}.`);
}

function judgeFull({ address, since }: Trouble): Check {
  return bad(
    serverWide('mailbox-full'),
    `The mailbox of ${address} is full; mail to it is refused since ${iso(since)}.`,
    `Give ${address} a larger quota, or have old messages deleted from it.`,
  );
}

function judgeForward({ address, since }: Trouble): Check {
  return bad(
    serverWide('forward'),
    `Mail of ${address} is not forwarded since ${iso(since)}; it is kept here.`,
    'In the Cloudflare dashboard under Email Service > Email Routing, see whether the address it is forwarded to ' +
      'is among the destination addresses, and verified.',
  );
}

function serverWide(check: string): { check: string; domain: null } {
  return { check, domain: null };
}

/** A time that is none must not take the whole answer down. */
function iso(time: number): string {
  const date = new Date(time);

  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString();
}
