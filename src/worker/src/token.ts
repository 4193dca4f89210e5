// The text of a token: `nm1.<mailbox>.<mac>.<secret>`. The MAC keeps made-up names from waking any mailbox.

import { isSameSecret, toBase64Url } from './bytes';

export interface ParsedToken {
  readonly mailbox: string;
  readonly secret: string;
}

const TOKEN = /^nm1\.([\w-]{22})\.([\w-]{22})\.([\w-]{43})$/;
const MAC_OCTETS = 16;

export async function formatToken(
  key: CryptoKey,
  mailbox: string,
  secret: string,
): Promise<string> {
  return `nm1.${mailbox}.${await macOf(key, mailbox)}.${secret}`;
}

/** Returns what a token says, or null where it was not made with this key. */
export async function parseToken(key: CryptoKey, token: string): Promise<ParsedToken | null> {
  const [, mailbox, mac, secret] = TOKEN.exec(token) ?? [];

  if (mailbox === undefined || mac === undefined || secret === undefined) {
    return null;
  }

  return (await isSameSecret(mac, await macOf(key, mailbox))) ? { mailbox, secret } : null;
}

/** The token of an `Authorization: Bearer` header (RFC 6750 section 2.1); empty where there is none. */
export function bearerToken(authorization: string | undefined): string {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1] ?? '';
}

export async function importTokenKey(bytes: ArrayBuffer): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

async function macOf(key: CryptoKey, mailbox: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`nm1.${mailbox}`));

  return toBase64Url(mac.slice(0, MAC_OCTETS));
}
