// The header block that goes out: without Bcc, with the Date and Message-ID it lacks, and nothing else changed.

import { concatenate } from '../bytes';
import { formatDate } from './date';
import { parseHeaderFields } from './header-fields';

const LF = 10;
const CR = 13;
const HIDDEN = new Set(['bcc', 'resent-bcc']);

export interface Missing {
  readonly acceptedAt: number;
  readonly messageId: string;
}

/**
 * RFC 5322 section 3.6.3 lets the sending side take Bcc out, RFC 6409 section 8 lets it add what is missing.
 * The result depends on the arguments alone, so every recipient and every retry gets the same bytes.
 */
export function outgoingHeader(block: Uint8Array, missing: Missing): Uint8Array {
  const fields = parseHeaderFields(block);
  const names = new Set(fields.map((field) => field.name));
  const lineEnd = usesBareLineFeeds(block) ? '\n' : '\r\n';
  const added = [
    names.has('date') ? '' : `Date: ${formatDate(missing.acceptedAt)}${lineEnd}`,
    names.has('message-id') ? '' : `Message-ID: <${missing.messageId}>${lineEnd}`,
  ].join('');
  const kept = fields.filter((field) => !HIDDEN.has(field.name)).map((field) => field.bytes);

  return concatenate([new TextEncoder().encode(added), ...kept]);
}

function usesBareLineFeeds(block: Uint8Array): boolean {
  const feed = block.indexOf(LF);

  return feed > 0 && block[feed - 1] !== CR;
}
