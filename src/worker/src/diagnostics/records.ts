// The values of DNS records as text: from the form of master files (RFC 1035 section 5.1) to what they mean.

export type RecordType = 'MX' | 'TXT';

export const TYPE_NUMBERS: Readonly<Record<RecordType, number>> = { MX: 15, TXT: 16 };

const STRING = /"(?:[^"\\]|\\.)*"/gs;
const QUOTED = /^\s*(?:"(?:[^"\\]|\\.)*"\s*)+$/s;

/** A TXT record's whole text; an MX record's host, in lower case and without its last dot. */
export function meaningOf(type: RecordType, data: string): string {
  switch (type) {
    case 'MX':
      return hostOf(data);
    case 'TXT':
      return textOf(data);
  }
}

/** `10 Mail.example.org.`; the null MX of RFC 7505, `0 .`, has the empty host. */
function hostOf(data: string): string {
  const host = /^\s*\d+\s+(\S+)\s*$/.exec(data)?.[1] ?? data.trim();

  return host.toLowerCase().replace(/\.$/, '');
}

/**
 * `"part1" "part2"`: a string holds 255 octets, so a longer text comes in several and is joined without a space
 * (RFC 7208 section 3.3, RFC 6376 section 3.6.2.2). Some resolvers leave the quotes out.
 */
function textOf(data: string): string {
  if (!QUOTED.test(data)) {
    return data;
  }

  const parts = data.match(STRING) ?? [];

  return parts.map((part) => unescapeText(part.slice(1, -1))).join('');
}

/** `\"` is the character itself, `\032` an octet by its decimal number. */
function unescapeText(text: string): string {
  return text.replace(/\\(\d{3}|.)/gs, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number(escaped) & 0xff) : escaped,
  );
}

/** `v=DKIM1; p=…`: the tags of a DKIM or DMARC record by their names (RFC 6376 section 3.2). */
export function tagsOf(record: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();

  for (const part of record.split(';')) {
    const [name = '', ...value] = part.split('=');

    if (name.trim() !== '' && value.length > 0) {
      tags.set(name.trim().toLowerCase(), value.join('=').trim());
    }
  }

  return tags;
}
