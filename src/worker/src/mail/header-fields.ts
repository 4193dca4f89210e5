// Cuts a header block into its fields (RFC 5322 section 2.2), folded lines kept together.

export interface HeaderField {
  /** In lower case; empty for a line that is no field. */
  readonly name: string;
  /** Unfolded, decoded as UTF-8; what is not UTF-8 becomes U+FFFD. */
  readonly value: string;
  /** The exact bytes, line ends included. */
  readonly bytes: Uint8Array;
}

const LF = 10;
const SPACE = 32;
const TAB = 9;
const FIELD = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/;

export function parseHeaderFields(block: Uint8Array): HeaderField[] {
  const fields: HeaderField[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

  for (let start = 0; start < block.length; ) {
    const end = fieldEnd(block, start);
    const bytes = block.subarray(start, end);
    const text = decoder.decode(bytes);
    const matched = FIELD.exec(text);

    fields.push({
      name: matched?.[1]?.toLowerCase() ?? '',
      value: text
        .slice(matched?.[0].length ?? 0)
        .replace(/\r?\n/g, '')
        .trim(),
      bytes,
    });
    start = end;
  }

  return fields;
}

/** A field goes on as long as the next line starts with white space. */
function fieldEnd(block: Uint8Array, start: number): number {
  let end = start;

  do {
    const feed = block.indexOf(LF, end);
    end = feed === -1 ? block.length : feed + 1;
  } while (block[end] === SPACE || block[end] === TAB);

  return end;
}
