/* neko-server.c - a mail server: its ports, its connections and their limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-server.h"

#include <string.h>

#include "neko-guest.h"
#include "neko-peer.h"
#include "neko-pop3-connection.h"
#include "neko-smtp-connection.h"
#include "neko-throttle.h"

typedef struct {
  const char *name;
  const char *tls_name;    /* where TLS comes first */
  const char *refusal;     /* for a connection over the limits */
  unsigned    idle_seconds;
  GType (*get_type)(void);
} Protocol;

/* RFC 1939 section 3 wants 10 minutes at least; RFC 5321 section 4.5.3.2.7 wants 5. */
static const Protocol pop3 = {
  .name = "POP3",
  .tls_name = "POP3S",
  .refusal = "-ERR [SYS/TEMP] too many connections, try again later\r\n",
  .idle_seconds = 10 * 60,
  .get_type = neko_pop3_connection_get_type,
};

static const Protocol smtp = {
  .name = "SMTP",
  .tls_name = "SMTPS",
  .refusal = "421 4.7.0 too many connections, try again later\r\n",
  .idle_seconds = 5 * 60,
  .get_type = neko_smtp_connection_get_type,
};

struct _NekoServer {
  GObject            parent_instance;

  const Protocol    *protocol;
  GPtrArray         *listeners;     /* NekoListener; the first is for clear text on this computer */
  NekoAuthenticator *authenticator; /* not owned: it is what owns servers */
  GTlsCertificate   *certificate;   /* (nullable) */
  NekoThrottle      *throttle;
  GPtrArray         *connections;
  GHashTable        *guests;        /* connection -> NekoGuest */
  unsigned           idle_seconds;
  gboolean           has_tls;
  gboolean           is_started;
  GTask             *stopping;      /* (nullable): waits for the connections to end */
  unsigned           patience;      /* source that ends the waiting */
};

G_DEFINE_FINAL_TYPE (NekoServer, neko_server, G_TYPE_OBJECT)

enum {
  CHANGED,
  CONNECTIONS_CHANGED,
  LISTENER_CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
finish_stopping (NekoServer *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->stopping);

  g_clear_handle_id (&self->patience, g_source_remove);
  g_signal_handlers_disconnect_by_data (g_task_get_task_data (task), self);
  g_task_return_boolean (task, TRUE);
}


static void
connection_closed_cb (NekoConnection *connection,
                      NekoServer     *self)
{
  g_hash_table_remove (self->guests, connection);
  g_ptr_array_remove_fast (self->connections, connection);

  if (self->stopping != NULL && self->connections->len == 0)
    finish_stopping (self);

  g_signal_emit (self, signals[CONNECTIONS_CHANGED], 0);
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


/* Says no.  The socket is fresh, so it takes the line at once.  Inside TLS that would take a handshake,
 * which is more than there is to spare. */
static void
refuse (NekoServer        *self,
        GSocketConnection *stream,
        NekoSecurity       security)
{
  GSocket *socket = g_socket_connection_get_socket (stream);

  if (security != NEKO_SECURITY_TLS)
    g_socket_send_with_blocking (socket, self->protocol->refusal, strlen (self->protocol->refusal),
                                 FALSE, NULL, NULL);

  g_socket_close (socket, NULL);
}


static gboolean
has_room (NekoServer *self,
          const char *peer)
{
  return self->connections->len < NEKO_SERVER_CONNECTION_LIMIT &&
         count_strangers (self, peer) < NEKO_SERVER_PEER_LIMIT;
}


/* No password crosses a wire in clear, whatever the settings say. */
static NekoSecurity
choose_security (NekoServer        *self,
                 NekoListener      *listener,
                 GSocketConnection *stream)
{
  if (g_str_equal (neko_listener_get_protocol (listener), self->protocol->tls_name))
    return NEKO_SECURITY_TLS;

  if (!neko_peer_is_local (stream))
    return NEKO_SECURITY_REQUIRED;

  return self->has_tls && self->certificate != NULL ? NEKO_SECURITY_OFFERED : NEKO_SECURITY_CLEAR;
}


static void
incoming_cb (NekoListener      *listener,
             GSocketConnection *stream,
             NekoServer        *self)
{
  g_autofree char *peer = neko_peer_dup_name (stream);
  NekoSecurity security = choose_security (self, listener, stream);
  NekoConnection *connection;
  NekoGuest *guest;

  if (!has_room (self, peer)) {
    refuse (self, stream, security);
    return;
  }

  connection = g_object_new (self->protocol->get_type (), NULL);
  guest = neko_guest_new (self->authenticator);
  g_ptr_array_add (self->connections, connection);
  g_hash_table_insert (self->guests, connection, guest);
  g_signal_connect_object (connection, "closed", G_CALLBACK (connection_closed_cb), self, 0);
  neko_connection_start (connection, stream, peer, NEKO_AUTHENTICATOR (guest), self->throttle,
                         self->idle_seconds, security,
                         security != NEKO_SECURITY_CLEAR ? self->certificate : NULL);
  g_signal_emit (self, signals[CONNECTIONS_CHANGED], 0);
}


static void
listener_changed_cb (NekoListener *listener,
                     NekoServer   *self)
{
  g_signal_emit (self, signals[LISTENER_CHANGED], 0, listener);
  g_signal_emit (self, signals[CHANGED], 0);
}


static gboolean
is_same (gconstpointer one,
         gconstpointer other)
{
  return neko_listener_is_same ((gpointer) one, (gpointer) other);
}


/* Replaces what is wanted by what is there already, and leaves in @present what is not wanted. */
static void
keep_listeners (GPtrArray *wanted,
                GPtrArray *present)
{
  for (guint i = 0; i < wanted->len; i++) {
    NekoListener *listener = g_ptr_array_index (wanted, i);
    guint position;

    if (!g_ptr_array_find_with_equal_func (present, listener, is_same, &position))
      continue;

    g_ptr_array_index (wanted, i) = g_ptr_array_steal_index (present, position);
    g_object_unref (listener);
  }
}


/**
 * neko_server_configure:
 *
 * Listens as @settings say, and no more where they do not. Ports that stay are not closed in between,
 * and connections that were accepted go on as they began.
 */
void
neko_server_configure (NekoServer               *self,
                       const NekoServerSettings *settings)
{
  g_autoptr (GPtrArray) wanted = NULL;
  g_autoptr (GPtrArray) unwanted = NULL;

  g_return_if_fail (NEKO_IS_SERVER (self));
  g_return_if_fail (settings->certificate != NULL || settings->address == NULL ||
                    settings->address_problem != NULL);
  g_return_if_fail (settings->certificate != NULL || !settings->has_tls ||
                    settings->tls_port_problem != NULL);

  g_set_object (&self->certificate, settings->certificate);
  self->has_tls = settings->has_tls;
  wanted = neko_server_settings_list (settings, self->protocol->name, self->protocol->tls_name);
  unwanted = g_steal_pointer (&self->listeners);
  keep_listeners (wanted, unwanted);
  self->listeners = g_steal_pointer (&wanted);

  /* First, since a new one may want the port of an old one. */
  for (guint i = 0; i < unwanted->len; i++) {
    NekoListener *listener = g_ptr_array_index (unwanted, i);

    g_signal_handlers_disconnect_by_data (listener, self);
    neko_listener_stop (listener);
  }

  for (guint i = 0; i < self->listeners->len; i++) {
    NekoListener *listener = g_ptr_array_index (self->listeners, i);

    g_signal_handlers_disconnect_by_data (listener, self);
    g_signal_connect_object (listener, "incoming", G_CALLBACK (incoming_cb), self, 0);
    g_signal_connect_object (listener, "changed", G_CALLBACK (listener_changed_cb), self, 0);
  }

  if (self->is_started)
    neko_server_start (self);

  g_signal_emit (self, signals[CHANGED], 0);
}


void
neko_server_start (NekoServer *self)
{
  g_return_if_fail (NEKO_IS_SERVER (self));

  self->is_started = TRUE;

  for (guint i = 0; i < self->listeners->len; i++)
    neko_listener_start (g_ptr_array_index (self->listeners, i));
}


static void
shut_down_all (GPtrArray *connections)
{
  g_ptr_array_foreach (connections, (GFunc) (GCallback) neko_connection_shut_down, NULL);
}


/**
 * neko_server_end_sessions:
 * @maildrop: what the authenticator gave out
 * @credentials: (element-type utf8): for what it still does
 *
 * Tells the other connections that logged in to @maildrop to end: a bridge password was revoked, or the account was removed.
 */
void
neko_server_end_sessions (NekoServer   *self,
                          NekoMaildrop *maildrop,
                          GPtrArray    *credentials)
{
  g_autoptr (GPtrArray) ending = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iterator;
  gpointer connection;
  gpointer guest;

  g_return_if_fail (NEKO_IS_SERVER (self));

  g_hash_table_iter_init (&iterator, self->guests);

  while (g_hash_table_iter_next (&iterator, &connection, &guest)) {
    if (!neko_guest_may_stay (guest, maildrop, credentials))
      g_ptr_array_add (ending, g_object_ref (connection));
  }

  shut_down_all (ending);
}


/**
 * neko_server_stop:
 *
 * Frees the ports and tells all connections to end, with a goodbye where the protocol has one. One that
 * has handed something over may wait for the outcome, to tell its client. What a client has not had a
 * reply for stays its own to do again.
 */
void
neko_server_stop (NekoServer *self)
{
  g_autoptr (GPtrArray) connections = NULL;

  g_return_if_fail (NEKO_IS_SERVER (self));

  self->is_started = FALSE;

  for (guint i = 0; i < self->listeners->len; i++)
    neko_listener_stop (g_ptr_array_index (self->listeners, i));

  connections = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->connections->len; i++)
    g_ptr_array_add (connections, g_object_ref (g_ptr_array_index (self->connections, i)));

  shut_down_all (connections);
}


static void
close_all (NekoServer *self)
{
  while (self->connections->len > 0) {
    g_autoptr (NekoConnection) connection = g_object_ref (g_ptr_array_index (self->connections, 0));

    neko_connection_close (connection);
  }
}


static gboolean
patience_over_cb (gpointer user_data)
{
  NekoServer *self = user_data;

  self->patience = 0;
  close_all (self);

  return G_SOURCE_REMOVE;
}


/**
 * neko_server_stop_async:
 * @cancellable: (nullable): cancelled to wait no longer
 *
 * The same as neko_server_stop(), and waits until all connections have ended, for
 * %NEKO_SERVER_STOP_SECONDS at most. It must not be called again before it is done.
 */
void
neko_server_stop_async (NekoServer         *self,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (NEKO_IS_SERVER (self));
  g_return_if_fail (self->stopping == NULL);

  /* Not the task's cancellable: the server has stopped, however little it waited. */
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, neko_server_stop_async);
  g_task_set_task_data (task, cancellable != NULL ? g_object_ref (cancellable)
                                                  : g_cancellable_new (), g_object_unref);
  neko_server_stop (self);

  if (g_cancellable_is_cancelled (cancellable))
    close_all (self);

  if (self->connections->len == 0) {
    g_task_return_boolean (task, TRUE);
    return;
  }

  g_signal_connect_object (g_task_get_task_data (task), "cancelled", G_CALLBACK (close_all), self,
                           G_CONNECT_SWAPPED);
  self->stopping = g_steal_pointer (&task);
  self->patience = g_timeout_add_seconds (NEKO_SERVER_STOP_SECONDS, patience_over_cb, self);
}


/**
 * neko_server_stop_finish:
 *
 * Returns: %TRUE
 */
gboolean
neko_server_stop_finish (NekoServer   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}


const char *
neko_server_get_protocol (NekoServer *self)
{
  g_return_val_if_fail (NEKO_IS_SERVER (self), NULL);

  return self->protocol->name;
}


/**
 * neko_server_get_listeners:
 *
 * Returns: (element-type NekoListener): all that is to be listened on, those with a problem too; a new
 *   array after each neko_server_configure(), the first is for clear text on this computer
 */
GPtrArray *
neko_server_get_listeners (NekoServer *self)
{
  g_return_val_if_fail (NEKO_IS_SERVER (self), NULL);

  return self->listeners;
}


/**
 * neko_server_get_listener:
 *
 * Returns: the listener for clear text on this computer
 */
NekoListener *
neko_server_get_listener (NekoServer *self)
{
  g_return_val_if_fail (NEKO_IS_SERVER (self), NULL);

  return g_ptr_array_index (self->listeners, 0);
}


/**
 * neko_server_has_problem:
 *
 * Returns: whether one of the listeners does not listen although it should
 */
gboolean
neko_server_has_problem (NekoServer *self)
{
  g_return_val_if_fail (NEKO_IS_SERVER (self), FALSE);

  for (guint i = 0; i < self->listeners->len; i++) {
    if (neko_listener_get_problem (g_ptr_array_index (self->listeners, i)) != NULL)
      return TRUE;
  }

  return FALSE;
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

  neko_server_stop (self);
  close_all (self);
  g_ptr_array_set_size (self->listeners, 0);
  g_clear_object (&self->certificate);
  self->authenticator = NULL;

  G_OBJECT_CLASS (neko_server_parent_class)->dispose (object);
}


static void
neko_server_finalize (GObject *object)
{
  NekoServer *self = NEKO_SERVER (object);

  g_ptr_array_unref (self->connections);
  g_hash_table_unref (self->guests);
  g_ptr_array_unref (self->listeners);
  neko_throttle_free (self->throttle);

  G_OBJECT_CLASS (neko_server_parent_class)->finalize (object);
}


static void
neko_server_class_init (NekoServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_server_finalize;

  /**
   * NekoServer::changed:
   *
   * It listens on other ports than before, or one of them works or fails.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * NekoServer::connections-changed:
   *
   * neko_server_get_connections() may tell another number now.
   */
  signals[CONNECTIONS_CHANGED] = g_signal_new ("connections-changed", G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                               0);

  /**
   * NekoServer::listener-changed:
   * @listener: one that works, fails or was stopped
   */
  signals[LISTENER_CHANGED] = g_signal_new ("listener-changed", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                            NEKO_TYPE_LISTENER);
}


static void
neko_server_init (NekoServer *self)
{
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->guests = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->listeners = g_ptr_array_new_with_free_func (g_object_unref);
  self->throttle = neko_throttle_new ();
}


static NekoServer *
new_server (const Protocol    *protocol,
            guint16            port,
            NekoAuthenticator *authenticator)
{
  NekoServer *self = g_object_new (NEKO_TYPE_SERVER, NULL);
  const NekoServerSettings settings = { .port = port };

  self->protocol = protocol;
  self->idle_seconds = protocol->idle_seconds;
  self->authenticator = authenticator;
  neko_server_configure (self, &settings);

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
