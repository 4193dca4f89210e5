// One range of bytes (RFC 9110 section 14.1.2).

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Null where the whole is to be sent: no range, several, or one that cannot be read (section 14.2). */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];

  if (first === '' && last === '') {
    return null;
  }

  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);

  if (first !== '' && last !== '' && Number(last) < Number(first)) {
    return null;
  }

  return start < end ? { start, end } : 'unsatisfiable';
}
