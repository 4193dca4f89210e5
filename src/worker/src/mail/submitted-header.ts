// What the header block of a submitted message says, and whether a message with it may go out at all.

import { failure, type Result, success } from '../result';
import { parseAddressList } from './address-list';
import { parseHeaderFields } from './header-fields';

export interface SubmittedHeader {
  /** The first address of From: what the platform wants to see as the envelope sender. */
  readonly from: string;
  /** Every author, and the sender where there is one: in whose name it is sent. */
  readonly names: readonly string[];
}

/** An SMTP code and a sentence for people. */
export interface Refusal {
  readonly code: string;
  readonly reason: string;
}

const MALFORMED = '550 5.6.0';
/** Each has to be looked up. */
const MAX_AUTHORS = 50;

/** Whether these names are the user's to use is for others to say; here is whether they can be read without doubt. */
export function checkSubmittedHeader(block: Uint8Array): Result<SubmittedHeader, Refusal> {
  if (!hasSafeLines(block)) {
    return failure({
      code: MALFORMED,
      reason: 'The header has a NUL, a lone CR or a stray first line',
    });
  }

  const fields = parseHeaderFields(block);
  const from = addressesOf(fields, 'from');
  const sender = addressesOf(fields, 'sender');

  if (from === null || from.length === 0) {
    return failure({
      code: MALFORMED,
      reason: 'The message needs exactly one well-formed From field',
    });
  }

  // RFC 5322 section 3.6.2: Sender is one mailbox, and need not be there.
  if (sender === null || sender.length > 1) {
    return failure({ code: MALFORMED, reason: 'The Sender field is not one well-formed address' });
  }

  if (from.length > MAX_AUTHORS) {
    return failure({ code: MALFORMED, reason: `From has more than ${MAX_AUTHORS} addresses` });
  }

  return success({ from: from[0] ?? '', names: [...from, ...sender] });
}

/** The addresses of the only field of that name, none where it is absent, null where it is broken or there are two. */
function addressesOf(
  fields: readonly { name: string; value: string }[],
  name: string,
): string[] | null {
  const found = fields.filter((field) => field.name === name);

  if (found.length === 0) {
    return [];
  }

  return found.length === 1 ? parseAddressList(found[0]?.value ?? '') : null;
}

/**
 * Some receivers end a line at a lone CR: behind one a second From could hide. And a first line that starts
 * with white space would become part of a field that we put above it.
 */
function hasSafeLines(block: Uint8Array): boolean {
  const first = block[0];

  return (
    first !== 32 &&
    first !== 9 &&
    !block.some((octet, index) => octet === 0 || (octet === 13 && block[index + 1] !== 10))
  );
}
