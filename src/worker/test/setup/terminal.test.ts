// What a terminal shows of what is typed.

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Input, Interrupted, Terminal } from '../../setup/terminal.ts';

/** Keys as a terminal in raw mode gives them. */
const ENTER = '\r';
const BACKSPACE = '\x7f';
const CONTROL_C = '\x03';
const CONTROL_D = '\x04';

function open() {
  const keys = new PassThrough();
  const modes: boolean[] = [];
  const output = new PassThrough();
  const setRawMode = (on: boolean) => {
    modes.push(on);
    // Until then the system echoes what is typed, so that no question may have been shown.
    expect(on && output.readableLength > 0).toBe(false);
  };
  const input: Input = Object.assign(keys, { isTTY: true, setRawMode });
  const terminal = new Terminal(input, output);

  return { keys, modes, terminal, shown: () => String(output.read() ?? '') };
}

describe('a terminal', () => {
  it('shows an answer while it is typed', async () => {
    const { keys, terminal, shown } = open();
    const answer = terminal.ask('Who?');
    keys.write(`me${ENTER}`);

    expect(await answer).toBe('me');
    expect(shown()).toContain('me');
  });

  it('shows nothing of a secret, and lets it be corrected', async () => {
    const { keys, modes, terminal, shown } = open();
    const answer = terminal.askSecret('Password:');
    keys.write(`xyz${BACKSPACE}${BACKSPACE} 1 ${ENTER}`);

    expect(await answer).toBe('x 1 ');
    expect(shown()).toBe('Password: (not shown) \n');
    expect(modes).toEqual([true, false]);
  });

  it.each([
    ['Ctrl-C', CONTROL_C, Interrupted],
    ['Ctrl-D', CONTROL_D, Error],
  ])('ends a question at %s, and is left as it was', async (_name, key, error) => {
    const { keys, modes, terminal } = open();
    const answer = terminal.askSecret('Password:');
    keys.write(key);

    await expect(answer).rejects.toThrow(error);
    expect(modes).toEqual([true, false]);
  });

  it('prints no secret that it was told of', () => {
    const { terminal, shown } = open();
    terminal.hide('hush');
    terminal.say('hush, hush');

    expect(shown()).toBe('***, ***\n');
  });

  it('takes only a yes for one', async () => {
    for (const [typed, expected] of [
      ['y', true],
      ['YES', true],
      ['', false],
      ['yo', false],
      ['n', false],
    ] as const) {
      const { keys, terminal } = open();
      const answer = terminal.confirm('Go on?');
      keys.write(`${typed}${ENTER}`);
      expect(await answer).toBe(expected);
    }
  });
});
