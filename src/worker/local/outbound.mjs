// Keeps what the Worker sends as files: `<time>-<recipient>.eml`, the exact bytes, and the envelope beside it.

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_SIZE = 25 * 1024 * 1024;

/**
 * For tests, recipients at these domains are answered with an error, as the platform would: the local part
 * says which (`e_rate_limit_exceeded@error.example`), and `refused.example` always refuses.
 */
const ERROR_DOMAIN = '@error.example';
const REFUSED_DOMAIN = '@refused.example';

/**
 * Also for tests, of crashes: a recipient at this domain halts its attempt where the local part says. The first
 * time only, and also after a restart, so that a second attempt, which must never be, is there to be seen.
 */
const HELD = /^hold-(route|before|after)\b.*@pause\.example$/;

export class Outbound {
  #count = 0;

  constructor(directory) {
    this.directory = directory;
  }

  /** The handler of the binding that the Worker's double of `send_email` calls. */
  async handle(request) {
    const from = decodeURIComponent(request.headers.get('X-Envelope-From') ?? '');
    const to = decodeURIComponent(request.headers.get('X-Envelope-To') ?? '');
    const code = provokedError(to);
    // Whatever the answer will be: a large body that is left unread would keep the next message from coming in.
    const bytes = Buffer.from(await request.arrayBuffer());

    if (request.headers.has('X-Route')) {
      await this.#halt('route', to);
      return new Response(null, { status: 204 });
    }

    if (code !== null) {
      return refuse(code, 'Provoked by the recipient of a test');
    }

    if (bytes.length > MAX_SIZE) {
      return refuse('E_CONTENT_TOO_LARGE', 'The message is too large');
    }

    // The platform refuses it, so a double that took it would hide bugs.
    if (!fromField(bytes).toLowerCase().includes(from.toLowerCase())) {
      return refuse('E_VALIDATION_ERROR', 'From header does not match the envelope sender');
    }

    const messageId = `<${randomUUID()}@local>`;
    await this.#halt('before', to);
    await this.#write(bytes, { from, to, messageId });
    await this.#halt('after', to);

    return Response.json({ messageId });
  }

  /** The envelope comes first: whoever waits for an `.eml` finds its envelope there already. */
  async #write(bytes, envelope) {
    this.#count += 1;
    const place = String(this.#count).padStart(6, '0');
    const name = `${Date.now()}-${place}-${fileName(envelope.to)}`;
    await mkdir(this.directory, { recursive: true });
    await writeAtomically(join(this.directory, `${name}.json`), `${JSON.stringify(envelope)}\n`);
    await writeAtomically(join(this.directory, `${name}.eml`), bytes);
  }

  /** Never comes back where the recipient is held at this point; `<recipient>.held` says that it is there now. */
  async #halt(point, to) {
    if (HELD.exec(to)?.[1] !== point) {
      return;
    }

    const mark = join(this.directory, `${fileName(to)}.held`);

    if (!existsSync(mark)) {
      await mkdir(this.directory, { recursive: true });
      await writeAtomically(mark, '');
      await new Promise(() => {});
    }
  }
}

function fileName(recipient) {
  return recipient.replace(/[^\w.@+-]/g, '_').slice(0, 100);
}

function provokedError(to) {
  if (to.endsWith(REFUSED_DOMAIN)) {
    return 'E_RECIPIENT_SUPPRESSED';
  }

  return to.endsWith(ERROR_DOMAIN) ? to.slice(0, -ERROR_DOMAIN.length).toUpperCase() : null;
}

function fromField(bytes) {
  const header = bytes.toString('latin1').split(/\r?\n\r?\n/, 1)[0];
  const unfolded = header.replace(/\r?\n(?=[ \t])/g, '');

  return /^from[ \t]*:(.*)$/im.exec(unfolded)?.[1] ?? '';
}

function refuse(code, message) {
  return Response.json({ code, message }, { status: 422 });
}

async function writeAtomically(path, data) {
  const partial = `${path}.partial`;

  try {
    const file = await open(partial, 'w', 0o600);

    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }

    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
