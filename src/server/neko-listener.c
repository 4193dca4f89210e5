/* neko-listener.c - a port on the loopback interface
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-listener.h"

/* A port that is taken is tried again this often. */
#define RETRY_SECONDS 5

/**
 * NekoListener:
 *
 * Listens on 127.0.0.1 and ::1, never on another address. The port is the user's choice, written into
 * the settings of mail programs: where it is taken the listener says so, and takes it when it becomes
 * free, but never moves to another one.
 */
struct _NekoListener {
  GObject         parent_instance;

  guint16         port;
  GSocketService *service; /* (nullable): while listening */
  char           *problem; /* (nullable): why it does not listen */
  gboolean        is_port_taken;
  unsigned        retry;
  gboolean        is_started;
};

G_DEFINE_FINAL_TYPE (NekoListener, neko_listener, G_TYPE_OBJECT)

enum {
  INCOMING,
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             NekoListener      *self)
{
  g_signal_emit (self, signals[INCOMING], 0, connection);

  return TRUE;
}


/* Binds one address.  A port of 0 becomes the one that the system gave, for the other address. */
static gboolean
add_address (GSocketListener *listener,
             GSocketFamily    family,
             guint16         *port,
             GError         **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, *port);
  g_autoptr (GSocketAddress) effective = NULL;

  if (!g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &effective, error))
    return FALSE;

  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));

  return TRUE;
}


static gboolean
bind_loopback (GSocketListener *listener,
               guint16         *port,
               GError         **error)
{
  g_autoptr (GError) ipv6_error = NULL;

  if (!add_address (listener, G_SOCKET_FAMILY_IPV4, port, error))
    return FALSE;

  if (add_address (listener, G_SOCKET_FAMILY_IPV6, port, &ipv6_error))
    return TRUE;

  /* Somebody else on ::1 would get the log-ins of a mail program that tries that address first.  A
   * system without IPv6 has no such somebody. */
  if (!g_error_matches (ipv6_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&ipv6_error));

  return FALSE;
}


static void
set_problem (NekoListener *self,
             const GError *error)
{
  g_free (self->problem);
  self->is_port_taken = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);

  if (error == NULL)
    self->problem = NULL;
  else if (self->is_port_taken)
    self->problem = g_strdup_printf ("Port %u is used by another program", self->port);
  else
    self->problem = g_strdup_printf ("Port %u cannot be used: %s", self->port, error->message);

  g_signal_emit (self, signals[CHANGED], 0);
}


static gboolean try_listening (NekoListener *self);


static gboolean
retry_cb (gpointer user_data)
{
  NekoListener *self = user_data;

  if (!try_listening (self))
    return G_SOURCE_CONTINUE;

  self->retry = 0;

  return G_SOURCE_REMOVE;
}


static gboolean
try_listening (NekoListener *self)
{
  g_autoptr (GSocketService) service = g_object_new (G_TYPE_SOCKET_SERVICE, "active", FALSE, NULL);
  g_autoptr (GError) error = NULL;
  guint16 port = self->port;

  if (!bind_loopback (G_SOCKET_LISTENER (service), &port, &error)) {
    g_socket_listener_close (G_SOCKET_LISTENER (service));

    if (self->problem == NULL)
      set_problem (self, error);

    return FALSE;
  }

  self->port = port;
  self->service = g_steal_pointer (&service);
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self, 0);
  g_socket_service_start (self->service);
  set_problem (self, NULL);

  return TRUE;
}


/**
 * neko_listener_start:
 *
 * Begins to listen. Where the port is taken, "changed" is emitted with a problem, and again when it
 * became free.
 */
void
neko_listener_start (NekoListener *self)
{
  g_return_if_fail (NEKO_IS_LISTENER (self));

  if (self->is_started)
    return;

  self->is_started = TRUE;

  if (!try_listening (self))
    self->retry = g_timeout_add_seconds (RETRY_SECONDS, retry_cb, self);
}


/**
 * neko_listener_stop:
 *
 * Frees the port. Connections that were accepted go on.
 */
void
neko_listener_stop (NekoListener *self)
{
  g_return_if_fail (NEKO_IS_LISTENER (self));

  self->is_started = FALSE;
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_pointer (&self->problem, g_free);

  if (self->service == NULL)
    return;

  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
}


/**
 * neko_listener_get_port:
 *
 * Returns: the port; the one that the system gave where 0 was asked for, once it listens
 */
guint16
neko_listener_get_port (NekoListener *self)
{
  g_return_val_if_fail (NEKO_IS_LISTENER (self), 0);

  return self->port;
}


gboolean
neko_listener_is_listening (NekoListener *self)
{
  g_return_val_if_fail (NEKO_IS_LISTENER (self), FALSE);

  return self->service != NULL;
}


/**
 * neko_listener_get_problem:
 *
 * Returns: (nullable): why it does not listen, a sentence for a log
 */
const char *
neko_listener_get_problem (NekoListener *self)
{
  g_return_val_if_fail (NEKO_IS_LISTENER (self), NULL);

  return self->problem;
}


gboolean
neko_listener_is_port_taken (NekoListener *self)
{
  g_return_val_if_fail (NEKO_IS_LISTENER (self), FALSE);

  return self->problem != NULL && self->is_port_taken;
}


static void
neko_listener_dispose (GObject *object)
{
  neko_listener_stop (NEKO_LISTENER (object));

  G_OBJECT_CLASS (neko_listener_parent_class)->dispose (object);
}


static void
neko_listener_class_init (NekoListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_listener_dispose;

  /**
   * NekoListener::incoming:
   * @connection: a #GSocketConnection
   */
  signals[INCOMING] = g_signal_new ("incoming", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_SOCKET_CONNECTION);

  /**
   * NekoListener::changed:
   *
   * It began to listen, or cannot.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_listener_init (NekoListener *self)
{
}


/**
 * neko_listener_new:
 * @port: which port, or 0 for any that is free
 *
 * Returns: (transfer full): a listener that does not listen yet
 */
NekoListener *
neko_listener_new (guint16 port)
{
  NekoListener *self = g_object_new (NEKO_TYPE_LISTENER, NULL);

  self->port = port;

  return self;
}
