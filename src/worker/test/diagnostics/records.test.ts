import { describe, expect, it } from 'vitest';
import { meaningOf, tagsOf } from '../../src/diagnostics/records';

describe('TXT', () => {
  it.each([
    ['"one"', 'one'],
    ['"v=DKIM1; p=AB" "CD"', 'v=DKIM1; p=ABCD'],
    ['"a""b"', 'ab'],
    ['  "a"   "b"  ', 'ab'],
    [String.raw`"say \"hi\" \\ \059"`, String.raw`say "hi" \ ;`],
    [String.raw`"\195\164"`, '\u00c3\u00a4'],
    ['""', ''],
    ['', ''],
    ['v=spf1 -all', 'v=spf1 -all'],
    ['half "quoted"', 'half "quoted"'],
    ['"never closed', '"never closed'],
    [String.raw`"closed by an escape\"`, String.raw`"closed by an escape\"`],
    ['"two\nlines"', 'two\nlines'],
  ])('%j is %j', (data, text) => {
    expect(meaningOf('TXT', data)).toBe(text);
  });

  it('takes a time that grows with the length alone', () => {
    const data = `"${'\\"'.repeat(30_000)}`;
    const before = performance.now();
    expect(meaningOf('TXT', data)).toBe(data);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('MX', () => {
  it.each([
    ['10 Route1.MX.Cloudflare.NET.', 'route1.mx.cloudflare.net'],
    ['  5   mail.example.org  ', 'mail.example.org'],
    ['0 .', ''],
    ['nonsense', 'nonsense'],
    ['', ''],
  ])('%j is %j', (data, host) => {
    expect(meaningOf('MX', data)).toBe(host);
  });
});

describe('tags', () => {
  it('are read whatever the spaces and the order', () => {
    const tags = tagsOf(' V = DMARC1 ;p=none;; rua=mailto:a@b.example?x=y ; =x; lonely');
    expect([...tags]).toEqual([
      ['v', 'DMARC1'],
      ['p', 'none'],
      ['rua', 'mailto:a@b.example?x=y'],
    ]);
  });
});
