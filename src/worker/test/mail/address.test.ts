import { describe, expect, it } from 'vitest';
import { isOwnAddress, parseAddress, withoutTag } from '../../src/mail/address';

describe('address', () => {
  it.each([
    ['bob@example.org', 'bob@example.org'],
    ['Bob@EXAMPLE.Org', 'bob@example.org'],
    ['"bob"@example.org', 'bob@example.org'],
    ['"b\\ob"@example.org', 'bob@example.org'],
    ['"b b"@example.org', '"b b"@example.org'],
    ['"a@b"@example.org', '"a@b"@example.org'],
    ["o'hara+x=y@sub.example.org", "o'hara+x=y@sub.example.org"],
    ['docomo..style.@example.org', 'docomo..style.@example.org'],
    ['Jo\u0308rg@example.org', 'jörg@example.org'],
    ['猫@例え.jp', '猫@例え.jp'],
    ['root@localhost', 'root@localhost'],
    [`${'x'.repeat(64)}@example.org`, `${'x'.repeat(64)}@example.org`],
  ])('%s is %s', (text, expected) => {
    expect(parseAddress(text)?.text).toBe(expected);
  });

  it.each([
    '',
    '@',
    'bob',
    'bob@',
    '@example.org',
    'bob@example..org',
    'bob@-example.org',
    'bob@example.org.',
    'bob smith@example.org',
    'bob@exam ple.org',
    'bob@example.org\r\nBcc: x@y.z',
    'bob\0@example.org',
    'bo\u200bb@example.org',
    'bo\ufffdb@example.org',
    '"bob@example.org',
    'bob@[127.0.0.1]',
    '<bob@example.org>',
    `${'x'.repeat(65)}@example.org`,
    `x@${'y'.repeat(250)}.org`,
    `x@${'y'.repeat(64)}.org`,
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it('takes a tag away, but not from nothing and not from a quoted name', () => {
    const base = (text: string): string | undefined => {
      const address = parseAddress(text);
      return address === null ? undefined : withoutTag(address)?.text;
    };

    expect(base('bob+tag@example.org')).toBe('bob@example.org');
    expect(base('bob+a+b@example.org')).toBe('bob@example.org');
    expect(base('bob@example.org')).toBeUndefined();
    expect(base('+tag@example.org')).toBeUndefined();
    expect(base('"b +b"@example.org')).toBeUndefined();
  });

  it('knows what is the own address of somebody', () => {
    const own = ['bob@example.org', 'sales@example.org'];

    expect(isOwnAddress('BOB@example.org', own)).toBe(true);
    expect(isOwnAddress('bob+x@example.org', own)).toBe(true);
    expect(isOwnAddress('sales+x@example.org', own)).toBe(true);
    expect(isOwnAddress('alice@example.org', own)).toBe(false);
    expect(isOwnAddress('bob@example.org.evil.example', own)).toBe(false);
    expect(isOwnAddress('bob', own)).toBe(false);
  });
});
