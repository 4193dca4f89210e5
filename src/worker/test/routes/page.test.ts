import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { toHex } from '../../src/bytes';
import { PROJECT_URL } from '../../src/project';
import { VERSION } from '../../src/version';
import { addUser, request, setUp } from '../support/client';

async function text(language?: string): Promise<string> {
  const headers = language === undefined ? {} : { 'Accept-Language': language };

  return (await request('/', { headers })).text();
}

async function directory(statement: string, ...values: string[]): Promise<void> {
  await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) => {
    storage.sql.exec(statement, ...values);
  });
}

describe('the page before the set-up', () => {
  it('says what to do next, in both languages', async () => {
    const english = await text();
    expect(english).toContain('<html lang="en">');
    expect(english).toContain('This server is not set up yet.');
    expect(english).toContain('<code>npm run setup</code>');
    expect(english).toContain(`href="${PROJECT_URL}/tree/main/src/worker#readme"`);

    const chinese = await text('zh-CN,zh;q=0.9,en;q=0.8');
    expect(chinese).toContain('<html lang="zh-Hans">');
    expect(chinese).toContain('此服务器尚未设置。');
    expect(chinese).toContain('<code>npm run setup</code>');
  });
});

describe('the page', () => {
  beforeAll(async () => {
    const admin = await setUp();
    await addUser(admin, 'secret-name@example.org');
  });

  it('says what this is, where it is and where the desktop program is', async () => {
    const page = await text();
    expect(page).toMatch(/^<!doctype html>\n/);
    expect(page).toContain('<title>Neko Mail</title>');
    expect(page).toContain('This server is set up.');
    expect(page).toContain('It serves example.org.');
    expect(page).toContain('<code>https://mail.example.org</code>');
    expect(page).toContain(`<a href="${PROJECT_URL}">`);
    expect(page).toContain(`Version ${VERSION}`);
    expect(page).not.toContain('npm run setup');
  });

  it('has no script, and nothing about users or secrets', async () => {
    const page = await text();
    expect(page).not.toMatch(/<script|<form|<img|<link|<iframe|javascript:|\son\w+=|\sstyle=/i);
    expect(page).not.toContain('@example.org');
    expect(page).not.toContain('secret-name');
    expect(page).not.toContain(env.SETUP_KEY);
  });

  it('is in Chinese for whoever wants that', async () => {
    const page = await text('zh-TW');
    expect(page).toContain('此服务器已设置完成。');
    expect(page).toContain('服务的域名：example.org。');
    expect(page).not.toMatch(/This|Connect\b/);
  });

  it('allows its own style by its digest, and nothing else', async () => {
    const response = await request('/', { headers: { 'Accept-Language': 'zh' } });
    const style = /<style>(.*)<\/style>/s.exec(await response.text())?.[1] ?? '';
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    const [, allowed = ''] = /style-src 'sha256-([^']+)'/.exec(policy) ?? [];
    expect(toHex(Uint8Array.from(atob(allowed), (octet) => octet.charCodeAt(0)))).toBe(
      toHex(digest),
    );
    expect(policy.split('; ').filter((rule) => !rule.startsWith('style-src'))).toEqual([
      "default-src 'none'",
      "img-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);

    expect(response.headers.get('Content-Type')).toBe('text/html; charset=UTF-8');
    expect(response.headers.get('Content-Language')).toBe('zh-Hans');
    expect(response.headers.get('Vary')).toBe('Accept-Language');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(response.headers.get('Referrer-Policy')).toBe('no-referrer');
  });

  it('leaves the policy of all other answers as it is', async () => {
    const { headers } = await request('/v1/info');
    expect(headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
  });

  it('escapes what it shows, and bounds how much of it', async () => {
    const evil = '<script>alert(1)</script>&"\'.example';
    await directory('INSERT INTO domains (name) VALUES (?)', evil);
    const page = await text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;.example');
    expect(page).not.toContain('<script');

    for (let count = 0; count < 25; count += 1) {
      await directory('INSERT INTO domains (name) VALUES (?)', `a${String(count)}.example`);
    }

    expect(await text()).toMatch(/It serves .* and 7 more\.</);
    await directory("DELETE FROM domains WHERE name <> 'example.org'");
  });

  it('answers HEAD like GET, without the text', async () => {
    const response = await request('/', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=UTF-8');
    expect(await response.text()).toBe('');
  });

  it.each([
    ['en', 'Storage does not answer right now.'],
    ['zh', '存储暂时没有响应。'],
  ])('answers where storage does not (%s)', async (language, sentence) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    await directory('ALTER TABLE domains RENAME TO hidden');
    const response = await request('/', { headers: { 'Accept-Language': language } });
    await directory('ALTER TABLE hidden RENAME TO domains');
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('60');
    const page = await response.text();
    expect(page).toContain(sentence);
    expect(page).toContain('<code>https://mail.example.org</code>');
    expect(page).not.toMatch(/npm run setup|SQLITE/);
    expect(error).toHaveBeenCalled();
    error.mockRestore();
  });
});

describe('what browsers and crawlers ask besides', () => {
  it('has an answer', async () => {
    const robots = await request('/robots.txt');
    expect(await robots.text()).toBe('User-agent: *\nDisallow: /\n');
    expect(robots.headers.get('Content-Type')).toMatch(/^text\/plain/);

    const icon = await request('/favicon.ico');
    expect(icon.status).toBe(204);
    expect(await icon.text()).toBe('');
  });
});
