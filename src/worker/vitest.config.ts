import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    cloudflareTest({
      main: './test/support/worker.ts',
      wrangler: { configPath: './wrangler.jsonc' },
      miniflare: { bindings: { SETUP_KEY: 'the key of these tests' } },
    }),
  ],
  test: {
    include: ['test/**/*.test.ts'],
    // A password is hashed for each account, and a machine may be busy.
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
