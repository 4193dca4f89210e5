// A whole set-up, against doubles of Cloudflare, the Worker and wrangler.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TOKEN } from './support/cloudflare-double.ts';
import { ADDRESS, ALL_WRITES, ANSWERS, PASSWORD, Scene } from './support/scene.ts';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open();
});

afterEach(async () => {
  await scene.close();
});

describe('a fresh account', () => {
  it('gets everything, in order, and is left with what the self-test found', async () => {
    const { code, output } = await scene.type(ANSWERS);

    expect(output).toContain('Left to do by hand:\n  - dkim of example.org: Wait an hour\n');
    expect(code).toBe(0);
    expect(scene.cloudflare.writes).toEqual(ALL_WRITES);
    expect(scene.cloudflare.catchAll).toMatchObject({
      enabled: true,
      actions: [{ type: 'worker', value: ['neko-mail'] }],
    });
    expect(scene.worker.admin).toEqual({ address: ADDRESS, password: PASSWORD });
    expect(scene.worker.tokens.size).toBe(0);
    expect(await scene.wranglerCalls()).toMatchObject([{ args: ['deploy'], input: '' }]);
  });

  it('shows the plan first, and a "no" changes nothing', async () => {
    const { code, output } = await scene.type([...ANSWERS.slice(0, -1), '']);

    expect(output).toContain('to do    Email Routing: switches it on for example.org');
    expect(output).toContain('Nothing was changed.');
    expect(code).toBe(0);
    expect(scene.cloudflare.writes).toEqual([]);
    expect(await scene.wranglerCalls()).toEqual([]);
  });

  it('asks again for what cannot be right', async () => {
    const { code, output } = await scene.type([
      'short',
      TOKEN,
      'no domain',
      'example',
      ' Example.ORG ',
      'you',
      'you@example.net',
      ADDRESS,
      'too short',
      PASSWORD,
      'another password',
      PASSWORD,
      PASSWORD,
      'n',
    ]);

    expect(code).toBe(0);
    expect(output).toContain('An API token is one word');
    expect(output.match(/That is not a domain/g)).toHaveLength(2);
    expect(output).toContain('That is not a mail address');
    expect(output).toContain('has to end in @example.org');
    expect(output).toContain('at least 10 characters.');
    expect(output).toContain('The two are not the same.');
  });

  it('stops where the input does', async () => {
    const { code, output } = await scene.type([TOKEN]);

    expect(code).toBe(1);
    expect(output).toContain('The input ended');
  });

  it('gets a name below workers.dev where the account has none', async () => {
    scene.cloudflare.workersDev = null;
    const env = scene.env({ CLOUDFLARE_API_TOKEN: TOKEN, NEKO_DOMAIN: 'example.org' });
    const { output } = await scene.withoutUrl([ADDRESS, PASSWORD, PASSWORD, 'n'], env);

    expect(output).toContain('registers example-org.workers.dev');
  });
});

describe('what is right already', () => {
  it('is left alone by a second run', async () => {
    await scene.yes();
    scene.cloudflare.writes.length = 0;
    const { code, output } = await scene.yes();

    expect(output).toContain('There is nothing to change.');
    expect(code).toBe(0);
    expect(scene.cloudflare.writes).toEqual([]);
    expect(await scene.wranglerCalls()).toHaveLength(1);
    expect(scene.worker.tokens.size).toBe(0);
  });

  it('is upgraded only after a question', async () => {
    await scene.yes();
    scene.worker.version = '0.0.1';
    const { output } = await scene.type([TOKEN, 'example.org', 'n', ADDRESS, PASSWORD]);

    expect(output).toContain('The Worker has version 0.0.1. Deploy version');
    expect(output).toContain('The Worker neko-mail: stays at version 0.0.1');
    expect(await scene.wranglerCalls()).toHaveLength(1);
    await scene.yes();
    expect(await scene.wranglerCalls()).toHaveLength(2);
  });

  it('includes a server for another domain, which gets this one as well', async () => {
    await scene.yes();
    scene.worker.domains = ['example.net'];
    await scene.yes();

    expect(scene.worker.domains).toEqual(['example.net', 'example.org']);
  });
});

describe('a subdomain', () => {
  const env = { NEKO_DOMAIN: 'mail.example.org', NEKO_ADMIN_ADDRESS: 'you@mail.example.org' };

  it('is found in its zone, and gets routing and sending of its own', async () => {
    const { code } = await scene.yes({ env });

    expect(code).toBe(0);
    expect(scene.cloudflare.records).toMatchObject([{ name: 'mail.example.org' }]);
    expect([...scene.cloudflare.sending]).toEqual(['mail.example.org']);
  });

  it("leaves the zone's own mail with its provider", async () => {
    scene.cloudflare.addMx('example.org', 'smtp.google.com');
    const { code, output } = await scene.yes({ env, args: ['--take-over-mx'] });

    expect(code).toBe(0);
    expect(output).toContain('add the subdomain mail.example.org without changing the records');
    expect(scene.cloudflare.records).toMatchObject([{ content: 'smtp.google.com' }]);
  });
});

describe('the server', () => {
  it('that was set up by somebody else takes a password of theirs only', async () => {
    scene.cloudflare.bindings = ['DIRECTORY', 'MAILBOX'];
    scene.worker.admin = { address: 'she@example.org', password: 'her own password' };
    scene.worker.domains = ['example.org'];
    const { code, output } = await scene.yes();

    expect(code).toBe(1);
    expect(output).toContain('This server has been set up already, and does not know');
    expect(scene.cloudflare.writes).toEqual([]);
  });

  it('may take a while until it answers', async () => {
    scene.worker.silentFor = 3;

    expect((await scene.yes()).code).toBe(0);
  });

  it('that never answers is given up', async () => {
    scene.worker.silentFor = 1000;
    const { code, output } = await scene.yes();

    expect(code).toBe(1);
    expect(output).toContain('does not answer as Neko Mail yet');
    expect(scene.cloudflare.writes).toEqual([]);
  });

  it.each([403, 404])('without a self-test for this user (%i) is no failure', async (status) => {
    scene.worker.diagnosticsStatus = status;
    const { code, output } = await scene.yes();

    expect(code).toBe(0);
    expect(output).toContain('not to be had');
    expect(scene.worker.tokens.size).toBe(0);
  });

  it('keeps no token after a self-test that failed', async () => {
    scene.worker.checks = [{ nonsense: true }];
    const { code, output } = await scene.yes();

    expect(code).toBe(1);
    expect(output).toContain('not understood');
    expect(scene.worker.tokens.size).toBe(0);
  });
});

describe('the token', () => {
  it("may be an account's own", async () => {
    scene.cloudflare.tokenKind = 'account';

    expect((await scene.yes()).code).toBe(0);
  });
});

describe('a secret', () => {
  it.each([false, true])(
    'is printed nowhere, and is no argument (wrangler fails: %s)',
    async (fails) => {
      scene.wranglerFails = fails;
      const { output } = await scene.type(ANSWERS);
      const [call] = await scene.wranglerCalls();

      for (const secret of [TOKEN, PASSWORD, ...scene.cloudflare.secrets.values()]) {
        expect(output).not.toContain(secret);
        expect(JSON.stringify(call?.args)).not.toContain(secret);
      }

      expect(call?.env).toMatchObject({ CLOUDFLARE_API_TOKEN: TOKEN });
      expect(scene.cloudflare.secrets.get('SETUP_KEY') ?? 'f'.repeat(64)).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  it('that wrangler has no need of is not given to it', async () => {
    await scene.yes({ env: { CLOUDFLARE_API_KEY: 'x', CLOUDFLARE_EMAIL: 'x' } });
    const [call] = await scene.wranglerCalls();

    expect(JSON.stringify(call?.env)).not.toContain(PASSWORD);
    expect(call?.env).not.toHaveProperty('CLOUDFLARE_API_KEY');
  });
});
