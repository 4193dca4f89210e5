import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

// The Worker is tested in the runtime that runs it, its set-up in the Node that runs that.
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest({
            main: './test/support/worker.ts',
            wrangler: { configPath: './wrangler.jsonc' },
            miniflare: { bindings: { SETUP_KEY: 'the key of these tests' } },
          }),
        ],
        test: {
          name: 'workerd',
          include: ['test/**/*.test.ts'],
          exclude: ['test/setup/**'],
          // A password is hashed for each account, and a machine may be busy.
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'node',
          include: ['test/setup/**/*.test.ts'],
          // Some tests start the real command, and a machine may be busy.
          testTimeout: 20_000,
        },
      },
    ],
  },
});
