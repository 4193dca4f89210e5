// How long calls take, beside the reference, in turns.

import { LARGE, MANY, OUTSIDE, Reference, SMALL } from './mail.mjs';
import { Runner } from './processes.mjs';

export async function measureTime({ folder, referenceFolder, ...boxes }) {
  const runner = await Runner.serve(folder);
  const reference = await Runner.part('reference', 'whole', referenceFolder);
  const [admin, many, batch] = [boxes.admin, boxes.many, boxes.batch].map((box) =>
    box.at(runner.url),
  );
  const twin = new Reference(reference.url);
  const [large] = await admin.ids();
  const ids = await batch.ids();

  const time = {
    'delivery of 8 kB': await inTurns(
      200,
      () => admin.deliver(SMALL),
      () => twin.deliver(SMALL),
    ),
    'delivery of 24 MiB': await inTurns(
      5,
      () => admin.deliver(LARGE),
      () => twin.deliver(LARGE),
    ),
    'reading 24 MiB': await inTurns(
      5,
      () => admin.read(large),
      () => twin.ask('read?number=1'),
    ),
    'listing of 100,000': await inTurns(
      7,
      () => many.list(),
      () => twin.ask('list?store=many'),
    ),
    'nothing new in 100,000': await inTurns(
      100,
      () => many.list(`?since=${MANY}`),
      () => twin.ask('nothing?store=many'),
    ),
    'batch of 1,000 × 8 kB': await inTurns(
      9,
      () => batch.batch(ids),
      () => twin.ask('batch?number=2'),
    ),
    'submission of 8 kB to one': await inTurns(
      50,
      () => admin.submit(SMALL, OUTSIDE),
      () => twin.ask('submit', SMALL),
    ),
    'sign-in': await inTurns(7, () => batch.signIn()),
  };
  await runner.stop();
  await reference.stop();

  return time;
}

/** Each call once without a clock, then both in turns; the medians, in milliseconds. */
async function inTurns(count, real, reference = null) {
  const sides = [real, reference].filter((side) => side !== null);
  const times = sides.map(() => []);

  for (let round = -1; round < count; round += 1) {
    for (const [side, call] of sides.entries()) {
      const begin = performance.now();
      await call();

      if (round >= 0) {
        times[side].push(performance.now() - begin);
      }
    }
  }

  const [mine, other = null] = times.map(median);

  return { real: mine, reference: other, ratio: other === null ? null : mine / other };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
