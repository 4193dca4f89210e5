// A small HTTP server on the loopback interface, for the doubles.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly json?: unknown;
}

export async function listen(
  answer: (request: IncomingMessage, body: string) => Promise<Answer>,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const { status, json } = await answer(request, await text(request));
    response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end(json === undefined ? undefined : JSON.stringify(json));
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
