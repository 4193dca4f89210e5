// Every limit of the Worker, in one place: what is read, kept, tried and how long.

const KIB = 1024;
const MIB = 1024 * KIB;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const DAY = 24 * HOUR;

/** Email Routing takes no larger message in; the sending side is stricter and says so itself. */
export const MAX_MESSAGE_SIZE = 25 * MIB;
export const MAX_RECIPIENTS = 50;

/** A row of a Durable Object's SQLite holds 2 MB at most; this stays well under it. */
export const CHUNK_SIZE = MIB;
/** What one `pull` of an answer carries: small rows one by one would cost ten times the time. */
export const BATCH_SIZE = 256 * KIB;
export const LIST_PAGE = 2000;

export const MAX_JSON_BODY = 128 * KIB;
export const MAX_ENVELOPE_LINE = 64 * KIB;
/** The notification needs From and Subject only; what lies further down is not looked for. */
export const MAX_INBOUND_HEADER = 64 * KIB;
/** Policy has to see the whole header block of what a user sends. */
export const MAX_SUBMITTED_HEADER = 256 * KIB;
export const MAX_FETCH_IDS = 1000;
export const MAX_TOKENS = 100;
export const MAX_WEBSOCKETS = 32;
export const MAX_NOTIFIED_TEXT = 200;

export const DEFAULT_QUOTA = 1024 * MIB;
/** A deleted message stays in the change log until this many others were deleted after it. */
export const MAX_TOMBSTONES = 20_000;

export const IDEMPOTENCY_WINDOW = DAY;
export const FIRST_ATTEMPT_TIME = 10_000;
export const GIVE_UP_AFTER = 2 * DAY;
export const RETRY_DELAYS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
] as const;
/** When the object dies right after a commit, the alarm resumes the work this much later. */
export const RESUME_AFTER = MINUTE;
/** No call to the platform lasts this long: an attempt that has not ended by then was cut off. */
export const ATTEMPT_TIMEOUT = 10 * MINUTE;
/** A token's last use is written at most this often: each write is billed. */
export const LAST_USED_PRECISION = HOUR;

export const ATTEMPT_WINDOW = 15 * MINUTE;
export const ATTEMPTS_PER_ADDRESS = 10;
export const ATTEMPTS_PER_NETWORK = 50;
export const MAX_WAITING_PASSWORDS = 16;
