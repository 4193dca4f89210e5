// What belongs to somebody else, and is left alone until somebody says otherwise.

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

describe('what belongs to somebody else', () => {
  const GOOGLE = 'smtp.google.com';

  beforeEach(() => {
    scene.cloudflare.addMx('example.org', GOOGLE);
  });

  it.each([
    ['without a word', ''],
    ['with another word than the domain', 'y'],
  ])('keeps its mail %s', async (_how, word) => {
    const answers = [TOKEN, 'example.org', word, ADDRESS, PASSWORD, PASSWORD, 'y'];
    const { code, output } = await scene.type(answers);

    expect(code).toBe(0);
    expect(output).toContain(`MX 10 ${GOOGLE}`);
    expect(output).toContain('would take it away from there');
    expect(scene.cloudflare.writes).toEqual(ALL_WRITES.slice(0, 2));
    expect(scene.cloudflare.records).toMatchObject([{ content: GOOGLE }]);
  });

  it('keeps its mail with --yes', async () => {
    await scene.yes();

    expect(scene.cloudflare.writes).toEqual(ALL_WRITES.slice(0, 2));
  });

  it.each([
    ['by typing the domain', () => [TOKEN, 'example.org', 'example.org', ...ANSWERS.slice(2)], []],
    ['by its flag', () => ANSWERS, ['--take-over-mx']],
  ])('gives its mail up %s', async (_how, answers, args) => {
    const { code } = await scene.type(answers(), ...args);

    expect(code).toBe(0);
    expect(scene.cloudflare.records).toMatchObject([{ content: 'route1.mx.cloudflare.net' }]);
    expect(scene.cloudflare.catchAll.enabled).toBe(true);
  });

  it('gets its mail back where Email Routing cannot be switched on', async () => {
    scene.cloudflare.broken = /routing\/dns/;
    const { code, output } = await scene.yes({ args: ['--take-over-mx'] });

    expect(code).toBe(1);
    expect(output).toContain('Something is in the way (1234)');
    expect(scene.cloudflare.records).toMatchObject([{ content: GOOGLE, name: 'example.org' }]);
    expect(scene.worker.tokens.size).toBe(0);
  });
});

describe('a catch-all rule that does something else', () => {
  beforeEach(() => {
    const actions = [{ type: 'forward', value: ['somebody@example.net'] }];
    scene.cloudflare.catchAll = { enabled: true, actions };
  });

  it.each([
    ['stays without a "yes"', 'n', 'forward'],
    ['is replaced with one', 'y', 'worker'],
  ])('%s', async (_what, word, type) => {
    const answers = [TOKEN, 'example.org', word, ADDRESS, PASSWORD, PASSWORD, 'y'];
    const { output } = await scene.type(answers);

    expect(output).toContain('somebody@example.net');
    expect(scene.cloudflare.catchAll.actions).toMatchObject([{ type }]);
  });

  it.each([
    [[], 'forward'],
    [['--replace-catch-all'], 'worker'],
  ])('follows the flags %j with --yes', async (args, type) => {
    await scene.yes({ args });

    expect(scene.cloudflare.catchAll.actions).toMatchObject([{ type }]);
  });

  it('is not an issue where it only drops mail and is off', async () => {
    scene.cloudflare.catchAll.enabled = false;
    await scene.yes();

    expect(scene.cloudflare.catchAll.actions).toMatchObject([{ type: 'worker' }]);
  });
});
