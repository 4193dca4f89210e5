// The line that begins a message in a mailbox file: `From sender date` (RFC 4155 appendix A).

const NOBODY = 'MAILER-DAEMON';
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** What a chunk begins with when this mailbox took the message in; an address without spaces or brackets. */
const RETURN_PATH = /^Return-Path: ?<([\x21-\x3b\x3d\x3f-\x7e]{1,254})>\r?\n/i;
const HEAD_LENGTH = 300;
/** asctime's form, with the zone that some programs put before the year, and others after it. */
const DATE =
  / ([A-Z][a-z]{2}) (\d{1,2}) (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ([+-]\d{4}|[A-Z]{1,5}))? (\d{4})(?: ([+-]\d{4}))?(?: |$)/;

export function formatFromLine(sender: string, received: number): string {
  const [day = '', date = '', month, year, time] = new Date(received).toUTCString().split(' ');
  const padded = String(Number(date)).padStart(2);

  return `From ${sender} ${day.slice(0, 3)} ${month} ${padded} ${time} ${year}\n`;
}

/** The envelope sender, out of the Return-Path line on top where there is one. */
export function senderOf(head: Uint8Array): string {
  return RETURN_PATH.exec(asText(head.subarray(0, HEAD_LENGTH)))?.[1] ?? NOBODY;
}

/** The time in milliseconds that stands after `From `, in UTC if it names no zone; null where none can be read. */
export function dateOfFromLine(rest: Uint8Array): number | null {
  const found = DATE.exec(` ${asText(rest)}`.replace(/\s+/g, ' ').trimEnd());

  if (found === null) {
    return null;
  }

  const [, month = '', day, hour, minute, second = '0', zone, year, lastZone] = found;
  const local = calendarTime(
    Number(year),
    MONTHS.indexOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );

  return local === null ? null : local - zoneOffset(lastZone ?? zone ?? '');
}

/** `Date.UTC` takes 31 February for 3 March; what is not in the calendar is not a date here. */
function calendarTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null {
  const time = Date.UTC(year, month, day, hour, minute, second);
  const date = new Date(time);
  const isReal = date.getUTCMonth() === month && date.getUTCDate() === day;

  return isReal && time >= 0 && minute < 60 && second <= 60 ? time : null;
}

/** The names of zones mean several things each, so a name counts as UTC. */
function zoneOffset(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;

  return sign === '-' ? -offset : offset;
}

function asText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
