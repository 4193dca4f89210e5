// What the benchmark asks of a Worker, and of the reference that stands beside it.

import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SETUP_KEY } from './processes.mjs';

const PASSWORD = 'a password of the benchmark';
const FROM = 'bench@neko.test';

export const MANY = 100_000;
export const OUTSIDE = 'a@outside.example';
export const SMALL = message(8000);
export const LARGE = message(24 * 1024 * 1024);

/** Lines as mail has them; the header is one that may be submitted, too. */
function message(size) {
  const header = `From: ${FROM}\r\nSubject: of the benchmark\r\nDate: x\r\nMessage-ID: <x@neko.test>\r\n\r\n`;
  const line = `${'0123456789abcdef'.repeat(4)}\r\n`;

  return Buffer.from(header.padEnd(size, line));
}

/** One user of the real Worker. */
export class Mailbox {
  static async first(url) {
    const body = { setupKey: SETUP_KEY, address: FROM, password: PASSWORD };

    return new Mailbox(url, FROM, (await json(`${url}v1/setup`, body)).token);
  }

  constructor(url, address, token) {
    Object.assign(this, { url, address, token });
  }

  async newUser(address) {
    await json(`${this.url}v1/users`, { address, password: PASSWORD }, this.token);

    return new Mailbox(this.url, address, null).signIn();
  }

  async signIn() {
    const body = { address: this.address, password: PASSWORD, device: 'benchmark' };
    const { token } = await json(`${this.url}v1/tokens`, body);

    return new Mailbox(this.url, this.address, token);
  }

  /** The same user where the Worker runs now. */
  at(url) {
    return new Mailbox(url, this.address, this.token);
  }

  deliver(bytes) {
    return deliver(this.url, this.address, bytes);
  }

  async list(query = '') {
    return this.#get(`v1/messages${query}`);
  }

  async ids() {
    return (await this.#lines()).slice(1, -1).map((line) => line.id);
  }

  async seq() {
    return (await this.#lines())[0].seq;
  }

  async #lines() {
    const text = (await this.list()).toString();

    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  read(id) {
    return this.#get(`v1/messages/${id}`);
  }

  batch(ids) {
    return this.#get('v1/messages/fetch', { method: 'POST', body: JSON.stringify({ ids }) });
  }

  submit(bytes, to) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const recipients = [{ address: to }];
    const envelope = { from: this.address, recipients, size: bytes.length, sha256 };
    const body = Buffer.concat([Buffer.from(`${JSON.stringify(envelope)}\n`), bytes]);

    return this.#get('v1/submissions', {
      method: 'POST',
      headers: { 'Idempotency-Key': randomUUID() },
      body,
    });
  }

  #get(path, init = {}) {
    const headers = { ...init.headers, Authorization: `Bearer ${this.token}` };

    return get(`${this.url}${path}`, { ...init, headers });
  }
}

export class Reference {
  constructor(url) {
    this.url = url;
  }

  deliver(bytes) {
    return deliver(this.url, FROM, bytes);
  }

  ask(path, body) {
    return get(`${this.url}${path}`, body === undefined ? {} : { method: 'POST', body });
  }
}

/**
 * Makes the newest message of a stopped Worker's mailbox `count` more, as rows that only a listing looks at:
 * delivering so many would take minutes. What the columns are is read from the table.
 */
export function multiply(storage, mailbox, count) {
  const database = openMailbox(storage, mailbox.token.split('.')[1]);
  const columns = database
    .prepare('PRAGMA table_info(messages)')
    .all()
    .map(({ name }) => name);
  const changed = {
    number: 'number + n',
    seq: 'seq + n',
    tag: 'lower(hex(randomblob(8)))',
  };
  database.exec(`
    BEGIN;
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    INSERT INTO messages (${columns})
    SELECT ${columns.map((name) => changed[name] ?? name)}
    FROM numbers, (SELECT * FROM messages ORDER BY number DESC LIMIT 1);
    UPDATE state SET seq = seq + ${count}, number = number + ${count}, messages = messages + ${count},
      size = size + ${count} * (SELECT octets FROM messages ORDER BY number DESC LIMIT 1);
    COMMIT;`);
  database.close();
}

function openMailbox(storage, name) {
  const folder = join(storage, 'do', 'main-Mailbox');

  for (const file of readdirSync(folder)) {
    if (file.endsWith('.sqlite') && file !== 'metadata.sqlite') {
      const database = new DatabaseSync(join(folder, file));

      if (database.prepare('SELECT name FROM state').get().name === name) {
        return database;
      }

      database.close();
    }
  }

  throw new Error('there is no such mailbox in the storage');
}

/** From another sender each time: the same bytes in the same envelope would be kept once. */
function deliver(url, to, bytes) {
  const from = `${randomUUID()}@example.org`;
  const headers = { 'X-Envelope-From': from, 'X-Envelope-To': to };

  return get(`${url}edge/email`, { method: 'POST', headers, body: bytes });
}

async function json(url, body, token) {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };

  return JSON.parse(await get(url, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** The whole body; whatever is not a success would make every figure wrong. */
async function get(url, init) {
  const answer = await fetch(url, init);
  const body = Buffer.from(await answer.arrayBuffer());

  if (!answer.ok) {
    throw new Error(`${init.method ?? 'GET'} ${new URL(url).pathname}: ${answer.status} ${body}`);
  }

  return body;
}

export async function repeat(count, call) {
  for (let number = 0; number < count; number += 1) {
    await call();
  }
}
