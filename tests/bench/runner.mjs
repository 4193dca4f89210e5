// Runs the Worker, or the reference, as local/serve.mjs does: whole, or only one part of it in this process.
//
// usage: node runner.mjs CODE PART STORAGE OUTBOUND REGISTRY; the parts find each other through the registry.

import { createRequire } from 'node:module';
import { bundle, configuration } from '../../src/worker/local/configuration.mjs';

const require = createRequire(new URL('../../src/worker/package.json', import.meta.url));
const { convertV4MiniflareOptions, Miniflare } = require('miniflare');

const [code, part, storage, outbound, registry] = process.argv.slice(2);
const values = { storage, outbound, port: '0', 'setup-key': process.env.NEKO_SETUP_KEY };
const whole = await configuration(values);
const [edge, main] = code === 'real' ? whole.workers : await withReference(whole.workers);
const parts = {
  whole: [edge, main],
  edge: [edge],
  main: [{ ...main, durableObjects: elsewhere(main.durableObjects) }],
  objects: [{ ...main, name: 'objects' }],
};
const options = { ...whole, workers: parts[part] };
const apart = part === 'whole' ? {} : { unsafeDevRegistryPath: registry, inspectorPort: 0 };
const miniflare = new Miniflare(convertV4MiniflareOptions({ ...options, ...apart }));

process.stdin.once('end', async () => {
  await miniflare.dispose();
  process.exit(0);
});
process.stdin.resume();
const url = (await miniflare.ready).href;
const inspector = part === 'whole' ? null : (await miniflare.getInspectorURL()).href;
process.stdout.write(`${JSON.stringify({ url, inspector })}\n`);

async function withReference([before, real]) {
  return [
    before,
    {
      ...real,
      script: await bundle('../../../tests/bench/reference.mjs'),
      durableObjects: { STORE: { className: 'Store', useSQLite: true } },
    },
  ];
}

function elsewhere(objects) {
  return Object.fromEntries(
    Object.entries(objects).map(([name, object]) => [name, { ...object, scriptName: 'objects' }]),
  );
}
