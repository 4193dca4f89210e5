// What processor time the Worker and its objects take, each in a workerd of its own. See worker.mjs for the limits.

import { join } from 'node:path';
import { Inspector } from './inspector.mjs';
import { LARGE, Mailbox, OUTSIDE, Reference, repeat, SMALL } from './mail.mjs';
import { Runner } from './processes.mjs';

export async function measureCpu(folder) {
  const real = await startApart('real', join(folder, 'apart'));
  const reference = await startApart('reference', join(folder, 'reference-apart'));
  const box = await Mailbox.first(real.url);
  const twin = new Reference(reference.url);
  await box.deliver(SMALL);
  await twin.deliver(SMALL);
  const [id] = await box.ids();

  const calls = {
    'email() of 8 kB': [300, () => box.deliver(SMALL), () => twin.deliver(SMALL)],
    'email() of 24 MiB': [4, () => box.deliver(LARGE), () => twin.deliver(LARGE)],
    'GET /v1/messages, no news': [300, () => box.list(news), () => twin.ask('nothing')],
    'GET /v1/messages/{id}, 8 kB': [300, () => box.read(id), () => twin.ask('read?number=1')],
    'POST /v1/submissions, 8 kB': [
      100,
      () => box.submit(SMALL, OUTSIDE),
      () => twin.ask('submit', SMALL),
    ],
    'POST /v1/tokens': [20, () => box.signIn(), () => twin.ask('nothing', '{}')],
  };
  let news = '';
  const cpu = {};

  for (const [name, [count, call, referenceCall]] of Object.entries(calls)) {
    news = `?since=${await box.seq()}`;
    const mine = await cpuOf(real, count, call);
    const other = await cpuOf(reference, count, referenceCall);
    const code = await codeOf(real, count, call);
    cpu[name] = { worker: mine.worker, object: mine.object, reference: other, code };
  }

  await real.stop();
  await reference.stop();

  return cpu;
}

async function startApart(code, folder) {
  const objects = await Runner.part(code, 'objects', folder);
  const main = await Runner.part(code, 'main', folder);
  const edge = await Runner.part(code, 'edge', folder);
  const stop = () => Promise.all([edge, main, objects].map((runner) => runner.stop()));

  return { url: edge.url, main, objects, stop };
}

/** Milliseconds of processor time a call, after a quarter of the calls as a warm-up. */
async function cpuOf({ main, objects }, count, call) {
  await repeat(Math.ceil(count / 4), call);
  const before = [main.cpu(), objects.cpu()];
  await repeat(count, call);
  const [worker, object] = [main, objects].map(
    (runner, index) => (runner.cpu() - before[index]) / count,
  );

  return { worker, object };
}

/** The same calls once more, with a profiler in each isolate, which slows them. */
async function codeOf({ main, objects }, count, call) {
  const worker = await Inspector.open(main.inspector, 'main');
  const object = await Inspector.open(objects.inspector, 'objects');
  let ofObject = 0;
  const ofWorker = await worker.profile(async () => {
    ofObject = await object.profile(() => repeat(count, call));
  });
  worker.close();
  object.close();

  return { worker: ofWorker / count, object: ofObject / count };
}
