/* neko-transport.c - octets over a socket that is never waited for, in clear text or inside TLS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-transport.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/* Seconds that a client has for each step of a TLS handshake, and for hearing that TLS ends. */
#define TLS_SECONDS 10

/**
 * NekoTransport:
 *
 * GIO's streams would make a source, a task and an idle call of every read and write, which costs more
 * than the reply to most commands. Here a socket keeps one source for its whole life, and is read and
 * written at once where it is ready. Inside TLS the streams of GIO are polled.
 */
struct _NekoTransport {
  GSocketConnection    *stream;
  GTlsConnection       *tls;     /* (nullable): before and without TLS */
  GSource              *source;  /* (nullable): what is waited for; in clear text always there */
  NekoTransportCallback callback;
  gpointer              user_data;
  unsigned              idle_seconds;
  gint64                deadline; /* monotonic; -1 for none */
};

typedef struct {
  GSource      source;
  gpointer     tag;
  GIOCondition wanted;
} SocketSource;


static gboolean
socket_source_check (GSource *source)
{
  SocketSource *self = (SocketSource *) source;

  return (g_source_query_unix_fd (source, self->tag) & (self->wanted | G_IO_HUP | G_IO_ERR)) != 0;
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
     gboolean       is_waiting)
{
  self->deadline = -1;

  if (!is_waiting || self->idle_seconds == 0)
    return;

  self->deadline = g_get_monotonic_time () + self->idle_seconds * G_TIME_SPAN_SECOND;

  if (g_source_get_ready_time (self->source) < 0)
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
  .check = socket_source_check,
  .dispatch = socket_source_dispatch,
};


static void
destroy_source (NekoTransport *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);

  g_clear_pointer (&self->source, g_source_unref);
}


static void
attach_source (NekoTransport *self,
               GSource       *source)
{
  self->source = source;
  g_source_attach (source, g_main_context_get_thread_default ());
}


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
  ((SocketSource *) source)->tag = g_source_add_unix_fd (source, get_descriptor (self), 0);
  attach_source (self, source);
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

  /* What is sent is as much as there is; the last piece of a long reply must not wait until the client
   * has confirmed the one before, which it does not hurry to do. */
  g_socket_set_option (g_socket_connection_get_socket (stream), IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  self->user_data = user_data;
  watch_socket (self);

  return self;
}


static void
tls_closed_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  /* Whether the client heard it or not: the streams end here. */
  g_io_stream_close_finish (G_IO_STREAM (source), result, NULL);
}


/**
 * neko_transport_free:
 *
 * Closes the connection.
 */
void
neko_transport_free (NekoTransport *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->stream);

  destroy_source (self);

  /* Closing a socket does not block; an asynchronous close would use a thread. The end of TLS has to be
   * said, or the client cannot know that nobody cut the connection. */
  if (self->tls == NULL) {
    g_socket_close (socket, NULL);
  } else {
    g_socket_set_timeout (socket, TLS_SECONDS);
    g_io_stream_close_async (G_IO_STREAM (self->tls), G_PRIORITY_DEFAULT, NULL, tls_closed_cb, NULL);
  }

  g_clear_object (&self->tls);
  g_object_unref (self->stream);
  g_free (self);
}


static gboolean
is_temporary (int code)
{
  return code == EAGAIN || code == EWOULDBLOCK || code == EINTR;
}


/* What a call on a stream of TLS came to. */
static gssize
get_outcome (gssize        length,
             const GError *error)
{
  if (length >= 0)
    return length;

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? NEKO_TRANSPORT_WOULD_BLOCK : -1;
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
  g_autoptr (GError) error = NULL;
  gssize length;

  if (self->tls != NULL) {
    GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (self->tls));

    length = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer,
                                                       size, NULL, &error);
    return get_outcome (length, error);
  }

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
  g_autoptr (GError) error = NULL;
  gssize written;

  if (self->tls != NULL) {
    GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (self->tls));

    written = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), data,
                                                          length, NULL, &error);
    return get_outcome (written, error);
  }

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


static gboolean
tls_ready_cb (GObject *stream,
              gpointer user_data)
{
  NekoTransport *self = user_data;
  NekoTransportEvent event = is_late (self, self->source) ? NEKO_TRANSPORT_LATE
                                                          : NEKO_TRANSPORT_READY;

  self->callback (event, self->user_data);

  return G_SOURCE_CONTINUE;
}


static void
wait_for_tls (NekoTransport *self,
              GIOCondition   condition)
{
  GIOStream *stream = G_IO_STREAM (self->tls);
  GSource *source;

  destroy_source (self);

  if (condition == 0)
    return;

  if (condition == G_IO_IN)
    source = g_pollable_input_stream_create_source (
      G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream)), NULL);
  else
    source = g_pollable_output_stream_create_source (
      G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream)), NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (tls_ready_cb), self, NULL);
  attach_source (self, source);
  arm (self, TRUE);
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
  SocketSource *source;

  if (self->tls != NULL) {
    wait_for_tls (self, condition);
    return;
  }

  source = (SocketSource *) self->source;

  if (source->wanted != condition) {
    source->wanted = condition;
    g_source_modify_unix_fd (self->source, source->tag, condition);
  }

  arm (self, condition != 0);
}


static void
handshake_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GSocketConnection *stream = g_task_get_source_object (task);
  GError *error = NULL;

  /* Else whatever waits for the socket would end by this time. */
  g_socket_set_timeout (g_socket_connection_get_socket (stream), 0);

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}


/**
 * neko_transport_start_tls_async:
 * @certificate: ours, with its key
 *
 * Shakes hands. Nothing may be read, written or waited for until it is done; the transport may be
 * freed.
 */
void
neko_transport_start_tls_async (NekoTransport      *self,
                                GTlsCertificate    *certificate,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self->stream, cancellable, callback, user_data);
  g_autoptr (GIOStream) tls = NULL;
  GError *error = NULL;

  g_return_if_fail (self->tls == NULL);

  g_task_set_source_tag (task, neko_transport_start_tls_async);
  tls = g_tls_server_connection_new (G_IO_STREAM (self->stream), certificate, &error);

  if (tls == NULL) {
    g_task_return_error (task, error);
    return;
  }

  destroy_source (self);
  g_socket_set_timeout (g_socket_connection_get_socket (self->stream), TLS_SECONDS);

  /* RFC 8314 asks for TLS until its end is said; mail programs often just hang up after QUIT. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  self->tls = G_TLS_CONNECTION (g_steal_pointer (&tls));
  g_tls_connection_handshake_async (self->tls, G_PRIORITY_DEFAULT, cancellable, handshake_cb,
                                    g_steal_pointer (&task));
}


/**
 * neko_transport_start_tls_finish:
 *
 * Returns: whether the connection is inside TLS now
 */
gboolean
neko_transport_start_tls_finish (NekoTransport *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
