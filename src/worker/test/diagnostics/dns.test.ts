import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Fetch, resolver } from '../../src/diagnostics/dns';
import type { RecordType } from '../../src/diagnostics/records';
import { DNS_CONNECTIONS, MAX_DNS_ANSWER } from '../../src/limits';

afterEach(() => vi.restoreAllMocks());

const unreachable = { ok: false, failure: 'unreachable' };
const serverFailure = { ok: false, failure: 'server_failure' };

async function ask(body: BodyInit | null, init: ResponseInit = {}, type: RecordType = 'TXT') {
  return resolver(async () => new Response(body, init))('example.org', type);
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

describe('a question', () => {
  it('names the record and asks for JSON', async () => {
    const fetcher = vi.fn<Fetch>(async () => Response.json({ Status: 0 }));
    await resolver(fetcher)('_dmarc.example.org', 'TXT');
    const [url, init] = fetcher.mock.calls[0] ?? [];
    expect(url).toBe('https://cloudflare-dns.com/dns-query?name=_dmarc.example.org&type=TXT');
    expect(init?.headers).toEqual({ accept: 'application/dns-json' });
    expect(init?.redirect).toBe('manual');
    expect(init?.signal).toBeInstanceOf(AbortSignal);
  });

  it('has the ASCII form of a name', async () => {
    const fetcher = vi.fn<Fetch>(async () => Response.json({ Status: 0 }));
    await resolver(fetcher)('_dmarc.bücher.example', 'TXT');
    expect(fetcher.mock.calls[0]?.[0]).toContain('name=_dmarc.xn--bcher-kva.example&');
  });

  it('is one of six at a time', async () => {
    let running = 0;
    let most = 0;
    const asked = resolver(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;

      return Response.json({ Status: 0 });
    });
    const answers = await Promise.all(Array.from({ length: 40 }, () => asked('x.example', 'MX')));
    expect(answers).toEqual(Array(40).fill({ ok: true, value: [] }));
    expect(most).toBe(DNS_CONNECTIONS);
  });

  it('is given up in the end', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    const asked = resolver(async (_, init) => {
      init.signal?.throwIfAborted();

      return Response.json({ Status: 0 });
    });
    expect(await asked('example.org', 'MX')).toEqual(unreachable);
  });
});

describe('an answer', () => {
  it('has the records of the type alone', async () => {
    const Answer = [
      { name: 'a.example.org', type: 5, TTL: 1, data: 'b.example.org.' },
      { name: 'b.example.org', type: 16, TTL: 1, data: '"v=spf1" " -all"' },
      { name: 'b.example.org', type: 46, TTL: 1, data: 'TXT 13 2 300 …' },
    ];
    const answer = await ask(json({ Status: 0, TC: false, Answer, Comment: 'x' }));
    expect(answer).toEqual({ ok: true, value: ['v=spf1 -all'] });
    expect(await ask(json({ Status: 0, Answer }), {}, 'MX')).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['no records', json({ Status: 0, Authority: [{ type: 6, data: 'ns.example.org.' }] })],
    ['NXDOMAIN', json({ Status: 3 })],
  ])('of %s is an empty one', async (_, body) => {
    expect(await ask(body)).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['SERVFAIL', 2],
    ['REFUSED', 5],
  ])('of %s is a failure of the name servers', async (_, Status) => {
    expect(await ask(json({ Status, Answer: [] }))).toEqual(serverFailure);
  });

  it.each([
    ['nothing', null],
    ['an empty text', ''],
    ['a page', '<html>sign in to this network</html>'],
    ['broken JSON', '{"Status": 0, "Answer": [{"type": 16, "data": ""v=spf1""}]}'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no status', '{}'],
    ['a status that is none', json({ Status: '0' })],
    ['an answer that is no list', json({ Status: 0, Answer: {} })],
    ['a record that is none', json({ Status: 0, Answer: ['"v=spf1 -all"'] })],
    ['data that is no text', json({ Status: 0, Answer: [{ type: 16, data: 1 }] })],
    ['too much', json({ Status: 0, Answer: [], Comment: 'x'.repeat(MAX_DNS_ANSWER) })],
  ])('with %s says nothing', async (_, body) => {
    expect(await ask(body)).toEqual(unreachable);
  });

  it.each([302, 400, 429, 500, 503])('of HTTP %i says nothing', async (status) => {
    expect(await ask(json({ Status: 0, Answer: [] }), { status })).toEqual(unreachable);
  });

  it('that breaks off, or never begins, says nothing', async () => {
    const broken = new ReadableStream({
      pull: (controller) => controller.error(new Error('the connection broke')),
    });
    expect(await ask(broken)).toEqual(unreachable);

    const asked = resolver(async () => {
      throw new TypeError('no network');
    });
    expect(await asked('example.org', 'TXT')).toEqual(unreachable);
  });
});
