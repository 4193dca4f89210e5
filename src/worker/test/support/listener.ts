// A client of `GET /v1/events`.

import { request, type User } from './client';

export interface Listener {
  readonly socket: WebSocket;
  readonly next: () => Promise<unknown>;
  readonly closed: Promise<number>;
}

export async function listen(user: User): Promise<Listener> {
  const response = await request('/v1/events', {
    token: user.token,
    headers: { Upgrade: 'websocket' },
  });
  const socket = response.webSocket;
  const messages: unknown[] = [];
  let wake = () => {};

  if (socket === null) {
    throw new Error(`no WebSocket: ${response.status}`);
  }

  socket.addEventListener('message', ({ data }) => {
    messages.push(data === 'pong' ? data : JSON.parse(String(data)));
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', ({ code }) => resolve(code));
  });
  socket.accept();

  const next = async () => {
    while (messages.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return messages.shift();
  };

  return { socket, next, closed };
}
