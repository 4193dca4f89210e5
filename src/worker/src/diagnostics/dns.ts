// Asks DNS over HTTPS, in the JSON form that Cloudflare's page "Using JSON" (1.1.1.1) describes.

import { z } from 'zod';
import { readText } from '../http/json';
import {
  DNS_CONNECTIONS,
  DNS_QUESTION_TIMEOUT,
  DNS_TOTAL_TIMEOUT,
  MAX_DNS_ANSWER,
} from '../limits';
import { failure, type Result, success } from '../result';
import { meaningOf, type RecordType, TYPE_NUMBERS } from './records';

/** Two decisions: run it again, or look at the name servers. */
export type DnsFailure = 'unreachable' | 'server_failure';
/** The values of the records; none where the name or the type is not there. */
export type DnsAnswer = Result<readonly string[], DnsFailure>;
export type Ask = (name: string, type: RecordType) => Promise<DnsAnswer>;
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const SERVER = 'https://cloudflare-dns.com/dns-query';

const Answer = z.object({
  Status: z.number().int(),
  Answer: z.array(z.object({ type: z.number().int(), data: z.string() })).optional(),
});

/** RFC 1035 section 4.1.1, RFC 2308 section 2.1. */
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;

/** One for each run of the self-test: all questions of the run share its time and its connections. */
export function resolver(fetcher: Fetch): Ask {
  const end = AbortSignal.timeout(DNS_TOTAL_TIMEOUT);
  const inTurn = turns(DNS_CONNECTIONS);

  return (name, type) =>
    inTurn(async () => {
      try {
        return read(await fetchAnswer(fetcher, name, type, end), type);
      } catch {
        // The network, the time, or the resolver: nothing that the caller could tell apart.
        return failure('unreachable');
      }
    });
}

/** The text of the answer, or null where the resolver gave none that is worth reading. */
async function fetchAnswer(
  fetcher: Fetch,
  name: string,
  type: RecordType,
  end: AbortSignal,
): Promise<string | null> {
  const query = new URLSearchParams({ name: asciiName(name), type });
  const response = await fetcher(`${SERVER}?${query}`, {
    headers: { accept: 'application/dns-json' },
    redirect: 'manual',
    signal: AbortSignal.any([AbortSignal.timeout(DNS_QUESTION_TIMEOUT), end]),
  });

  if (response.status !== 200) {
    await response.body?.cancel();

    return null;
  }

  return readText(response.body, MAX_DNS_ANSWER);
}

function read(text: string | null, type: RecordType): DnsAnswer {
  const parsed = Answer.safeParse(JSON.parse(text ?? 'null'));

  if (!parsed.success) {
    return failure('unreachable');
  }

  const { Status: status, Answer: records = [] } = parsed.data;

  if (status !== NO_ERROR && status !== NO_SUCH_NAME) {
    return failure('server_failure');
  }

  // The CNAMEs on the way to the records stand among them.
  const wanted = records.filter((record) => record.type === TYPE_NUMBERS[type]);

  return success(wanted.map((record) => meaningOf(type, record.data)));
}

/** DNS knows only the ASCII form of a name (RFC 5891); the parser of URLs knows how to make it. */
function asciiName(name: string): string {
  return /^[\x21-\x7e]*$/.test(name) ? name : new URL(`http://${name}`).hostname;
}

/** Workers open six connections at once; waiting here keeps the waiting out of a question's own time. */
function turns(limit: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running >= limit) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }

    try {
      return await work();
    } finally {
      const next = waiting.shift();

      if (next === undefined) {
        running -= 1;
      } else {
        next();
      }
    }
  };
}
