// One mail address (RFC 5321 section 4.1.2, RFC 6531): checked, and brought to the form that is compared and kept.

export interface Address {
  readonly text: string;
  readonly local: string;
  readonly domain: string;
}

const ATOM = /^[\w!#$%&'*+/=?^`{|}~.\-\u0080-\u{10ffff}]+$/u;
const QUOTED = /^"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"$/;
const DOMAIN =
  /^(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?)*$/u;
/** Invisible, private and undecodable characters would make two addresses look like one. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\u00a0\ufffd]/u;
const MAX_LOCAL = 64;
const MAX_ADDRESS = 254;

/** Returns the address in lower case and NFC, or null where it is none. */
export function parseAddress(input: string): Address | null {
  const text = input.normalize('NFC').toLowerCase();
  const at = text.lastIndexOf('@');
  const local = unquote(text.slice(0, Math.max(at, 0)));
  const domain = text.slice(at + 1);

  if (at < 1 || text.length > MAX_ADDRESS || local.length > MAX_LOCAL || UNSAFE.test(text)) {
    return null;
  }

  if (!(ATOM.test(local) || QUOTED.test(local)) || !DOMAIN.test(domain)) {
    return null;
  }

  return { text: `${local}@${domain}`, local, domain };
}

/** Returns a domain in lower case and NFC, or null where it is none. */
export function parseDomain(input: string): string | null {
  return parseAddress(`postmaster@${input}`)?.domain ?? null;
}

/** `user+tag@domain` without the tag; null where there is none. */
export function withoutTag(address: Address): Address | null {
  const plus = address.local.indexOf('+');

  if (plus < 1 || address.local.startsWith('"')) {
    return null;
  }

  const local = address.local.slice(0, plus);

  return { text: `${local}@${address.domain}`, local, domain: address.domain };
}

/**
 * RFC 2142's mailboxes of a domain, and those to which certificate authorities send what proves control of it
 * (CA/Browser Forum Baseline Requirements section 3.2.2.4.4).
 */
const RESERVED = new Set([
  'abuse',
  'admin',
  'administrator',
  'hostmaster',
  'info',
  'mailer-daemon',
  'noc',
  'postmaster',
  'root',
  'security',
  'webmaster',
]);

export function isReserved(address: Address): boolean {
  return RESERVED.has(address.local);
}

/** Whether `text` is one of `own`, or a plus-form of one. */
export function isOwnAddress(text: string, own: readonly string[]): boolean {
  const address = parseAddress(text);

  if (address === null) {
    return false;
  }

  const base = withoutTag(address);

  return own.includes(address.text) || (base !== null && own.includes(base.text));
}

/** `"bob"@x` and `bob@x` are one address (RFC 5321 section 4.1.2), so the quotes go where they can. */
function unquote(local: string): string {
  if (!QUOTED.test(local)) {
    return local;
  }

  const bare = local.slice(1, -1).replace(/\\(.)/g, '$1');

  return ATOM.test(bare) ? bare : local;
}
