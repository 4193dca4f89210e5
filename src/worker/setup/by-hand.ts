// The same set-up as steps for a person, with the dashboard and wrangler.

import { permissionLines, TOKEN_PAGE } from './permissions.ts';
import { SCRIPT } from './plan-types.ts';

export const BY_HAND = `Set Neko Mail up by hand. Run the commands in the folder of this README, after \`npm ci\`.

1. Put the domain on Cloudflare, and wait until its zone is active.
2. Sign in: ./with-node wrangler login
   Or make an API token at ${TOKEN_PAGE}, put it into CLOUDFLARE_API_TOKEN, and give it:
 ${permissionLines().join('\n ')}
3. Deploy: ./with-node wrangler deploy
   It asks for a name below workers.dev where the account has none. Note the address that it prints.
4. Make a key with \`openssl rand -hex 32\`, then: ./with-node wrangler secret put SETUP_KEY
   Paste the key.
5. Make the first admin; the domain of the address is the one that is served. Then type the JSON, and Ctrl-D:
   curl https://ADDRESS/v1/setup -d @-
   {"setupKey":"KEY","address":"you@example.org","password":"at least ten characters"}
6. Dashboard, Email Sending: onboard the domain. Sending to anybody needs Workers Paid.
7. Dashboard, Email Routing: switch it on for the domain. It shows the DNS records first. Where MX records of
   another provider are there, its mail comes here from now on.
8. Dashboard, Email Routing, Routing rules: set the catch-all rule to "Send to a Worker", ${SCRIPT}, and switch
   it on. Leave this one for last: mail for a server without an admin is refused.
`;
