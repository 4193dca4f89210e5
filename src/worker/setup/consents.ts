// What must never happen without somebody's word: asked for one by one, each with what it would mean.

import type { Options } from './options.ts';
import { isUpgrade } from './plan.ts';
import { describeCatchAll, foreignMx, isForeignCatchAll } from './plan-mail.ts';
import type { Consent, PresentState } from './plan-types.ts';
import type { Terminal } from './terminal.ts';

export class Consents {
  readonly #terminal: Terminal;
  readonly #options: Options;

  constructor(terminal: Terminal, options: Options) {
    this.#terminal = terminal;
    this.#options = options;
  }

  async ask(state: PresentState): Promise<ReadonlySet<Consent>> {
    const given = new Set<Consent>();

    if (isUpgrade(state) && (await this.#upgrade(state))) {
      given.add('upgrade');
    }

    if (foreignMx(state.domainMx).length > 0 && (await this.#takeOverMx(state))) {
      given.add('take-over-mx');
    }

    if (isForeignCatchAll(state.catchAll) && (await this.#replaceCatchAll(state))) {
      given.add('replace-catch-all');
    }

    return given;
  }

  async #upgrade({ info, version }: PresentState): Promise<boolean> {
    return (
      this.#options.yes ||
      this.#terminal.confirm(`The Worker has version ${info?.version}. Deploy version ${version}?`)
    );
  }

  /** `--yes` does not answer this one, nor the next: what they take away is somebody's mail. */
  async #takeOverMx({ domain, domainMx }: PresentState): Promise<boolean> {
    if (this.#options['take-over-mx'] || this.#options.yes) {
      return this.#options['take-over-mx'];
    }

    this.#terminal.say(`\nThe mail of ${domain} goes to another provider now:`);

    for (const { priority, content } of foreignMx(domainMx)) {
      this.#terminal.say(`  MX ${priority} ${content}`);
    }

    this.#terminal.say(
      'Switching Email Routing on removes these records. That provider gets no more mail for the domain; what it ' +
        'has already stays there.',
    );
    const question = `Type ${domain} to have its mail come here, or nothing to leave it:`;

    return (await this.#terminal.ask(question)).toLowerCase() === domain;
  }

  async #replaceCatchAll({ zone, catchAll }: PresentState): Promise<boolean> {
    if (this.#options['replace-catch-all'] || this.#options.yes) {
      return this.#options['replace-catch-all'];
    }

    this.#terminal.say(`\nThe catch-all rule of ${zone.name} ${describeCatchAll(catchAll)} now.`);

    return this.#terminal.confirm('Replace it?');
  }
}
