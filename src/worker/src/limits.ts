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

/** What was exported may carry the trace lines of its delivery, and a last line end, beyond a message's own size. */
export const MAX_IMPORTED_MESSAGE = MAX_MESSAGE_SIZE + 4 * KIB;
/** The platform takes no larger body on any plan, so this much of one that is refused is read to its end. */
export const MAX_DRAINED_IMPORT = 512 * MIB;
/** Clients look for what is new this often during an import, and not after each message. */
export const IMPORT_EVENT_INTERVAL = 1000;
/** After so many messages of an import other requests have their turn; each turn is a write to the disk. */
export const IMPORT_TURN = 32;

export const DEFAULT_QUOTA = 1024 * MIB;
export const MAX_QUOTA = 10 * 1024 * MIB;
/** Recipients that one user may write to in a day; an admin can set another number. */
export const DEFAULT_DAILY_LIMIT = 500;
export const MAX_DAILY_LIMIT = 100_000;
export const MAX_ALIASES = 100;
export const MAX_DOMAINS = 100;
export const MAX_INVITES = 1000;
export const INVITE_LIFETIME = 7 * DAY;
export const MAX_INVITE_LIFETIME = 90 * DAY;
/** Older entries of the audit trail make room. */
export const MAX_AUDIT_ENTRIES = 10_000;
export const AUDIT_PAGE = 200;
export const MAX_RETENTION_DAYS = 3650;
/** What expires together is deleted in steps of this many, so that nothing else waits for it. */
export const EXPIRY_PAGE = 1000;
/** A mailbox that could not be told of a change is told again this much later. */
export const CHORE_RETRY = MINUTE;
/** A deleted message stays in the change log until this many others were deleted after it. */
export const MAX_TOMBSTONES = 20_000;

export const IDEMPOTENCY_WINDOW = DAY;
export const FIRST_ATTEMPT_TIME = 10_000;
export const DELAY_NOTICE_AFTER = 4 * HOUR;
export const GIVE_UP_AFTER = 2 * DAY;
/** What is settled is forgotten after this; far longer than any client asks again. */
export const KEEP_SUBMISSIONS = 30 * DAY;
/** Each new submission lets this many old ones go, so that they never pile up. */
export const FORGET_PAGE = 10;
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
/** A request on the Free plan may make 50 calls; an attempt is one or two, and there are others. The alarm goes on. */
export const ATTEMPTS_PER_RUN = 20;
/** One call to the platform: where it says nothing for so long, others must not wait for it any more. */
export const ATTEMPT_TIME_LIMIT = 5 * MINUTE;
/** An attempt that has not ended by then was cut off. */
export const ATTEMPT_TIMEOUT = 10 * MINUTE;
/** A token's last use is written at most this often: each write is billed. */
export const LAST_USED_PRECISION = HOUR;

export const ATTEMPT_WINDOW = 15 * MINUTE;
export const ATTEMPTS_PER_ADDRESS = 10;
export const ATTEMPTS_PER_NETWORK = 50;
/** Set-up keys, invites and registrations have no address to count by, so a network gets fewer of them. */
export const REGISTRATIONS_PER_NETWORK = 20;
/** The same bytes in the same envelope within this time are one message that came twice. */
export const DUPLICATE_WINDOW = DAY;
/** In a mailbox that gets more in a day the oldest are forgotten: a second delivery mostly follows soon. */
export const MAX_REMEMBERED_DELIVERIES = 20_000;
export const MAX_WAITING_PASSWORDS = 16;

/**
 * One run of the self-test. Workers Free allows 50 requests to elsewhere for each request; the rest is for the
 * objects. A domain takes six questions, and one more for each parent that its DMARC may come from.
 */
export const MAX_DNS_QUESTIONS = 42;
export const DNS_CONNECTIONS = 6;
export const DNS_QUESTION_TIMEOUT = 5000;
export const DNS_TOTAL_TIMEOUT = 15_000;
export const MAX_DNS_ANSWER = 64 * KIB;
