import { describe, expect, it } from 'vitest';
import { chooseLanguage } from '../../src/http/language';

describe('the language', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['ZH-hant-TW', 'zh'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'en'],
    ['en;q=0.5, zh;q=0.7', 'zh'],
    ['en;q=0.7,zh;q=0.7', 'en'],
    ['de-DE,de;q=0.9', 'en'],
    ['de, zh;q=0.1', 'zh'],
    ['zh;q=0', 'en'],
    ['zh;q=0.000,en;q=0', 'en'],
    ['zh;q=2, en;q=0.1', 'en'],
    ['zh;q=x', 'en'],
    ['zh;q', 'zh'],
    ['zhx, *', 'en'],
    [';;;,,,=', 'en'],
    [`${'de,'.repeat(10_000)}zh`, 'en'],
  ])('for %j is %s', (header, language) => {
    expect(chooseLanguage(header, ['en', 'zh'])).toBe(language);
  });
});
