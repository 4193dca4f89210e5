// Questions and answers: what is typed, what is typed without being shown, and what is printed.

import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { Stop } from './stop.ts';

export type Input = Readable & { readonly isTTY?: boolean };

/** Ctrl-C at a question. */
export class Interrupted extends Error {}

export class Terminal {
  readonly #input: Input;
  readonly #output: Writable;
  readonly #secrets = new Set<string>();
  #lines: AsyncIterator<string> | null = null;

  constructor(input: Input, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  /** From here on the text is never printed, whoever put it into a message. */
  hide(secret: string): void {
    this.#secrets.add(secret);
  }

  say(text = ''): void {
    this.#output.write(`${this.censor(text)}\n`);
  }

  censor(text: string): string {
    let censored = text;

    for (const secret of this.#secrets) {
      censored = censored.replaceAll(secret, '***');
    }

    return censored;
  }

  async ask(question: string): Promise<string> {
    return (await this.#read(`${question} `, this.#output)).trim();
  }

  async askSecret(question: string): Promise<string> {
    const answer = await this.#read(`${question} (not shown) `, null);

    if (this.#input.isTTY) {
      this.say();
    }

    return answer;
  }

  async confirm(question: string): Promise<boolean> {
    return /^y(es)?$/i.test(await this.ask(`${question} [y/N]`));
  }

  /** `echo` is where a terminal shows what is typed; null hides it. */
  async #read(prompt: string, echo: Writable | null): Promise<string> {
    if (this.#input.isTTY) {
      return this.#readTyped(prompt, echo);
    }

    // Several lines may come at once, so whatever reads them has to live as long as the input does.
    this.#lines ??= createInterface({ input: this.#input })[Symbol.asyncIterator]();
    this.#output.write(prompt);
    const { value, done } = await this.#lines.next();
    this.#output.write('\n');

    if (done) {
      throw new Stop('The input ended before the last question.');
    }

    return value;
  }

  /** One interface for each question: a terminal that is left in raw mode between them would swallow Ctrl-C. */
  async #readTyped(prompt: string, echo: Writable | null): Promise<string> {
    const reader = createInterface({
      input: this.#input,
      output: echo ?? new Writable({ write: (_chunk, _encoding, done) => done() }),
      terminal: true,
      historySize: 0,
    });

    // Only from here on does the terminal itself echo nothing: who sees the question may type.
    if (echo === null) {
      this.#output.write(prompt);
    }

    try {
      return await new Promise<string>((resolve, reject) => {
        reader.once('SIGINT', () => reject(new Interrupted()));
        reader.once('close', () => reject(new Stop('The input ended before the last question.')));
        reader.question(echo === null ? '' : prompt, resolve);
      });
    } finally {
      reader.close();
    }
  }
}
