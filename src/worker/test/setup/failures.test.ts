// What goes wrong on the way: what is said, what is left unchanged, and how the next run goes on.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADDRESS, ALL_WRITES, Scene } from './support/scene.ts';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open();
});

afterEach(async () => {
  await scene.close();
});

describe('a failure', () => {
  it.each<[string, RegExp, string]>([
    ['to find the zone', /GET \/zones$/, 'Zone / Zone / Read'],
    ['to see the Worker', /GET .*\/settings$/, 'Account / Workers Scripts / Edit'],
    ['to read DNS', /GET .*\/dns_records$/, 'Zone / DNS / Edit'],
    ['to read Email Routing', /GET .*\/routing$/, 'Zone / Zone Settings / Edit'],
    ['to read the catch-all rule', /GET .*\/catch_all$/, 'Zone / Email Routing Rules / Edit'],
  ])('%s names the permission, and changes nothing', async (_what, forbidden, permission) => {
    scene.cloudflare.forbidden = forbidden;
    const { code, output } = await scene.yes();

    expect(code).toBe(1);
    expect(output).toContain(`needs the permission "${permission}"`);
    expect(scene.cloudflare.writes).toEqual([]);
    expect(await scene.wranglerCalls()).toEqual([]);
  });

  it('to onboard the sending domain is left for the end', async () => {
    scene.cloudflare.forbidden = /sending/;
    const { code, output } = await scene.yes();

    expect(code).toBe(0);
    expect(output).toContain('onboard example.org in the dashboard');
    expect(output).toContain('"Zone / Email Sending / Edit"');
    expect(scene.cloudflare.writes).toEqual(
      ALL_WRITES.filter((write) => !write.includes('sending')),
    );
  });

  it.each([
    ['deploying', (it: Scene) => Object.assign(it, { wranglerFails: true })],
    ['setting the secret', (it: Scene) => Object.assign(it.cloudflare, { broken: /secrets/ })],
    ['routing', (it: Scene) => Object.assign(it.cloudflare, { broken: /routing\/dns/ })],
    ['the rule', (it: Scene) => Object.assign(it.cloudflare, { broken: /catch_all/ })],
  ])('in the middle, at %s, is continued by the next run', async (_where, breakIt) => {
    breakIt(scene);
    expect((await scene.yes()).code).toBe(1);

    scene.wranglerFails = false;
    scene.cloudflare.broken = null;
    expect((await scene.yes()).code).toBe(0);
    expect(scene.cloudflare.writes.toSorted()).toEqual(ALL_WRITES.toSorted());
    expect(scene.worker.tokens.size).toBe(0);
  });

  it('after the secret was set is continued with a new one', async () => {
    scene.cloudflare.secrets.set('SETUP_KEY', 'an old one');
    scene.cloudflare.bindings = ['DIRECTORY', 'MAILBOX'];
    const { output } = await scene.yes();

    expect(output).toContain('replaces the secret SETUP_KEY');
    expect(scene.worker.admin?.address).toBe(ADDRESS);
  });

  it.each([
    [{ NEKO_DOMAIN: 'unknown.example' }, 'Is the domain on Cloudflare'],
    [
      { CLOUDFLARE_API_TOKEN: 'another-token-of-the-api-altogether' },
      'does not know this API token',
    ],
    [{ CLOUDFLARE_API_TOKEN: 'short' }, 'An API token is one word'],
    [{ NEKO_ADMIN_ADDRESS: 'you@example.net' }, 'has to end in @example.org'],
    [{ NEKO_ADMIN_PASSWORD: undefined }, 'NEKO_ADMIN_PASSWORD has to be set'],
    [{ NEKO_ADMIN_PASSWORD: 'short' }, 'at least 10 characters'],
  ])('for %j says so, and changes nothing', async (env, sentence) => {
    const { code, output } = await scene.yes({ env });

    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(scene.cloudflare.writes).toEqual([]);
  });

  it('for a zone that is not active yet says what to wait for', async () => {
    scene.cloudflare.zone.status = 'pending';

    expect((await scene.yes()).output).toContain('Cloudflare does not answer for example.org yet');
  });

  it('for a Worker of the same name that is not ours keeps that one', async () => {
    scene.cloudflare.bindings = ['KV'];
    const { code, output } = await scene.yes();

    expect(code).toBe(1);
    expect(output).toContain('that is not Neko Mail');
    expect(await scene.wranglerCalls()).toEqual([]);
  });

  it('for a network that is not there says so', async () => {
    const { output } = await scene.yes({ env: { CLOUDFLARE_BASE_URL: 'http://127.0.0.1:9' } });

    expect(output).toContain("Cloudflare's API could not be reached to look for the zone");
  });
});
