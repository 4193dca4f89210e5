// The real command, started as `npm run setup` starts it, with a pipe for a keyboard.

import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import packageJson from '../../package.json';
import { ANSWERS, PASSWORD, Scene } from './support/scene.ts';

const WORKER_FOLDER = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open();
});

afterEach(async () => {
  await scene.close();
});

/** The npm script without its wrapper, which would put the real wrangler before the fake one. */
function launch(args: string[], env: NodeJS.ProcessEnv) {
  const [, , ...command] = packageJson.scripts.setup.split(' ');

  return spawn(process.execPath, [...command, ...args], { cwd: WORKER_FOLDER, env });
}

async function start(args: string[], env: NodeJS.ProcessEnv, input: string) {
  const child = launch(args, env);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(input);
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);

  return { output, errors, code };
}

describe('the command', () => {
  it('sets everything up, and prints no warning and no secret', async () => {
    const answers = ANSWERS.map((line) => `${line}\n`).join('');
    const { output, errors, code } = await start(['--url', scene.workerUrl], scene.env(), answers);

    expect(errors).toBe('');
    expect(code).toBe(0);
    expect(output).toContain(`The server is at ${scene.workerUrl}`);
    expect(output).not.toContain(PASSWORD);
    expect(scene.cloudflare.catchAll.enabled).toBe(true);
    expect(await scene.wranglerCalls()).toHaveLength(1);
  });

  it.each([
    ['--print', 'Deploy: ./with-node wrangler deploy'],
    ['--help', 'Usage: npm run setup'],
  ])('with %s needs no token, and does nothing', async (option, expected) => {
    const { output, errors, code } = await start([option], scene.env(), '');

    expect(errors).toBe('');
    expect(code).toBe(0);
    expect(output).toContain(expected);
    expect(scene.cloudflare.requests).toBe(0);
    expect(await scene.wranglerCalls()).toEqual([]);
  });

  it('stops at Ctrl-C, and is continued by the next run', async () => {
    scene.worker.silentFor = 1000;
    const child = launch(['--url', scene.workerUrl], scene.env());
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.stdin.write(ANSWERS.map((line) => `${line}\n`).join(''));
    let output = '';

    for await (const chunk of child.stdout) {
      output += chunk;

      if (chunk.includes('waits until')) {
        child.kill('SIGINT');
      }
    }

    expect(await ended).toBe(130);
    expect(output).toContain('Stopped. Run this again');
    scene.worker.silentFor = 0;
    expect((await scene.yes()).code).toBe(0);
    expect(await scene.wranglerCalls()).toHaveLength(1);
  });

  it.each([
    ['--unknown'],
    ['a-token'],
    ['--url', 'http://example.org'],
    ['--url', 'mail.example.org'],
  ])('refuses the arguments %s %s', async (...args) => {
    const { output, code } = await start(args, scene.env(), '');

    expect(code).toBe(2);
    expect(output).toContain('Usage: npm run setup');
  });
});
