// Starts runners, and reads from /proc what their workerd used.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const SERVE = join(HERE, '../../src/worker/local/serve.mjs');
const CLOCK_TICK_MILLISECONDS = 10;
const KIB_PER_MB = 1024;

export const SETUP_KEY = 'the setup key of the benchmark';

export class Runner {
  /** The real Worker, just as `./dev run` and all tests have it. */
  static async serve(folder) {
    const places = ['--storage', join(folder, 'storage'), '--outbound', join(folder, 'outbound')];

    return new Runner().start([SERVE, '--port', '0', '--with-parent', ...places]);
  }

  static async part(code, part, folder) {
    const places = ['storage', 'outbound', 'registry'].map((name) => join(folder, name));

    return new Runner().start([join(HERE, 'runner.mjs'), code, part, ...places]);
  }

  async start(words) {
    this.process = spawn(process.execPath, words, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NEKO_SETUP_KEY: SETUP_KEY },
    });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));

    for await (const line of createInterface({ input: this.process.stdout })) {
      Object.assign(this, JSON.parse(line));
      this.workerd = workerdOf(this.process.pid);

      return this;
    }

    throw new Error('the runner ended before it was ready');
  }

  async stop() {
    this.process.stdin.end();
    await this.ended;
  }

  /** Milliseconds of processor time of workerd, all of its threads, since it started. */
  cpu() {
    const { fields } = statOf(this.workerd);

    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MILLISECONDS;
  }

  /** In MB: the most that was resident, and the share that is resident now. */
  memory() {
    const peak = kib(`/proc/${this.workerd}/status`, 'VmHWM');
    const now = kib(`/proc/${this.workerd}/smaps_rollup`, 'Pss');

    return { peak: Math.round(peak / KIB_PER_MB), now: Math.round(now / KIB_PER_MB) };
  }
}

/** The bundler is a child of the runner, too, so the name counts. */
function workerdOf(runner) {
  const found = readdirSync('/proc').find((process) => {
    try {
      const { name, fields } = statOf(process);

      return name === 'workerd' && Number(fields[1]) === runner;
    } catch {
      return false; // no process, or it ended meanwhile
    }
  });

  if (found === undefined) {
    throw new Error('the runner has no workerd');
  }

  return Number(found);
}

/** The name in brackets may contain anything; the fields are those behind it. */
function statOf(process) {
  const text = readFileSync(`/proc/${process}/stat`, 'latin1');
  const end = text.lastIndexOf(') ');

  return { name: text.slice(text.indexOf('(') + 1, end), fields: text.slice(end + 2).split(' ') };
}

function kib(path, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(path, 'latin1'))[1]);
}
