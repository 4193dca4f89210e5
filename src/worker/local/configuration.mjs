// Puts the Worker together as it runs here; the benchmarks change some of it.

import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { Log, LogLevel } from 'miniflare';
import { Outbound } from './outbound.mjs';

const COMPATIBILITY_DATE = '2026-10-01';

/** What the emulator is told: the Worker, the edge in front of it, storage in a folder, outbound mail in another. */
export async function configuration(values) {
  const outbound = new Outbound(resolve(values.outbound));
  const storage = resolve(values.storage);
  await mkdir(storage, { recursive: true, mode: 0o700 });

  return {
    host: '127.0.0.1',
    port: Number(values.port),
    // Without this the emulator asks the network for a description of "its" data centre.
    cf: false,
    log: new Log(LogLevel.WARN),
    resourcePersistencePath: storage,
    workers: [
      {
        name: 'edge',
        compatibilityDate: COMPATIBILITY_DATE,
        modules: true,
        script: await bundle('edge.mjs'),
        serviceBindings: { MAIN: 'main' },
      },
      {
        name: 'main',
        compatibilityDate: COMPATIBILITY_DATE,
        modules: true,
        script: await bundle('worker.ts'),
        bindings: { SETUP_KEY: values['setup-key'] },
        durableObjects: {
          DIRECTORY: { className: 'Directory', useSQLite: true },
          MAILBOX: { className: 'Mailbox', useSQLite: true },
        },
        serviceBindings: { OUTBOUND: (request) => outbound.handle(request) },
      },
    ],
  };
}

export async function bundle(entry) {
  const result = await build({
    entryPoints: [resolve(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:*'],
  });

  return result.outputFiles[0].text;
}
