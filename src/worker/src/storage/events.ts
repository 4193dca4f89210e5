// The live WebSockets of one mailbox. They hibernate: an idle one costs nothing, nor does its keep-alive.

import { MAX_WEBSOCKETS } from '../limits';

export interface NewMessage {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
}

/** Of the range that RFC 6455 section 7.4.2 leaves to applications. */
const TOKEN_REVOKED = 4001;
const TOO_MANY = 4002;
const ACCOUNT_CLOSED = 4003;

export class EventHub {
  constructor(readonly context: DurableObjectState) {
    context.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** The first event tells where the mailbox is now, so nothing is missed between a listing and this. */
  accept(tokenId: string, seq: number): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const others = this.context.getWebSockets();

    // A client that lost its network leaves a socket behind; the oldest makes room.
    for (const socket of others.slice(0, Math.max(others.length - MAX_WEBSOCKETS + 1, 0))) {
      close(socket, TOO_MANY, 'too many connections');
    }

    this.context.acceptWebSocket(server, [tokenId]);
    send(server, { type: 'changed', seq });

    return new Response(null, { status: 101, webSocket: client });
  }

  changed(seq: number, message?: NewMessage): void {
    for (const socket of this.context.getWebSockets()) {
      send(socket, { type: 'changed', seq, ...message });
    }
  }

  revoke(tokenId: string): void {
    for (const socket of this.context.getWebSockets(tokenId)) {
      close(socket, TOKEN_REVOKED, 'token revoked');
    }
  }

  /** The account is disabled or gone. */
  closeAll(): void {
    for (const socket of this.context.getWebSockets()) {
      close(socket, ACCOUNT_CLOSED, 'account closed');
    }
  }
}

/** A socket may have gone a moment ago; that is its client's business and must not fail a delivery. */
function send(socket: WebSocket, event: unknown): void {
  try {
    socket.send(JSON.stringify(event));
  } catch {
    close(socket, TOO_MANY, 'gone');
  }
}

function close(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // Closed already.
  }
}
