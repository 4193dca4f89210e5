/* neko-transport.c - octets over a socket that is never waited for, in clear text or inside TLS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-transport.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "neko-tls-session.h"

/* What a client has for the whole handshake, however it deals it out. */
#define HANDSHAKE_SECONDS 10

/* What a client on this computer takes from our reply to its next command, and some more. */
#define LINGER_MICROSECONDS 30

G_STATIC_ASSERT (NEKO_TRANSPORT_WOULD_BLOCK == NEKO_TLS_WOULD_BLOCK);

/**
 * NekoTransport:
 *
 * GIO's streams would make a source, a task and an idle call of every read and write, which costs more
 * than the reply to most commands. Here a socket keeps one source for its whole life, and is read and
 * written at once where it is ready.
 */
struct _NekoTransport {
  GSocketConnection    *stream;
  NekoTlsSession       *tls;    /* (nullable): before and without TLS */
  GSource              *source;
  NekoTransportCallback callback;
  gpointer              user_data;
  unsigned              idle_seconds;
  gint64                deadline; /* monotonic; -1 for none */
};

typedef struct {
  GSource        source;
  NekoTransport *transport;
  gpointer       tag;
  GIOCondition   wanted;
} SocketSource;


/* All there are, of whichever server. */
static unsigned transports;


/* What left the socket already does not make it ready. */
static gboolean
has_input (SocketSource *self)
{
  return self->wanted == G_IO_IN && self->transport->tls != NULL &&
         neko_tls_session_has_input (self->transport->tls);
}


static gboolean
socket_source_prepare (GSource *source,
                       int     *timeout)
{
  *timeout = -1;

  return has_input ((SocketSource *) source);
}


static gboolean
socket_source_check (GSource *source)
{
  SocketSource *self = (SocketSource *) source;

  return has_input (self) ||
         (g_source_query_unix_fd (source, self->tag) & (self->wanted | G_IO_HUP | G_IO_ERR)) != 0;
}


/* Arming a source costs two system calls, so it is armed for the first deadline, and again only when
 * that one passed although there was something to do in the meantime.
 *
 * Returns: whether the deadline that holds now has passed */
static gboolean
is_late (NekoTransport *self,
         GSource       *source)
{
  gint64 armed = g_source_get_ready_time (source);

  if (armed < 0 || g_source_get_time (source) < armed)
    return FALSE;

  if (self->deadline >= 0 && g_source_get_time (source) >= self->deadline)
    return TRUE;

  g_source_set_ready_time (source, self->deadline);

  return FALSE;
}


static void
arm (NekoTransport *self,
     unsigned       seconds)
{
  gint64 armed = g_source_get_ready_time (self->source);

  self->deadline = -1;

  if (seconds == 0)
    return;

  self->deadline = g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;

  /* It may be armed for later, since a handshake has less time than what came before. */
  if (armed < 0 || armed > self->deadline)
    g_source_set_ready_time (self->source, self->deadline);
}


static gboolean
socket_source_dispatch (GSource    *source,
                        GSourceFunc function,
                        gpointer    user_data)
{
  SocketSource *self = (SocketSource *) source;
  NekoTransport *transport = user_data;

  if (is_late (transport, source))
    transport->callback (NEKO_TRANSPORT_LATE, transport->user_data);
  else if (socket_source_check (source))
    transport->callback (self->wanted != 0 ? NEKO_TRANSPORT_READY : NEKO_TRANSPORT_GONE,
                         transport->user_data);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs socket_source_functions = {
  .prepare = socket_source_prepare,
  .check = socket_source_check,
  .dispatch = socket_source_dispatch,
};


static int
get_descriptor (NekoTransport *self)
{
  return g_socket_get_fd (g_socket_connection_get_socket (self->stream));
}


static void
watch_socket (NekoTransport *self)
{
  GSource *source = g_source_new (&socket_source_functions, sizeof (SocketSource));

  g_source_set_static_name (source, "NekoTransport");
  g_source_set_callback (source, NULL, self, NULL);
  ((SocketSource *) source)->transport = self;
  ((SocketSource *) source)->tag = g_source_add_unix_fd (source, get_descriptor (self), 0);
  g_source_attach (source, g_main_context_get_thread_default ());
  self->source = source;
}


/**
 * neko_transport_new:
 * @idle_seconds: after which neko_transport_wait() is late, 0 for never
 * @callback: told of what happened; it may free the transport
 *
 * Returns: (transfer full): a transport in clear text that waits for nothing
 */
NekoTransport *
neko_transport_new (GSocketConnection    *stream,
                    unsigned              idle_seconds,
                    NekoTransportCallback callback,
                    gpointer              user_data)
{
  NekoTransport *self = g_new0 (NekoTransport, 1);

  self->stream = g_object_ref (stream);
  self->idle_seconds = idle_seconds;
  self->callback = callback;
  self->user_data = user_data;
  transports++;

  /* What is sent is as much as there is; the last piece of a long reply must not wait until the client
   * has confirmed the one before, which it does not hurry to do. */
  g_socket_set_option (g_socket_connection_get_socket (stream), IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  watch_socket (self);

  return self;
}


/**
 * neko_transport_free:
 *
 * Closes the connection, at once: what the socket has taken is still sent.
 */
void
neko_transport_free (NekoTransport *self)
{
  transports--;
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_clear_pointer (&self->tls, neko_tls_session_free);

  /* Closing a socket does not block; an asynchronous close would use a thread. */
  g_socket_close (g_socket_connection_get_socket (self->stream), NULL);
  g_object_unref (self->stream);
  g_free (self);
}


static gboolean
is_temporary (int code)
{
  return code == EAGAIN || code == EWOULDBLOCK || code == EINTR;
}


/**
 * neko_transport_read:
 *
 * Returns: how many octets came, 0 at the end, -1 where the connection broke, or
 *   %NEKO_TRANSPORT_WOULD_BLOCK
 */
gssize
neko_transport_read (NekoTransport *self,
                     void          *buffer,
                     size_t         size)
{
  gssize length;

  if (self->tls != NULL)
    return neko_tls_session_read (self->tls, buffer, size);

  length = recv (get_descriptor (self), buffer, size, 0);

  return length < 0 && is_temporary (errno) ? NEKO_TRANSPORT_WOULD_BLOCK : length;
}


/**
 * neko_transport_write:
 *
 * Inside TLS a call after %NEKO_TRANSPORT_WOULD_BLOCK has to begin with the same octets.
 *
 * Returns: how many octets were taken, -1 where the connection broke, or %NEKO_TRANSPORT_WOULD_BLOCK
 */
gssize
neko_transport_write (NekoTransport *self,
                      const void    *data,
                      size_t         length)
{
  gssize written;

  if (self->tls != NULL)
    return neko_tls_session_write (self->tls, data, length);

  written = send (get_descriptor (self), data, length, MSG_NOSIGNAL);

  return written < 0 && is_temporary (errno) ? NEKO_TRANSPORT_WOULD_BLOCK : written;
}


/**
 * neko_transport_peek:
 *
 * Returns: the next octet that comes in clear text, without taking it, or -1 where there is none
 */
int
neko_transport_peek (NekoTransport *self)
{
  guint8 octet;

  return recv (get_descriptor (self), &octet, 1, MSG_PEEK) == 1 ? octet : -1;
}


static void
want (NekoTransport *self,
      GIOCondition   condition)
{
  SocketSource *source = (SocketSource *) self->source;

  if (source->wanted == condition)
    return;

  source->wanted = condition;
  g_source_modify_unix_fd (self->source, source->tag, condition);
}


/**
 * neko_transport_linger:
 *
 * To be called after a reply, before neko_transport_wait(): gives the client a moment to say what it
 * wants next. A program that falls asleep has to be woken on another processor, and with one message
 * after the other that takes more time than all the rest. Nobody else waits meanwhile, or it is left.
 */
void
neko_transport_linger (NekoTransport *self)
{
  struct pollfd descriptor = { .fd = get_descriptor (self), .events = POLLIN };
  gint64 end = g_get_monotonic_time () + LINGER_MICROSECONDS;

  if (transports > 1)
    return;

  while (poll (&descriptor, 1, 0) == 0 && g_get_monotonic_time () < end)
    ;
}


/**
 * neko_transport_wait:
 * @condition: %G_IO_IN, %G_IO_OUT, or 0 to wait for nothing any more
 *
 * Has the callback called when @condition holds, or when the idle time passed before.
 */
void
neko_transport_wait (NekoTransport *self,
                     GIOCondition   condition)
{
  want (self, condition);
  arm (self, condition != 0 ? self->idle_seconds : 0);
}


/**
 * neko_transport_is_in_tls:
 *
 * Returns: whether TLS began, be it that hands are not shaken yet
 */
gboolean
neko_transport_is_in_tls (NekoTransport *self)
{
  return self->tls != NULL;
}


/**
 * neko_transport_start_tls:
 * @certificate: ours, with its key
 *
 * Begins TLS. Nothing may be read, written or waited for until neko_transport_shake_hands() is done.
 */
gboolean
neko_transport_start_tls (NekoTransport   *self,
                          GTlsCertificate *certificate,
                          GError         **error)
{
  g_return_val_if_fail (self->tls == NULL, FALSE);

  self->tls = neko_tls_session_new (get_descriptor (self), certificate, error);

  if (self->tls == NULL)
    return FALSE;

  arm (self, self->idle_seconds != 0 ? MIN (self->idle_seconds, HANDSHAKE_SECONDS)
                                     : HANDSHAKE_SECONDS);

  return TRUE;
}


/**
 * neko_transport_shake_hands:
 *
 * Goes on with the handshake. While it is not done the callback tells when to call this again.
 *
 * Returns: 0 once it is done, -1 with @error set where it failed, or %NEKO_TRANSPORT_WOULD_BLOCK
 */
int
neko_transport_shake_hands (NekoTransport *self,
                            GError       **error)
{
  int result = neko_tls_session_shake_hands (self->tls, error);

  if (result != NEKO_TLS_WOULD_BLOCK)
    return result;

  /* The deadline stays. */
  want (self, neko_tls_session_get_condition (self->tls));

  return NEKO_TRANSPORT_WOULD_BLOCK;
}


/**
 * neko_transport_end:
 *
 * Says that nothing more will be written, where TLS has a way to.
 *
 * Returns: 0 once it was said or cannot be, or %NEKO_TRANSPORT_WOULD_BLOCK
 */
int
neko_transport_end (NekoTransport *self)
{
  return self->tls != NULL ? neko_tls_session_end (self->tls) : 0;
}
