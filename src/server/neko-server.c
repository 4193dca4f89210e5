/* neko-server.c - a mail server: a port, its connections and their limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-server.h"

#include <string.h>

#include "neko-pop3-connection.h"
#include "neko-smtp-connection.h"
#include "neko-throttle.h"

typedef struct {
  const char *name;
  const char *refusal;     /* for a connection over the limits */
  unsigned    idle_seconds;
  GType (*get_type)(void);
} Protocol;

/* RFC 1939 section 3 wants 10 minutes at least; RFC 5321 section 4.5.3.2.7 wants 5. */
static const Protocol pop3 = {
  .name = "POP3",
  .refusal = "-ERR [SYS/TEMP] too many connections, try again later\r\n",
  .idle_seconds = 10 * 60,
  .get_type = neko_pop3_connection_get_type,
};

static const Protocol smtp = {
  .name = "SMTP",
  .refusal = "421 4.7.0 too many connections, try again later\r\n",
  .idle_seconds = 5 * 60,
  .get_type = neko_smtp_connection_get_type,
};

struct _NekoServer {
  GObject            parent_instance;

  const Protocol    *protocol;
  NekoListener      *listener;
  NekoAuthenticator *authenticator; /* not owned: it is what owns servers */
  NekoThrottle      *throttle;
  GPtrArray         *connections;
  unsigned           idle_seconds;
};

G_DEFINE_FINAL_TYPE (NekoServer, neko_server, G_TYPE_OBJECT)


static void
connection_closed_cb (NekoConnection *connection,
                      NekoServer     *self)
{
  g_ptr_array_remove_fast (self->connections, connection);
}


static unsigned
count_strangers (NekoServer *self,
                 const char *peer)
{
  unsigned count = 0;

  for (guint i = 0; i < self->connections->len; i++) {
    NekoConnection *connection = g_ptr_array_index (self->connections, i);

    if (!neko_connection_is_authenticated (connection) &&
        g_str_equal (neko_connection_get_peer (connection), peer))
      count++;
  }

  return count;
}


/* Says no.  The socket is fresh, so it takes the line at once. */
static void
refuse (NekoServer        *self,
        GSocketConnection *stream)
{
  GSocket *socket = g_socket_connection_get_socket (stream);

  g_socket_send_with_blocking (socket, self->protocol->refusal, strlen (self->protocol->refusal),
                               FALSE, NULL, NULL);
  g_socket_close (socket, NULL);
}


static char *
dup_peer (GSocketConnection *stream)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (stream, NULL);

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("unknown");

  return g_inet_address_to_string (g_inet_socket_address_get_address (
                                     G_INET_SOCKET_ADDRESS (address)));
}


static void
incoming_cb (NekoListener      *listener,
             GSocketConnection *stream,
             NekoServer        *self)
{
  g_autofree char *peer = dup_peer (stream);
  NekoConnection *connection;

  if (self->connections->len >= NEKO_SERVER_CONNECTION_LIMIT ||
      count_strangers (self, peer) >= NEKO_SERVER_PEER_LIMIT) {
    refuse (self, stream);
    return;
  }

  connection = g_object_new (self->protocol->get_type (), NULL);
  g_ptr_array_add (self->connections, connection);
  g_signal_connect_object (connection, "closed", G_CALLBACK (connection_closed_cb), self, 0);
  neko_connection_start (connection, stream, peer, self->authenticator, self->throttle,
                         self->idle_seconds, NEKO_SECURITY_CLEAR, NULL);
}


void
neko_server_start (NekoServer *self)
{
  g_return_if_fail (NEKO_IS_SERVER (self));

  neko_listener_start (self->listener);
}


/**
 * neko_server_stop:
 *
 * Frees the port and closes all connections, with a goodbye where the protocol has one. What a client
 * has not had a reply for stays its own to do again.
 */
void
neko_server_stop (NekoServer *self)
{
  g_return_if_fail (NEKO_IS_SERVER (self));

  neko_listener_stop (self->listener);

  while (self->connections->len > 0) {
    g_autoptr (NekoConnection) connection = g_object_ref (g_ptr_array_index (self->connections, 0));

    neko_connection_shut_down (connection);
  }
}


const char *
neko_server_get_protocol (NekoServer *self)
{
  g_return_val_if_fail (NEKO_IS_SERVER (self), NULL);

  return self->protocol->name;
}


NekoListener *
neko_server_get_listener (NekoServer *self)
{
  g_return_val_if_fail (NEKO_IS_SERVER (self), NULL);

  return self->listener;
}


size_t
neko_server_get_connections (NekoServer *self)
{
  g_return_val_if_fail (NEKO_IS_SERVER (self), 0);

  return self->connections->len;
}


/**
 * neko_server_set_idle_time:
 * @seconds: after which a silent client is let go, 0 for never; for connections to come
 */
void
neko_server_set_idle_time (NekoServer *self,
                           unsigned    seconds)
{
  g_return_if_fail (NEKO_IS_SERVER (self));

  self->idle_seconds = seconds;
}


static void
neko_server_dispose (GObject *object)
{
  NekoServer *self = NEKO_SERVER (object);

  if (self->listener != NULL)
    neko_server_stop (self);

  g_clear_object (&self->listener);
  self->authenticator = NULL;

  G_OBJECT_CLASS (neko_server_parent_class)->dispose (object);
}


static void
neko_server_finalize (GObject *object)
{
  NekoServer *self = NEKO_SERVER (object);

  g_ptr_array_unref (self->connections);
  neko_throttle_free (self->throttle);

  G_OBJECT_CLASS (neko_server_parent_class)->finalize (object);
}


static void
neko_server_class_init (NekoServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_server_finalize;
}


static void
neko_server_init (NekoServer *self)
{
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->throttle = neko_throttle_new ();
}


static NekoServer *
new_server (const Protocol    *protocol,
            guint16            port,
            NekoAuthenticator *authenticator)
{
  NekoServer *self = g_object_new (NEKO_TYPE_SERVER, NULL);

  self->protocol = protocol;
  self->idle_seconds = protocol->idle_seconds;
  self->authenticator = authenticator;
  self->listener = neko_listener_new (port);
  g_signal_connect_object (self->listener, "incoming", G_CALLBACK (incoming_cb), self, 0);

  return self;
}


/**
 * neko_server_new_pop3:
 * @port: on the loopback interface, 0 for any that is free
 * @authenticator: who may log in; must outlive the server
 *
 * Returns: (transfer full): a POP3 server that is not started
 */
NekoServer *
neko_server_new_pop3 (guint16            port,
                      NekoAuthenticator *authenticator)
{
  return new_server (&pop3, port, authenticator);
}


/**
 * neko_server_new_smtp:
 * @port: on the loopback interface, 0 for any that is free
 * @authenticator: who may log in; must outlive the server
 *
 * Returns: (transfer full): a submission server that is not started
 */
NekoServer *
neko_server_new_smtp (guint16            port,
                      NekoAuthenticator *authenticator)
{
  return new_server (&smtp, port, authenticator);
}
