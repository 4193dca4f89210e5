// The least that a Worker can do with mail: raw bytes into rows and out again, behind the same edge and runner.
//
// No header, digest, change log, quota, account or token: what the real Worker costs above this is its own doing.

import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';

const CHUNK_SIZE = 1024 * 1024;
/** So that a line of the listing is as long as the real one. */
const REST = '"received":1795592373480,"flags":[]';

export class Store extends DurableObject {
  constructor(context, env) {
    super(context, env);
    this.sql = context.storage.sql;
    this.sql.exec(`
      CREATE TABLE IF NOT EXISTS messages (number INTEGER PRIMARY KEY, octets INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS chunks (position INTEGER PRIMARY KEY, data BLOB NOT NULL);`);
    this.last = Number(this.sql.exec('SELECT max(number) AS last FROM messages').one().last);
  }

  async deliver(body) {
    this.last += 1;
    const number = this.last;
    const buffer = new Uint8Array(CHUNK_SIZE);
    let filled = 0;
    let octets = 0;

    for await (const part of body) {
      for (let offset = 0; offset < part.length; ) {
        const piece = part.subarray(offset, offset + CHUNK_SIZE - filled);
        buffer.set(piece, filled);
        filled += piece.length;
        offset += piece.length;

        if (filled === CHUNK_SIZE) {
          this.#write(number, octets, buffer);
          octets += filled;
          filled = 0;
        }
      }
    }

    if (filled > 0) {
      this.#write(number, octets, buffer.subarray(0, filled));
    }

    this.sql.exec('INSERT INTO messages VALUES (?, ?)', number, octets + filled);

    return number;
  }

  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const number = Number(searchParams.get('number'));

    switch (pathname) {
      case '/list':
        return new Response(this.#list());
      case '/read':
        return new Response(this.#stream(number, 1));
      case '/batch':
        return new Response(this.#stream(number, 1000));
      case '/submit':
        return this.#submit(request);
      case '/fill':
        return this.#fill(Number(searchParams.get('count')));
      default:
        return new Response('nothing');
    }
  }

  #write(number, offset, data) {
    const position = number * 4096 + offset / CHUNK_SIZE;
    this.sql.exec('INSERT INTO chunks VALUES (?, ?)', position, data);
  }

  #list() {
    let lines = '';

    for (const row of this.sql.exec('SELECT number, octets FROM messages ORDER BY number')) {
      lines += `{"id":"${row.number}-0123456789abcdef","seq":${row.number},"octets":${row.octets},${REST}}\n`;
    }

    return lines;
  }

  #stream(number, count) {
    const rows = this.sql.exec(
      'SELECT data FROM chunks WHERE position BETWEEN ? AND ? ORDER BY position',
      number * 4096,
      (number + count) * 4096 - 1,
    );

    return new ReadableStream({
      type: 'bytes',
      pull(controller) {
        for (let batched = 0; batched < 256 * 1024; ) {
          const { done, value } = rows.next();

          if (done) {
            return controller.close();
          }

          batched += value.data.byteLength;
          controller.enqueue(new Uint8Array(value.data));
        }
      },
    });
  }

  /** Kept first, then handed to the runner, which writes the same two files as for the real Worker. */
  async #submit(request) {
    const number = await this.deliver(request.body);

    return this.env.OUTBOUND.fetch('http://outbound/', {
      method: 'POST',
      headers: { 'X-Envelope-From': 'bench@neko.test', 'X-Envelope-To': 'a@outside.example' },
      body: this.#stream(number, 1),
    });
  }

  #fill(count) {
    this.sql.exec(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       INSERT INTO messages SELECT ? + n, 8080 FROM numbers`,
      count,
      this.last,
    );
    this.last += count;

    return new Response('filled');
  }
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    return this.#store(new URL(request.url).searchParams.get('store') ?? 'mail').fetch(request);
  }

  async email(message) {
    await this.#store('mail').deliver(message.raw);
  }

  #store(name) {
    return this.env.STORE.getByName(name);
  }
}
