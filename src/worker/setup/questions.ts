// The answers that a set-up needs: out of the environment, or asked for until they can be right.

import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { parseAddress } from '../src/mail/address.ts';
import { permissionLines, TOKEN_PAGE } from './permissions.ts';
import { Stop } from './stop.ts';
import type { Terminal } from './terminal.ts';
import type { Credentials } from './worker-client.ts';

const MIN_PASSWORD = 10;
const MAX_PASSWORD = 256;

const Token = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{20,256}$/, 'An API token is one word of at least 20 letters and digits.');

const Domain = z
  .string()
  .trim()
  .transform((text) => domainToASCII(text).toLowerCase())
  .refine(
    (text) => text.includes('.') && parseAddress(`you@${text}`) !== null,
    'That is not a domain; it looks like example.org.',
  );

const Address = z
  .string()
  .transform((text) => parseAddress(text.trim())?.text ?? '')
  .refine((text) => text !== '', 'That is not a mail address; it looks like you@example.org.');

const NewPassword = z
  .string()
  .min(MIN_PASSWORD, `The password needs at least ${MIN_PASSWORD} characters.`)
  .max(MAX_PASSWORD, `The password may have ${MAX_PASSWORD} characters at most.`);

const GivenPassword = z.string().min(1, 'The password is empty.').max(MAX_PASSWORD);

export class Questions {
  readonly #terminal: Terminal;
  /** Whether somebody is there to answer. */
  readonly #interactive: boolean;

  constructor(terminal: Terminal, interactive: boolean) {
    this.#terminal = terminal;
    this.#interactive = interactive;
  }

  async token(given: string | undefined): Promise<string> {
    if (given === undefined) {
      this.#terminal.say(`An API token of Cloudflare is needed. Make one at ${TOKEN_PAGE}`);
      this.#terminal.say(
        '("Create Custom Token"), for the account and the zone of the domain, with:',
      );
      permissionLines().forEach((line) => {
        this.#terminal.say(line);
      });
      this.#terminal.say('It is kept nowhere. Delete it when the set-up is done.\n');
    }

    const ask = () => this.#terminal.askSecret('API token:');

    return this.#answer(Token, 'CLOUDFLARE_API_TOKEN', given, ask);
  }

  async domain(given: string | undefined): Promise<string> {
    return this.#answer(Domain, 'NEKO_DOMAIN', given, () =>
      this.#terminal.ask('Mail domain, such as example.org:'),
    );
  }

  async address(given: string | undefined, domain: string, isNew: boolean): Promise<string> {
    const suggestion = `you@${domain}`;
    const question = isNew
      ? `Address of the first admin, such as ${suggestion}:`
      : 'This server is set up. Address of one of its admins:';
    const schema = isNew
      ? Address.refine(
          (text) => text.endsWith(`@${domain}`),
          `The first admin's address has to end in @${domain}.`,
        )
      : Address;

    return this.#answer(schema, 'NEKO_ADMIN_ADDRESS', given, () => this.#terminal.ask(question));
  }

  async password(given: string | undefined, isNew: boolean): Promise<string> {
    const schema = isNew ? NewPassword : GivenPassword;

    return this.#answer(schema, 'NEKO_ADMIN_PASSWORD', given, async () =>
      isNew ? this.#newPassword() : this.#terminal.askSecret('Password:'),
    );
  }

  async credentials(
    given: { address: string | undefined; password: string | undefined },
    domain: string,
    isNew: boolean,
  ): Promise<Credentials> {
    const address = await this.address(given.address, domain, isNew);
    const password = await this.password(given.password, isNew);
    this.#terminal.hide(password);

    return { address, password };
  }

  async #newPassword(): Promise<string> {
    for (;;) {
      const question = `Password, at least ${MIN_PASSWORD} characters:`;
      const first = await this.#terminal.askSecret(question);

      // What is too short is refused before it is asked for a second time.
      if (!NewPassword.safeParse(first).success) {
        return first;
      }

      if (first === (await this.#terminal.askSecret('The same again:'))) {
        return first;
      }

      this.#terminal.say('The two are not the same.');
    }
  }

  async #answer<Value>(
    schema: z.ZodType<Value>,
    name: string,
    given: string | undefined,
    ask: () => Promise<string>,
  ): Promise<Value> {
    if (given === undefined && !this.#interactive) {
      throw new Stop(`With --yes, ${name} has to be set in the environment.`);
    }

    for (;;) {
      const parsed = schema.safeParse(given ?? (await ask()));

      if (parsed.success) {
        return parsed.data;
      }

      const problem = parsed.error.issues[0]?.message ?? 'That cannot be right.';

      if (given !== undefined) {
        throw new Stop(`${name}: ${problem}`);
      }

      this.#terminal.say(problem);
    }
  }
}
