import { describe, expect, it } from 'vitest';
import { parseAddressList } from '../../src/mail/address-list';

describe('address list', () => {
  it.each([
    ['bob@example.org', ['bob@example.org']],
    ['<bob@example.org>', ['bob@example.org']],
    ['Bob <bob@example.org>', ['bob@example.org']],
    ['"Smith, Bob" <bob@example.org>', ['bob@example.org']],
    ['"Bob \\"B\\" Smith" <bob@example.org>', ['bob@example.org']],
    ['"evil@example.net" <bob@example.org>', ['bob@example.org']],
    ['"<evil@example.net>" <bob@example.org>', ['bob@example.org']],
    ['Bob J. Smith <bob@example.org>', ['bob@example.org']],
    ['=?utf-8?q?B=C3=B6b?= <bob@example.org>', ['bob@example.org']],
    ['=?utf-8?q?evil=40example=2Enet?= <bob@example.org>', ['bob@example.org']],
    ['Jörg Müller <bob@example.org>', ['bob@example.org']],
    ['Bob [work] <bob@example.org>', ['bob@example.org']],
    ['bob@example.org (Bob Smith)', ['bob@example.org']],
    ['(a (nested) comment) bob@example.org', ['bob@example.org']],
    ['(evil@example.net) bob@example.org', ['bob@example.org']],
    ['(a \\) still) bob@example.org', ['bob@example.org']],
    ['bob (x) @ (y) example (z) . org', ['bob@example.org']],
    ['"bob smith"@example.org', ['"bob smith"@example.org']],
    ['john . "x y" . doe@example.org', ['john."x y".doe@example.org']],
    ['a@x.org, b@y.org', ['a@x.org', 'b@y.org']],
    ['a@x.org,, b@y.org,', ['a@x.org', 'b@y.org']],
    ['Team: a@x.org, Bob <b@y.org>;', ['a@x.org', 'b@y.org']],
    ['Nobody:;', []],
    ['a@x.org, Team: b@y.org; , c@z.org', ['a@x.org', 'b@y.org', 'c@z.org']],
    ['<@relay.example,@other.example:bob@example.org>', ['bob@example.org']],
    ['bob@[127.0.0.1]', ['bob@[127.0.0.1]']],
    ['Bob\r\n <bob@example.org>', ['bob@example.org']],
    ['猫@例え.jp', ['猫@例え.jp']],
    ['', []],
    ['  (only a comment) ', []],
  ])('%j', (value, expected) => {
    expect(parseAddressList(value)).toEqual(expected);
  });

  it.each([
    'bob',
    'Bob Smith',
    'evil@example.net <bob@example.org>',
    'a@x.org b@y.org',
    'a@x.org@y.org',
    '<a@x.org',
    'a@x.org>',
    'Bob <a@x.org> <b@y.org>',
    '<<a@x.org>>',
    '<>',
    'Bob <>',
    '"unended <bob@example.org>',
    '(unended bob@example.org',
    'bob@example.org )',
    'Team: a@x.org',
    'Team: Inner: a@x.org;;',
    ': a@x.org;',
    'john doe@example.org',
    'bob@exam ple.org',
    'bob@"example.org"',
    '[bob]@example.org',
    '@example.org',
    'bob@',
    '<@relay.example bob@example.org>',
    'bob@example.org\0',
    'a@x.org; b@y.org',
    `${'('.repeat(40)}${')'.repeat(40)} bob@example.org`,
    '\\',
    '"\\',
    '(\\',
  ])('%j is broken', (value) => {
    expect(parseAddressList(value)).toBeNull();
  });

  it('takes time in proportion to what it reads', () => {
    const started = Date.now();
    expect(parseAddressList(`${'a,'.repeat(60_000)}`)).toBeNull();
    expect(parseAddressList(`${'a@b,'.repeat(60_000)}`)).toHaveLength(60_000);
    expect(parseAddressList(`${'(x)'.repeat(60_000)}a@b`)).toEqual(['a@b']);
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});
