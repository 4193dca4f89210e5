#!/usr/bin/env node
// Stands for wrangler: writes down how it was called, and tells the test that the Worker is deployed now.

import { appendFileSync, readFileSync } from 'node:fs';

const { argv, env } = process;
appendFileSync(
  env.FAKE_WRANGLER_LOG,
  `${JSON.stringify({ args: argv.slice(2), env, input: readFileSync(0, 'utf8') })}\n`,
);
console.log(`Deploying with ${env.CLOUDFLARE_API_TOKEN}`);
const answer = await fetch(env.FAKE_WRANGLER_DEPLOYED, { method: 'POST' });
process.exitCode = answer.ok ? 0 : 1;
