/* double-events.c - GET /v1/events: a WebSocket that says when the mailbox changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "double-events.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sockets.h"

/* RFC 6455, sections 1.3 and 5.2. */
#define HANDSHAKE_ID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define FINAL        0x80
#define MASKED       0x80
#define TEXT         0x1
#define CLOSE        0x8
#define PING         0x9
#define PONG         0xa

/* Clients have nothing to say that is longer. */
#define PAYLOAD_LIMIT 125

struct _DoubleEvents {
  GMutex  mutex;
  GArray *sockets;
};


DoubleEvents *
double_events_new (void)
{
  DoubleEvents *self = g_new0 (DoubleEvents, 1);

  g_mutex_init (&self->mutex);
  self->sockets = g_array_new (FALSE, FALSE, sizeof (int));

  return self;
}


static gboolean
accept_handshake (DoubleRequest *request)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  size_t key_length;
  const char *key = double_request_get_field (request, "Sec-WebSocket-Key", &key_length);
  g_autofree char *accept = NULL;
  g_autofree char *answer = NULL;
  uint8_t digest[20];
  gsize length = sizeof digest;

  if (key == NULL || !double_request_has_field (request, "Upgrade", "websocket")) {
    double_answer_json (request, "400 Bad Request",
                        "{\"error\":{\"code\":\"invalid_request\",\"message\":\"This is a WebSocket\","
                        "\"field\":\"Upgrade\"}}");
    return FALSE;
  }

  g_checksum_update (checksum, (const guchar *) key, key_length);
  g_checksum_update (checksum, (const guchar *) HANDSHAKE_ID, -1);
  g_checksum_get_digest (checksum, digest, &length);
  accept = g_base64_encode (digest, length);
  answer = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                            "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);

  return bench_try_send (request->socket, answer, strlen (answer));
}


/* The caller holds the mutex: frames do not mix, and a socket is not closed meanwhile. */
static gboolean
send_frame (int         socket,
            uint8_t     opcode,
            const void *payload,
            size_t      length)
{
  uint8_t frame[2 + PAYLOAD_LIMIT] = { FINAL | opcode, length };

  g_assert (length <= PAYLOAD_LIMIT);
  memcpy (frame + 2, payload, length);

  return bench_try_send (socket, frame, length + 2);
}


static gboolean
send_change (int      socket,
             uint64_t sequence)
{
  char event[PAYLOAD_LIMIT];
  int length = snprintf (event, sizeof event, "{\"type\":\"changed\",\"seq\":%" G_GUINT64_FORMAT "}",
                         sequence);

  return send_frame (socket, TEXT, event, length);
}


/* Octets that came together with the request are there already. */
static gboolean
receive (DoubleRequest *request,
         void          *buffer,
         size_t         length)
{
  size_t ready = MIN (length, request->end - request->begin);

  memcpy (buffer, request->data + request->begin, ready);
  request->begin += ready;

  return ready == length ||
         recv (request->socket, (char *) buffer + ready, length - ready,
               MSG_WAITALL) == (ssize_t) (length - ready);
}


static gboolean
answer_payload (DoubleEvents  *self,
                int            socket,
                uint8_t        opcode,
                const uint8_t *payload,
                size_t         length)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  switch (opcode) {
  case TEXT:
    return length != 4 || memcmp (payload, "ping", 4) != 0 || send_frame (socket, TEXT, "pong", 4);

  case PING:
    return send_frame (socket, PONG, payload, length);

  case CLOSE:
    send_frame (socket, CLOSE, payload, length);
    return FALSE;

  default:
    return TRUE;
  }
}


static gboolean
answer_frame (DoubleEvents  *self,
              DoubleRequest *request)
{
  uint8_t head[6];
  uint8_t payload[PAYLOAD_LIMIT];
  size_t length;

  if (!receive (request, head, sizeof head) || (head[1] & MASKED) == 0)
    return FALSE;

  length = head[1] & ~MASKED;

  if (length > PAYLOAD_LIMIT || !receive (request, payload, length))
    return FALSE;

  for (size_t i = 0; i < length; i++)
    payload[i] ^= head[2 + i % 4];

  return answer_payload (self, request->socket, head[0] & 0xf, payload, length);
}


static void
forget (DoubleEvents *self,
        int           socket)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->sockets->len; i++) {
    if (g_array_index (self->sockets, int, i) == socket) {
      g_array_remove_index_fast (self->sockets, i);
      return;
    }
  }
}


static gboolean
greet (DoubleEvents *self,
       int           socket,
       uint64_t      sequence)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_array_append_val (self->sockets, socket);

  return send_change (socket, sequence);
}


/* Returns when the client is gone. */
void
double_events_serve (DoubleEvents  *self,
                     DoubleRequest *request,
                     uint64_t       sequence)
{
  gboolean is_there = accept_handshake (request) && greet (self, request->socket, sequence);

  while (is_there)
    is_there = answer_frame (self, request);

  forget (self, request->socket);
}


void
double_events_tell (DoubleEvents *self,
                    uint64_t      sequence)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->sockets->len; i++)
    send_change (g_array_index (self->sockets, int, i), sequence);
}
