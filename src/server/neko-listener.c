/* neko-listener.c - a port on one address of this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* What cannot be listened on is tried again this often. */
#define RETRY_SECONDS 5

/* As many mail programs may come at the same moment before one of them has to wait. */
#define BACKLOG 128

/**
 * NekoListener:
 *
 * Listens on 127.0.0.1 and ::1, or on one other address, which the user chose. The port is the user's
 * choice too, written into the settings of mail programs: where it is taken the listener says so, and
 * takes it when it becomes free, but never moves to another one.
 */
struct _NekoListener {
  GObject           parent_instance;

  char             *protocol;
  char             *address;   /* (nullable): the loopback interface */
  char             *obstacle;  /* (nullable): why it must not listen */
  guint16           asked_port;
  guint16           port;
  GSocketService   *service;   /* (nullable): while listening */
  NekoListenerState state;
  char             *problem;   /* (nullable): why it does not listen */
  unsigned          retry;
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


/* By hand, because GLib does not tell an address that is absent from other failures. */
static int
bind_socket (GSocket      *socket,
             GInetAddress *address,
             guint16       port)
{
  g_autoptr (GSocketAddress) full = g_inet_socket_address_new (address, port);
  struct sockaddr_storage native = { 0 };
  gssize size = g_socket_address_get_native_size (full);

  g_socket_address_to_native (full, &native, sizeof native, NULL);
  g_socket_set_option (socket, SOL_SOCKET, SO_REUSEADDR, 1, NULL);

  /* IPv4 has a socket of its own. */
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 1, NULL);

  return bind (g_socket_get_fd (socket), (struct sockaddr *) &native, size) == 0 ? 0 : errno;
}


/* Listens on one address.  A port of 0 becomes the one that the system gave, for the next address.
 * Returns 0 or an errno. */
static int
add_address (GSocketListener *listener,
             GInetAddress    *address,
             guint16         *port)
{
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) effective = NULL;
  int reason = socket != NULL ? bind_socket (socket, address, *port) : EAFNOSUPPORT;

  if (reason != 0)
    return reason;

  g_socket_set_listen_backlog (socket, BACKLOG);

  /* Two sockets can be bound to one port, but only one can listen. */
  if (!g_socket_listen (socket, NULL))
    return EADDRINUSE;

  effective = g_socket_get_local_address (socket, NULL);

  if (effective == NULL || !g_socket_listener_add_socket (listener, socket, NULL, NULL))
    return EIO;

  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));

  return 0;
}


/* Listens on an address of both families, as far as the system has them.  If somebody else had ::1, a
 * mail program that tries that address first would log in there; a system without IPv6 has no such
 * somebody. */
static int
add_addresses (GSocketListener *listener,
               GInetAddress    *ipv4,
               GInetAddress    *ipv6,
               guint16         *port)
{
  int reason = add_address (listener, ipv4, port);

  if (reason != 0)
    return reason;

  reason = add_address (listener, ipv6, port);

  return reason == EADDRINUSE ? reason : 0;
}


/* 0.0.0.0 takes the place of 127.0.0.1, and :: that of ::1: the system does not give one port to an
 * address and to all of them. */
static int
listen_on (GSocketListener *listener,
           const char      *text,
           guint16         *port)
{
  g_autoptr (GInetAddress) address = text != NULL ? g_inet_address_new_from_string (text) : NULL;
  g_autoptr (GInetAddress) any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GInetAddress) ipv4 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GInetAddress) ipv6 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);

  if (address == NULL)
    return text == NULL ? add_addresses (listener, ipv4, ipv6, port) : EINVAL;

  if (!g_inet_address_get_is_any (address))
    return add_address (listener, address, port);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return add_addresses (listener, any, ipv6, port);

  return add_addresses (listener, any, address, port);
}


static char *
describe (NekoListener     *self,
          NekoListenerState state,
          int               reason)
{
  switch (state) {
  case NEKO_LISTENER_PORT_TAKEN:
    return g_strdup_printf ("Port %u is used by another program; stop that program, or choose "
                            "another port", self->port);

  case NEKO_LISTENER_ADDRESS_ABSENT:
    return g_strdup_printf ("This computer does not have the address %s now", self->address);

  case NEKO_LISTENER_FAILED:
    return g_strdup_printf ("Port %u%s%s cannot be used: %s", self->port,
                            self->address != NULL ? " of " : "",
                            self->address != NULL ? self->address : "", g_strerror (reason));

  case NEKO_LISTENER_BLOCKED:
    return g_strdup (self->obstacle);

  case NEKO_LISTENER_STOPPED:
  case NEKO_LISTENER_LISTENING:
  default:
    return NULL;
  }
}


static void
enter_state (NekoListener     *self,
             NekoListenerState state,
             int               reason)
{
  g_autofree char *problem = describe (self, state, reason);

  if (self->state == state && g_strcmp0 (self->problem, problem) == 0)
    return;

  self->state = state;
  g_free (self->problem);
  self->problem = g_steal_pointer (&problem);
  g_signal_emit (self, signals[CHANGED], 0);
}


static NekoListenerState
get_state_for (int reason)
{
  switch (reason) {
  case 0:
    return NEKO_LISTENER_LISTENING;

  case EADDRINUSE:
    return NEKO_LISTENER_PORT_TAKEN;

  case EADDRNOTAVAIL:
    return NEKO_LISTENER_ADDRESS_ABSENT;

  default:
    return NEKO_LISTENER_FAILED;
  }
}


static gboolean
try_listening (NekoListener *self)
{
  g_autoptr (GSocketService) service = g_object_new (G_TYPE_SOCKET_SERVICE, "active", FALSE, NULL);
  guint16 port = self->asked_port;
  int reason = listen_on (G_SOCKET_LISTENER (service), self->address, &port);

  if (reason != 0) {
    g_socket_listener_close (G_SOCKET_LISTENER (service));
    enter_state (self, get_state_for (reason), reason);
    return FALSE;
  }

  self->port = port;
  self->service = g_steal_pointer (&service);
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self, 0);
  g_socket_service_start (self->service);
  enter_state (self, NEKO_LISTENER_LISTENING, 0);

  return TRUE;
}


static gboolean
retry_cb (gpointer user_data)
{
  NekoListener *self = user_data;

  if (!try_listening (self))
    return G_SOURCE_CONTINUE;

  self->retry = 0;

  return G_SOURCE_REMOVE;
}


/**
 * neko_listener_start:
 *
 * Begins to listen. Where that is not possible, "changed" is emitted with a problem, and again when it
 * became possible.
 */
void
neko_listener_start (NekoListener *self)
{
  g_return_if_fail (NEKO_IS_LISTENER (self));

  if (self->state != NEKO_LISTENER_STOPPED)
    return;

  if (self->obstacle != NULL)
    enter_state (self, NEKO_LISTENER_BLOCKED, 0);
  else if (!try_listening (self))
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

  g_clear_handle_id (&self->retry, g_source_remove);

  if (self->service != NULL) {
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    g_clear_object (&self->service);
  }

  enter_state (self, NEKO_LISTENER_STOPPED, 0);
}


/**
 * neko_listener_is_same:
 *
 * Returns: whether both were made for the same
 */
gboolean
neko_listener_is_same (NekoListener *self,
                       NekoListener *other)
{
  g_return_val_if_fail (NEKO_IS_LISTENER (self) && NEKO_IS_LISTENER (other), FALSE);

  return self->asked_port == other->asked_port &&
         g_str_equal (self->protocol, other->protocol) &&
         g_strcmp0 (self->address, other->address) == 0 &&
         g_strcmp0 (self->obstacle, other->obstacle) == 0;
}


const char *
neko_listener_get_protocol (NekoListener *self)
{
  g_return_val_if_fail (NEKO_IS_LISTENER (self), NULL);

  return self->protocol;
}


/**
 * neko_listener_get_address:
 *
 * Returns: (nullable): the address, %NULL for the loopback interface
 */
const char *
neko_listener_get_address (NekoListener *self)
{
  g_return_val_if_fail (NEKO_IS_LISTENER (self), NULL);

  return self->address;
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


NekoListenerState
neko_listener_get_state (NekoListener *self)
{
  g_return_val_if_fail (NEKO_IS_LISTENER (self), NEKO_LISTENER_STOPPED);

  return self->state;
}


gboolean
neko_listener_is_listening (NekoListener *self)
{
  return neko_listener_get_state (self) == NEKO_LISTENER_LISTENING;
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


static void
neko_listener_dispose (GObject *object)
{
  neko_listener_stop (NEKO_LISTENER (object));

  G_OBJECT_CLASS (neko_listener_parent_class)->dispose (object);
}


static void
neko_listener_finalize (GObject *object)
{
  NekoListener *self = NEKO_LISTENER (object);

  g_free (self->protocol);
  g_free (self->address);
  g_free (self->obstacle);
  g_free (self->problem);

  G_OBJECT_CLASS (neko_listener_parent_class)->finalize (object);
}


static void
neko_listener_class_init (NekoListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_listener_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_listener_finalize;

  /**
   * NekoListener::incoming:
   * @connection: a #GSocketConnection
   */
  signals[INCOMING] = g_signal_new ("incoming", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_SOCKET_CONNECTION);

  /**
   * NekoListener::changed:
   *
   * It began to listen, cannot, or was stopped.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_listener_init (NekoListener *self)
{
}


/**
 * neko_listener_new_for:
 * @protocol: what is spoken there
 * @address: (nullable): an IP address, 0.0.0.0 and :: for all of this computer; %NULL for the loopback
 *   interface
 * @port: which port, or 0 for any that is free
 * @obstacle: (nullable): why it must not listen, although the user asked for it
 *
 * Returns: (transfer full): a listener that does not listen yet
 */
NekoListener *
neko_listener_new_for (const char *protocol,
                       const char *address,
                       guint16     port,
                       const char *obstacle)
{
  NekoListener *self = g_object_new (NEKO_TYPE_LISTENER, NULL);

  self->protocol = g_strdup (protocol);
  self->address = g_strdup (address);
  self->asked_port = port;
  self->port = port;
  self->obstacle = g_strdup (obstacle);

  return self;
}


/**
 * neko_listener_new:
 * @port: which port of the loopback interface, or 0 for any that is free
 *
 * Returns: (transfer full): a listener that does not listen yet
 */
NekoListener *
neko_listener_new (guint16 port)
{
  return neko_listener_new_for ("TCP", NULL, port, NULL);
}
