import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Check } from '../../src/diagnostics/check';
import { MAX_DNS_QUESTIONS } from '../../src/limits';
import {
  addUser,
  deliver,
  patch,
  problemOf,
  remove,
  request,
  setUp,
  type User,
} from '../support/client';

const CF = 'v=spf1 include:_spf.mx.cloudflare.net ~all';
const RIGHT: Record<string, [number, string]> = {
  'MX example.org': [15, '86 Route1.mx.cloudflare.net.'],
  'TXT example.org': [16, `"${CF}"`],
  'TXT cf-bounce.example.org': [16, `"${CF}"`],
  'TXT cf-bounce._domainkey.example.org': [16, '"v=DKIM1; p=AB" "CD"'],
  'TXT cf2024-1._domainkey.example.org': [16, '"v=DKIM1; p=AB"'],
  'TXT _dmarc.example.org': [16, '"v=DMARC1; p=reject;"'],
};

let admin: User;
let user: User;
const asked: string[] = [];

beforeAll(async () => {
  admin = await setUp();
  user = await addUser(admin, 'bob@example.org');
});

beforeEach(() => {
  asked.length = 0;
  answerBy(async (question) => {
    const [type, data] = RIGHT[question] ?? [];

    return Response.json(type ? { Status: 0, Answer: [{ type, data }] } : { Status: 3 });
  });
});

afterEach(() => vi.restoreAllMocks());

function answerBy(answer: (question: string) => Promise<Response>): void {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    const { searchParams } = new URL(String(input));
    const question = `${searchParams.get('type')} ${searchParams.get('name')}`;
    asked.push(question);

    return answer(question);
  });
}

async function run(query = ''): Promise<Check[]> {
  const response = await request(`/v1/diagnostics${query}`, { token: admin.token });
  expect(response.status).toBe(200);
  expect(response.headers.get('Cache-Control')).toBe('no-store');

  return (await response.json<{ checks: Check[] }>()).checks;
}

async function directory(work: (sql: SqlStorage) => void): Promise<void> {
  await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) =>
    work(storage.sql),
  );
}

describe('the self-test', () => {
  it('is for admins, and asks nothing for others', async () => {
    expect((await request('/v1/diagnostics')).status).toBe(401);
    expect((await request('/v1/diagnostics', { token: user.token })).status).toBe(403);
    expect(asked).toEqual([]);
  });

  it('has a finding for everything, and nothing secret', async () => {
    const checks = await run();
    expect(checks.map(({ check, domain, ok }) => [check, domain, ok])).toEqual([
      ['send-binding', null, true],
      ['storage', null, true],
      ['schema', null, true],
      ['last-received', null, expect.any(Boolean)],
      ...['mx', 'spf', 'sending-spf', 'dkim', 'routing-dkim', 'dmarc'].map((check) => [
        check,
        'example.org',
        true,
      ]),
    ]);
    expect(asked.sort()).toEqual(Object.keys(RIGHT).sort());

    for (const check of checks) {
      expect(Object.keys(check).sort()).toEqual(['check', 'domain', 'finding', 'ok', 'remedy']);
      expect(check.finding).not.toBe('');
    }

    const text = JSON.stringify(checks);
    expect(text).not.toContain(env.SETUP_KEY);
    expect(text).not.toContain(admin.token.split('.')[1]);
  });

  it('names who is full, whose forward fails, and when mail came last', async () => {
    const full = await addUser(admin, 'full@example.org', { quota: 300 });
    const forwarding = await addUser(admin, 'forwarding@example.org');
    const forward = { address: 'x@elsewhere.example', keep: false };
    await (await patch('/v1/me', { forward }, forwarding.token)).text();
    await deliver(forwarding.address, 'x', {
      forward: () => {
        throw new Error('not verified');
      },
    });
    await deliver(full.address, 'x'.repeat(400));
    const findings = async () =>
      (await run()).map(({ check, ok, finding }) => `${check} ${ok} ${finding}`).join('\n');
    await expect.poll(findings).toContain(`mailbox-full false The mailbox of ${full.address}`);
    expect(await findings()).toContain(`forward false Mail of ${forwarding.address}`);
    expect(await findings()).toMatch(/last-received true Mail was last received at \d{4}-/);
    await (await remove(`/v1/users/${full.address}`, admin.token)).text();
    await (await remove(`/v1/users/${forwarding.address}`, admin.token)).text();
  });

  it.each([
    ['fails', () => Promise.reject(new TypeError('no network'))],
    ['answers nonsense', async () => new Response('<html>')],
  ])('says so where DNS %s', async (_, answer) => {
    answerBy(answer);
    const checks = (await run()).filter(({ domain }) => domain !== null);
    expect(checks).toHaveLength(6);
    expect(checks.every(({ ok }) => !ok)).toBe(true);
    expect(checks.every(({ finding }) => finding.startsWith('DNS could not be asked'))).toBe(true);
  });

  it('says so where storage can be read and not written', async () => {
    await directory((sql) =>
      sql.exec(
        "CREATE TRIGGER full BEFORE INSERT ON settings BEGIN SELECT RAISE(FAIL, 'full'); END",
      ),
    );
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const checks = await run();
    await directory((sql) => sql.exec('DROP TRIGGER full'));
    expect(checks.find(({ check }) => check === 'storage')).toMatchObject({ ok: false });
    expect(checks.some(({ check }) => check === 'schema')).toBe(false);
    expect(checks.some(({ domain }) => domain === 'example.org')).toBe(true);
    expect(error).toHaveBeenCalled();
  });
});

describe('of several domains', () => {
  const names = [
    'bücher.example',
    'deep.a.b.example',
    ...[3, 4, 5, 6, 7, 8].map((n) => `n${n}.test`),
  ];

  beforeAll(() =>
    directory((sql) => {
      for (const name of names) {
        sql.exec('INSERT INTO domains (name) VALUES (?)', name);
      }
    }),
  );

  it('checks as many as one request may ask about, and names the others', async () => {
    const checks = await run();
    const checked = new Set(checks.map(({ domain }) => domain).filter((domain) => domain !== null));
    expect(asked.length).toBeLessThanOrEqual(MAX_DNS_QUESTIONS);
    expect(asked.length).toBeGreaterThan(MAX_DNS_QUESTIONS - 8);
    expect(asked).toContain('TXT _dmarc.b.example');
    expect(asked).toContain('MX xn--bcher-kva.example');

    const bound = checks.find(({ check }) => check === 'domains');
    expect(bound?.finding).toContain(
      `Only the first ${checked.size} of ${names.length + 1} domains`,
    );
    for (const name of names) {
      expect(checked.has(name) !== bound?.remedy?.includes(name)).toBe(true);
    }
  });

  it('checks one alone where it is asked to', async () => {
    const checks = await run('?domain=N8.Test');
    expect(new Set(checks.map(({ domain }) => domain))).toEqual(new Set([null, 'n8.test']));
    expect(checks.some(({ check }) => check === 'domains')).toBe(false);
    expect(asked).toHaveLength(6);
  });

  it.each([
    ['elsewhere.example', 404, 'not_found'],
    ['x'.repeat(300), 400, 'invalid_request'],
  ])('asks nothing about %s', async (domain, status, code) => {
    const response = await request(`/v1/diagnostics?domain=${domain}`, { token: admin.token });
    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({ code, field: 'domain' });
    expect(asked).toEqual([]);
  });
});
