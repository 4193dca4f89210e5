// `./dev bench worker`: what the Worker takes in time, processor time, memory and billed rows.
//
// The Worker is the real one, run by local/serve.mjs. Beside it, in the same run and by the same runner, stands a
// reference that does the least a Worker can do with the same bytes (reference.mjs); the two are called in turns.
// Trust the ratios more than the times: a busy machine slows both.
//
// TIME is what a client on loopback sees, in the median. A submission includes writing two files to the disk,
// which stands for the platform's sending.
//
// PROCESSOR TIME is the operating system's count for whole workerd processes (user and system, ticks of 10 ms,
// hence many calls each), so garbage collection and native code are in it. To tell the Worker from its objects,
// each runs in a workerd of its own, and the edge in a third; miniflare's registry joins them. The sockets
// between these processes, which the platform does not have, cost more than the Worker's own code: what is
// counted is an upper bound, and far above what would be billed. The reference in the same places shows that
// cost, and "own" is the difference to it. "code" is a lower bound: the samples, 100 µs apart, in which V8's
// profiler found JavaScript or what it called in that isolate; it misses the runtime around the code.
//
// MEMORY is the peak of workerd's resident set (VmHWM) in a process that did only this, so it has the edge, the
// runtime itself (see "idle") and what V8 had no reason yet to free. It bounds an isolate's memory from above.
//
// ROWS come from src/worker/test/storage/rows-written.test.ts, run here.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureCpu } from './cpu.mjs';
import { LARGE, MANY, Mailbox, multiply, Reference, repeat, SMALL } from './mail.mjs';
import { Runner } from './processes.mjs';
import { report } from './report.mjs';
import { measureTime } from './time.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RESULTS = join(ROOT, 'build', 'bench');
const BATCH = 1000;
const AT_ONCE = 20;

await main();

async function main() {
  mkdirSync(RESULTS, { recursive: true });
  const folder = mkdtempSync(join(RESULTS, 'run-'));
  const results = { processors: cpus().length, node: process.version };

  try {
    const prepared = await prepare(join(folder, 'whole'), join(folder, 'reference'));
    results.time = await measureTime(prepared);
    results.memory = await measureMemory(prepared);
    results.cpu = await measureCpu(folder);
    results.rows = measureRows();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  writeFileSync(join(RESULTS, 'worker.json'), `${JSON.stringify(results, null, 2)}\n`);
  report(results);
}

/** A mailbox of 100,000, one of 1,000 small messages and one of a large one, for both. */
async function prepare(folder, referenceFolder) {
  const runner = await Runner.serve(folder);
  const admin = await Mailbox.first(runner.url);
  const many = await admin.newUser('many@neko.test');
  const batch = await admin.newUser('batch@neko.test');
  await many.deliver(SMALL);
  await admin.deliver(LARGE);
  await repeat(BATCH, () => batch.deliver(SMALL));
  await runner.stop();
  multiply(join(folder, 'storage'), many, MANY - 1);

  const reference = await Runner.part('reference', 'whole', referenceFolder);
  const twin = new Reference(reference.url);
  await twin.deliver(LARGE);
  await repeat(BATCH, () => twin.deliver(SMALL));
  await twin.ask(`fill?store=many&count=${MANY}`);
  await reference.stop();

  return { folder, referenceFolder, admin, many, batch };
}

/** A process for each, so that no peak hides another. */
async function measureMemory({ folder, admin, many, batch }) {
  const tasks = {
    idle: (at) => at(many).list(`?since=${MANY}`),
    '24 MiB in': (at) => at(admin).deliver(LARGE),
    '24 MiB out': async (at) => at(admin).read((await at(admin).ids())[0]),
    'listing of 100,000': (at) => at(many).list(),
    'batch of 1,000 × 8 kB': async (at) => at(batch).batch(await at(batch).ids()),
    [`${AT_ONCE} × 24 MiB in at once`]: (at) =>
      Promise.all(Array.from({ length: AT_ONCE }, () => at(admin).deliver(LARGE))),
  };
  const memory = {};

  for (const [name, task] of Object.entries(tasks)) {
    const runner = await Runner.serve(folder);
    await task((box) => box.at(runner.url));
    memory[name] = runner.memory();
    await runner.stop();
  }

  return memory;
}

function measureRows() {
  const words = ['vitest', 'run', '--reporter=default', 'test/storage/rows-written.test.ts'];
  const output = execFileSync('./with-node', words, {
    cwd: join(ROOT, 'src', 'worker'),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const lines = output.matchAll(/^rows written: (.*): (\d+)$/gm);

  return Object.fromEntries([...lines].map(([, what, rows]) => [what, Number(rows)]));
}
