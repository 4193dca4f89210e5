// The date of RFC 5322 section 3.3, in UTC.

/** `Date.toUTCString` gives the obsolete zone `GMT`; the numeric one is what may be generated. */
export function formatDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString().replace(/GMT$/, '+0000');
}
