import { describe, expect, it } from 'vitest';
import { judgeDkim, judgeRoutingDkim } from '../../src/diagnostics/dkim';
import { askDmarc, judgeDmarc, parentsOf } from '../../src/diagnostics/dmarc';
import type { DnsAnswer } from '../../src/diagnostics/dns';
import { judgeMx } from '../../src/diagnostics/mx';
import { judgeSendingSpf, judgeSpf } from '../../src/diagnostics/spf';

const DOMAIN = 'example.org';
const CF = 'include:_spf.mx.cloudflare.net';
const FAILURES = ['unreachable', 'server_failure'] as const;

function found(...value: string[]): DnsAnswer {
  return { ok: true, value };
}

describe('MX', () => {
  const route = (count: number) => `route${count}.mx.cloudflare.net`;

  it.each([
    [[route(1), route(2), route(3)], true, 'goes to Cloudflare', null],
    [['amir.mx.cloudflare.net'], true, 'goes to Cloudflare', null],
    [[], false, 'no MX record', 'Turn Email Routing on'],
    [[''], false, 'takes no mail at all', 'Remove that record'],
    [['mx.other.example'], false, 'goes to mx.other.example and not', 'Turn Email Routing on'],
    [['mx.cloudflare.net.evil.example'], false, 'evil.example', 'Turn Email Routing on'],
    [['route1.mx.cloudflare.net.example.org'], false, 'and not to Cloudflare', 'Turn'],
    [
      [route(1), 'mx.other.example'],
      false,
      'A part of the mail',
      'Remove the MX records for mx.other',
    ],
    [['a', 'b', 'c', 'd', 'e', 'f'], false, 'a, b, c, d and 2 more', 'Turn'],
  ])('%j: %s', (hosts, ok, finding, remedy) => {
    const check = judgeMx(DOMAIN, found(...hosts));
    expect(check).toMatchObject({ check: 'mx', domain: DOMAIN, ok });
    expect(check.finding).toContain(finding);
    expect(check.remedy ?? '').toContain(remedy ?? '');
    expect(check.remedy === null).toBe(remedy === null);
  });
});

describe('SPF', () => {
  it.each([
    [[`v=spf1 ${CF} ~all`]],
    [[`V=SPF1  +INCLUDE:_spf.MX.cloudflare.net. -all`]],
    [['google-site-verification=x', `v=spf1 include:_spf.other.example ${CF} ?all`, 'v=spf10 x']],
    [[`v=spf1 ${CF}`]],
  ])('%j is right', (texts) => {
    const check = judgeSpf(DOMAIN, found(...texts));
    expect(check).toMatchObject({ check: 'spf', domain: DOMAIN, ok: true, remedy: null });
  });

  it.each([
    [[], 'has no SPF record', `Add a TXT record at example.org: v=spf1 ${CF} ~all`],
    [['v=spf1-all', 'spf1', ' v=spf1 -all'], 'has no SPF record', 'Add'],
    [['v=spf1'], 'does not let Cloudflare send', `Change it to: v=spf1 ${CF} ~all`],
    [['v=spf1 mx -all'], 'does not let Cloudflare', `Change it to: v=spf1 ${CF} mx -all`],
    [[`v=spf1 -all ${CF}`], 'does not let', `Change it to: v=spf1 ${CF} -all`],
    [[`v=spf1 -${CF} ~all`], 'does not let', `Change it to: v=spf1 ${CF} -${CF} ~all`],
    [[`v=spf1 ${CF}.evil.example ~all`], 'does not let', `${CF} ${CF}.evil.example ~all`],
    [
      ['v=spf1 redirect=_spf.x.example'],
      'does not let',
      `Change it to: v=spf1 ${CF} redirect=_spf.x.example`,
    ],
    [[`v=spf1 ${CF} +all`], 'lets everybody send', 'Replace its “all” by “~all”'],
    [[`v=spf1 ${CF} all`], 'lets everybody send', 'Replace'],
    [
      [`v=spf1 ${CF} ~all`, 'v=spf1 mx a:x.example -all'],
      'has 2 SPF records',
      `Join them into one: v=spf1 ${CF} mx a:x.example ~all`,
    ],
    [['v=spf1 mx +all', 'v=spf1 mx ?all'], 'has 2 SPF', `one: v=spf1 ${CF} mx ?all`],
    [['v=spf1 \u0007\u202e -all'], 'v=spf1 ?? -all', `Change it to: v=spf1 ${CF} ?? -all`],
  ])('%j: %s', (texts, finding, remedy) => {
    const check = judgeSpf(DOMAIN, found(...texts));
    expect(check.ok).toBe(false);
    expect(check.finding).toContain(finding);
    expect(check.remedy).toContain(remedy);
  });

  it('is never cut in what is to be copied', () => {
    const ranges = Array.from({ length: 60 }, (_, index) => `ip4:192.0.2.${index}`).join(' ');
    const check = judgeSpf(DOMAIN, found(`v=spf1 ${ranges} -all`));
    expect(check.finding).toMatch(/…$/);
    expect(check.remedy).toBe(`Change it to: v=spf1 ${CF} ${ranges} -all`);
  });

  it('of the sending side is at the name that bounces go to', () => {
    const check = judgeSendingSpf(DOMAIN, found());
    expect(check).toMatchObject({ check: 'sending-spf', domain: DOMAIN, ok: false });
    expect(check.finding).toContain('cf-bounce.example.org has no SPF record');
    expect(check.remedy).toContain('Email Sending');
    expect(judgeSendingSpf(DOMAIN, found(`v=spf1 ${CF} ~all`)).ok).toBe(true);
  });
});

describe('DKIM', () => {
  it.each([
    [['v=DKIM1; h=sha256; k=rsa; p=MIIBIjANBg'], null],
    [['p=MIIB IjAN'], null],
    [['v=DKIM1;k=ed25519;p=x;', 'something else'], null],
    [[], 'There is no DKIM key at cf-bounce._domainkey.example.org.'],
    [['v=spf1 -all', 'k=rsa', ''], 'There is no DKIM key'],
    [['v=DKIM2; p=x'], 'There is no DKIM key'],
    [['v=DKIM1; p='], 'was revoked'],
    [['v=DKIM1; p= ; k=rsa'], 'was revoked'],
    [['v=DKIM1; p=a', 'v=DKIM1; p=b'], 'There are 2 DKIM keys'],
  ])('%j: %s', (texts, finding) => {
    const check = judgeDkim(DOMAIN, found(...texts));
    expect(check).toMatchObject({ check: 'dkim', domain: DOMAIN, ok: finding === null });
    expect(check.finding).toContain(finding ?? 'is published');
    expect(check.remedy ?? '').toContain(finding === null ? '' : 'Email Sending');
  });

  it('of forwarded mail is advice and no alarm', () => {
    const missing = judgeRoutingDkim(DOMAIN, found());
    expect(missing).toMatchObject({ check: 'routing-dkim', domain: DOMAIN, ok: true });
    expect(missing.finding).toContain('cf2024-1._domainkey.example.org');
    expect(missing.remedy).toContain('Email Routing');
    expect(judgeRoutingDkim(DOMAIN, found('v=DKIM1; p=x')).remedy).toBeNull();
  });
});

describe('DMARC', () => {
  it.each([
    ['v=DMARC1; p=reject;', true, 'to reject forged mail', null],
    ['v=DMARC1;p=Quarantine; rua=mailto:a@example.org', true, 'to quarantine', null],
    ['v = DMARC1 ; sp=none; p=reject', true, 'to reject', null],
    ['v=DMARC1; p=none', true, 'p=none', 'p=quarantine'],
    ['v=DMARC1', false, 'no policy', '_dmarc.example.org'],
    ['v=DMARC1; p=everything', false, 'no policy', 'p=none, p=quarantine or p=reject'],
    ['v=dmarc1; p=reject', false, 'no DMARC record', 'v=DMARC1; p=none; rua=mailto:'],
    ['v=DMARC10; p=reject', false, 'no DMARC record', 'Add a TXT record at _dmarc.example.org'],
    ['p=reject; v=DMARC1', false, 'no DMARC record', 'Add'],
  ])('%s: %s', (text, ok, finding, remedy) => {
    const check = judgeDmarc(DOMAIN, [{ name: DOMAIN, answer: found('unrelated', text) }]);
    expect(check).toMatchObject({ check: 'dmarc', domain: DOMAIN, ok });
    expect(check.finding).toContain(finding);
    expect(check.remedy ?? '').toContain(remedy ?? '');
    expect(check.remedy === null).toBe(remedy === null);
  });

  it('of two records is none', () => {
    const answer = found('v=DMARC1; p=reject', 'v=DMARC1; p=none');
    const check = judgeDmarc(DOMAIN, [{ name: DOMAIN, answer }]);
    expect(check).toMatchObject({ ok: false });
    expect(check.finding).toContain('2 DMARC records, so none of them counts');
  });

  it.each([
    ['v=DMARC1; p=reject; sp=none', true, 'that example.org hands down', 'p=none'],
    ['v=DMARC1; p=reject', true, 'to reject', 'to reject'],
  ])('comes from a parent: %s', (text, ok, ...findings) => {
    const check = judgeDmarc('mail.example.org', [
      { name: 'mail.example.org', answer: found() },
      { name: DOMAIN, answer: found(text) },
    ]);
    expect(check.ok).toBe(ok);
    for (const finding of findings) {
      expect(check.finding).toContain(finding);
    }
  });

  it.each([
    ['org', []],
    ['example.org', []],
    ['mail.example.org', ['example.org']],
    ['a.example.co.uk', ['example.co.uk', 'co.uk']],
    ['a.b.c.example.org', ['c.example.org', 'example.org']],
  ])('of %s may come from %j', (domain, parents) => {
    expect(parentsOf(domain)).toEqual(parents);
  });

  it.each([
    [{}, ['a.b.example', 'b.example']],
    [{ '_dmarc.a.b.example': found('v=DMARC1; p=none') }, ['a.b.example']],
    [{ '_dmarc.a.b.example': { ok: false, failure: 'unreachable' } as const }, ['a.b.example']],
  ])(
    'is looked for no further than needed: %j',
    async (records: Record<string, DnsAnswer>, names) => {
      const answers = await askDmarc(async (name) => records[name] ?? found(), 'a.b.example');
      expect(answers.map(({ name }) => name)).toEqual(names);
    },
  );
});

describe('a failure of DNS', () => {
  const judges = [judgeMx, judgeSpf, judgeSendingSpf, judgeDkim, judgeRoutingDkim];
  const dmarc = (domain: string, answer: DnsAnswer) =>
    judgeDmarc(domain, [{ name: domain, answer }]);

  it.each(FAILURES)('(%s) is no verdict about the records', (failure) => {
    for (const judge of [...judges, dmarc]) {
      const check = judge(DOMAIN, { ok: false, failure });
      expect(check).toMatchObject({ domain: DOMAIN, ok: false });
      expect(check.finding).toMatch(/^DNS .*example\.org\.$/);
      expect(check.remedy).toContain('Run this again');
      expect(check.remedy?.includes('DNSSEC')).toBe(failure === 'server_failure');
    }
  });
});
