// Tells one delivery from another: what a sender's server brings again, because it heard no answer, is the same one.

import { concatenate, encode, sha256Bytes, toHex } from '../bytes';
import { parseHeaderFields } from './header-fields';

/** What servers on the way put on top, anew for each connection (RFC 5321 section 4.4, RFC 8601, RFC 8617). */
const ADDED_ON_THE_WAY = new Set([
  'arc-authentication-results',
  'arc-message-signature',
  'arc-seal',
  'authentication-results',
  'received',
  'received-spf',
]);

export interface DeliveredMessage {
  readonly from: string;
  readonly to: string;
  /** Without the lines that the final delivery puts on top. */
  readonly header: Uint8Array;
  readonly headerOverflowed: boolean;
  readonly bodySha256: string;
  readonly sha256: string;
}

/**
 * The same envelope, and the same bytes from the sender on: the mail system that receives for us writes a line of
 * its own for each connection, and that one is left out. But only where the message names itself by a Message-ID:
 * without one, two that differ in those lines alone may well be two, such as the nightly word of a machine.
 */
export async function deliveryIdentity(message: DeliveredMessage): Promise<string> {
  const fields = parseHeaderFields(message.header);
  const first = fields.findIndex(({ name }) => !ADDED_ON_THE_WAY.has(name));
  const isNamed = fields.some(({ name, value }) => name === 'message-id' && value !== '');

  if (!isNamed || message.headerOverflowed) {
    return `whole ${message.sha256}`;
  }

  const envelope = encode(JSON.stringify([message.from, message.to, message.bodySha256]));
  const kept = fields.slice(first).map(({ bytes }) => bytes);

  return `named ${toHex(await sha256Bytes(concatenate([envelope, ...kept])))}`;
}
