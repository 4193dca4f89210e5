// What no whole set-up can test here, since the address that it leads to is not on this machine.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CloudflareApi } from '../../setup/cloudflare.ts';
import { startCloudflare, TOKEN } from './support/cloudflare-double.ts';

let cloudflare: Awaited<ReturnType<typeof startCloudflare>>;

beforeEach(async () => {
  cloudflare = await startCloudflare();
});

afterEach(async () => {
  await cloudflare.close();
});

describe("Cloudflare's API", () => {
  it('gives the account a name below workers.dev, once', async () => {
    cloudflare.state.workersDev = null;
    const api = new CloudflareApi(TOKEN, cloudflare.url);

    expect(await api.workersDevName('1')).toBeNull();
    await api.chooseWorkersDevName('1', 'example-org');
    expect(await api.workersDevName('1')).toBe('example-org');
  });

  it('says what to do where that name is taken', async () => {
    cloudflare.state.broken = /workers\/subdomain/;
    const api = new CloudflareApi(TOKEN, cloudflare.url);

    await expect(api.chooseWorkersDevName('1', 'taken')).rejects.toThrow(
      'Cloudflare could not register taken.workers.dev for the account (it answered 409)',
    );
  });

  it('walks a domain up to its zone, and no further than that', async () => {
    const api = new CloudflareApi(TOKEN, cloudflare.url);

    expect((await api.findZone('a.b.example.org'))?.name).toBe('example.org');
    expect(await api.findZone('notexample.org')).toBeNull();
  });
});
