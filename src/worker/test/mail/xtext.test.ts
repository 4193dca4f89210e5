import { describe, expect, it } from 'vitest';
import { decodeXtext } from '../../src/mail/xtext';

describe('xtext', () => {
  it.each([
    ['QQ314159', 'QQ314159'],
    ['a+2Bb+3d+20c', 'a+b= c'],
    ['+2B2B', '+2B'],
    ['a+0D+0Ab', 'a+0D+0Ab'],
    ['a+7F+80+E9', 'a+7F+80+E9'],
    ['a+', 'a+'],
    ['a+2', 'a+2'],
    ['utf-8;b\\x{E9}é', 'utf-8;b\\x{E9}é'],
  ])('%j stands for %j', (text, expected) => {
    expect(decodeXtext(text)).toBe(expected);
  });
});
