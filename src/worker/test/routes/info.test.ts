import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json';
import { PASSWORD, post, problemOf, request, setUp } from '../support/client';

describe('info', () => {
  it('tells what anyone may know, before and after the set-up', async () => {
    const before = await request('/v1/info');
    expect(before.status).toBe(200);
    expect(await before.json()).toEqual({
      name: 'Neko Mail',
      version: packageJson.version,
      domains: [],
      registration: 'closed',
      setupDone: false,
    });

    const tagged = { setupKey: env.SETUP_KEY, address: 'me+x@example.org', password: PASSWORD };
    expect((await post('/v1/setup', tagged)).status).toBe(422);
    await setUp();
    const after = await (await request('/v1/info')).json();
    expect(after).toMatchObject({ domains: ['example.org'], setupDone: true });
  });

  it('answers 204 while storage answers', async () => {
    expect((await request('/v1/health')).status).toBe(204);
  });

  it('sends headers that keep browsers and caches out, and allows no other origin', async () => {
    const { headers } = await request('/v1/info', { headers: { Origin: 'https://evil.example' } });
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it.each(['/index.html', '/v1', '/v1/nothing', '/v2/info', '/v1/info/more'])(
    'has nothing at %s',
    async (path) => {
      const response = await request(path);
      expect(response.status).toBe(404);
      expect(await problemOf(response)).toMatchObject({ code: 'not_found' });
    },
  );

  it('has nothing for a method that a path does not know', async () => {
    expect((await post('/v1/info', {})).status).toBe(404);
  });
});
