import { describe, expect, it } from 'vitest';
import { encode } from '../../src/bytes';
import { isOwnAddress } from '../../src/mail/address';
import { checkSubmittedHeader } from '../../src/mail/submitted-header';

const OWN = ['bob@example.org', 'sales@example.org'];

function check(header: string): string {
  const checked = checkSubmittedHeader(encode(header));

  if (!checked.ok) {
    return checked.failure.code;
  }

  const { from, names } = checked.value;

  return names.every((name) => isOwnAddress(name, OWN)) ? from : 'not theirs';
}

describe('submitted header', () => {
  it.each([
    ['From: bob@example.org\r\n', 'bob@example.org'],
    ['FROM : Bob <BOB@Example.org>\r\n', 'BOB@Example.org'],
    ['From: bob+list@example.org\r\n', 'bob+list@example.org'],
    ['From: sales@example.org, bob@example.org\r\n', 'sales@example.org'],
    ['From: bob@example.org\r\nSender: sales@example.org\r\n', 'bob@example.org'],
    ['From:\r\n Bob\r\n <bob@example.org>\r\n', 'bob@example.org'],
    ['From: Us: bob@example.org;\r\n', 'bob@example.org'],
    ['Subject: From: evil@example.net\r\nFrom: bob@example.org\r\n', 'bob@example.org'],
  ])('%j may go out', (header, from) => {
    expect(check(header)).toBe(from);
  });

  it.each([
    ['From: evil@example.net\r\n'],
    ['From: bob@example.org, evil@example.net\r\n'],
    ['From: Us: bob@example.org, evil@example.net;\r\n'],
    ['From: bob@example.org\r\nSender: evil@example.net\r\n'],
    ['From: "bob@example.org" <evil@example.net>\r\n'],
    ['From: bob@example.org (x) <evil@example.net>\r\n', '550 5.6.0'],
    ['From: bob@example.org.evil.example\r\n'],
    ['From: bob@[127.0.0.1]\r\n'],
  ])('%j is not theirs', (header, code = 'not theirs') => {
    expect(check(header)).toBe(code);
  });

  it.each([
    '',
    'To: bob@example.org\r\n',
    'From:\r\n',
    'From: Nobody:;\r\n',
    'From: <>\r\n',
    'From: bob\r\n',
    'From: bob@example.org\r\nFrom: evil@example.net\r\n',
    'From: bob@example.org\r\nfrom : bob@example.org\r\n',
    'From: bob@example.org\r\nSender: bob@example.org, sales@example.org\r\n',
    'From: bob@example.org\r\nSender: bob@example.org\r\nSender: bob@example.org\r\n',
    'From: bob@example.org\r\nX: y\rFrom: evil@example.net\r\n',
    'From: bob@example.org\r\nX: \0\r\n',
    ' From: evil@example.net\r\nFrom: bob@example.org\r\n',
    '\ufeffFrom: bob@example.org\r\n',
  ])('%j is malformed', (header) => {
    expect(check(header)).toBe('550 5.6.0');
  });
});
