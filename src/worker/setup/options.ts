// What the set-up is told on the command line and in its environment. No secret is ever an argument.

import { parseArgs } from 'node:util';
import { z } from 'zod';
import { failure, type Result, success } from '../src/result.ts';

export const USAGE = `Usage: npm run setup [-- OPTIONS]

Sets Neko Mail up on Cloudflare: asks, says what it will change, and changes it.
It changes nothing that is right already, and can be run again at any time.

  --print              print the steps for doing it by hand, and do nothing
  --yes                ask nothing: take the answers from the environment, and go on
  --take-over-mx       remove the MX records of another mail provider, whose mail then comes here
  --replace-catch-all  replace an Email Routing catch-all rule that does something else
  --url URL            where the Worker answers, if not at its workers.dev address
  --help               print this

Environment, for answers that are not to be asked for:

  CLOUDFLARE_API_TOKEN  the API token
  NEKO_DOMAIN           the mail domain
  NEKO_ADMIN_ADDRESS    the admin's address
  NEKO_ADMIN_PASSWORD   the admin's password
`;

const Url = z.url({ protocol: /^https?$/ }).refine(isSafe, 'it has to begin with https://');

const Options = z.object({
  print: z.boolean().default(false),
  yes: z.boolean().default(false),
  help: z.boolean().default(false),
  'take-over-mx': z.boolean().default(false),
  'replace-catch-all': z.boolean().default(false),
  url: Url.optional(),
});

const Environment = z.object({
  CLOUDFLARE_API_TOKEN: z.string().optional(),
  CLOUDFLARE_BASE_URL: z.string().optional(),
  NEKO_DOMAIN: z.string().optional(),
  NEKO_ADMIN_ADDRESS: z.string().optional(),
  NEKO_ADMIN_PASSWORD: z.string().optional(),
});

export type Options = z.output<typeof Options>;
export type Environment = z.output<typeof Environment>;

export function readOptions(args: string[]): Result<Options, string> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        print: { type: 'boolean' },
        yes: { type: 'boolean' },
        help: { type: 'boolean' },
        'take-over-mx': { type: 'boolean' },
        'replace-catch-all': { type: 'boolean' },
        url: { type: 'string' },
      },
    });
    const parsed = Options.safeParse(values);

    return parsed.success
      ? success(parsed.data)
      : failure(`--url: ${parsed.error.issues[0]?.message ?? 'not a URL'}`);
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error));
  }
}

export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  return Environment.parse(env);
}

/** A password must not cross a network in the clear; on this machine there is none to cross. */
function isSafe(text: string): boolean {
  const { protocol, hostname } = new URL(text);

  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
