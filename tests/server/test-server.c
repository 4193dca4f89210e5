/* test-server.c - the ports of a server: which there are, how they change, and their limits together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "memory-mail.h"
#include "test-client.h"

/* Of no key that anybody has: nothing here gets as far as a handshake. */
static const char certificate_text[] =
  "-----BEGIN CERTIFICATE-----\n"
  "MIIBfTCCASOgAwIBAgIUGAymo/em0300/BCfgbr2Mz0ENCQwCgYIKoZIzj0EAwIw\n"
  "FDESMBAGA1UEAwwJbmVrby50ZXN0MB4XDTI2MTEyNTEwNDIwMloXDTM2MTEyMjEw\n"
  "NDIwMlowFDESMBAGA1UEAwwJbmVrby50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D\n"
  "AQcDQgAE1nyDFQatFrJ+hGOWvgI0mQ3Zm8TBpXTYfxM5DYE5sOK6lOuo/FDUE8r/\n"
  "mOFph1g7KP7WOl5YaHqHPhcOOdVAUqNTMFEwHQYDVR0OBBYEFFTFyeSjHeyPBhR8\n"
  "muurno0CaFbOMB8GA1UdIwQYMBaAFFTFyeSjHeyPBhR8muurno0CaFbOMA8GA1Ud\n"
  "EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgB64UXzSj6R/giOa7ojOGpzA1\n"
  "FHNXkhJp7hZm9pAnbXwCIQCKMe+A/DeZ2dt+QN8miGOJ52AXH9eVwTrpqyaRaM5L\n"
  "9w==\n"
  "-----END CERTIFICATE-----\n";

typedef struct {
  MemoryMail      *mail;
  NekoServer      *server;
  GTlsCertificate *certificate;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->mail = memory_mail_new ();
  fixture->server = neko_server_new_pop3 (0, NEKO_AUTHENTICATOR (fixture->mail));
  fixture->certificate = g_tls_certificate_new_from_pem (certificate_text, -1, NULL);
  g_assert_nonnull (fixture->certificate);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  neko_server_stop (fixture->server);

  while (neko_server_get_connections (fixture->server) > 0)
    g_main_context_iteration (NULL, TRUE);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->mail);
  g_object_unref (fixture->certificate);
}


static GSocketListener *
occupy (guint16 *port)
{
  GSocketListener *listener = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;

  g_assert_true (g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &effective, NULL));
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));

  return listener;
}


static guint16
find_free_port (void)
{
  guint16 port;
  g_autoptr (GSocketListener) listener = occupy (&port);

  g_socket_listener_close (listener);

  return port;
}


static GSocketConnection *
connect_from (guint    host,
              guint16  port,
              GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autofree char *source = g_strdup_printf ("127.0.0.%u", host);
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string (source, 0);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);

  g_socket_client_set_local_address (client, local);

  return g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, error);
}


/* Reads a line of the server, which runs in this very thread. */
static void
expect (GSocketConnection *connection,
        const char        *prefix)
{
  while (g_socket_condition_check (g_socket_connection_get_socket (connection), G_IO_IN) == 0)
    g_main_context_iteration (NULL, TRUE);

  test_client_expect (connection, prefix);
}


static void
ask (GSocketConnection *connection,
     const char        *command,
     const char        *prefix)
{
  test_client_send (connection, command);
  test_client_send (connection, "\r\n");
  expect (connection, prefix);
}


static void
wait_for_connections (Fixture *fixture,
                      size_t   count)
{
  while (neko_server_get_connections (fixture->server) != count)
    g_main_context_iteration (NULL, TRUE);
}


static NekoListener *
get_listener (Fixture *fixture,
              guint    position)
{
  GPtrArray *listeners = neko_server_get_listeners (fixture->server);

  g_assert_cmpuint (position, <, listeners->len);

  return g_ptr_array_index (listeners, position);
}


static void
test_change_leaves_sessions_alone (Fixture      *fixture,
                                   gconstpointer user_data)
{
  NekoServerSettings settings = { .port = find_free_port () };
  guint16 old_port = settings.port;
  g_autoptr (GSocketConnection) before = NULL;
  g_autoptr (GSocketConnection) after = NULL;
  g_autoptr (GError) error = NULL;

  neko_server_configure (fixture->server, &settings);
  neko_server_start (fixture->server);
  before = connect_from (1, settings.port, NULL);
  expect (before, "+OK");
  ask (before, "USER " MEMORY_USER, "+OK");
  ask (before, "PASS " MEMORY_PASSWORD, "+OK");

  settings.port = find_free_port ();
  neko_server_configure (fixture->server, &settings);
  g_assert_true (neko_listener_is_listening (get_listener (fixture, 0)));
  g_assert_cmpuint (neko_listener_get_port (get_listener (fixture, 0)), ==, settings.port);
  after = connect_from (1, settings.port, NULL);
  expect (after, "+OK");
  ask (before, "NOOP", "+OK");

  g_assert_null (connect_from (1, old_port, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}


static void
test_what_stays_is_not_opened_again (Fixture      *fixture,
                                     gconstpointer user_data)
{
  NekoServerSettings settings = {
    .port = find_free_port (),
    .tls_port = find_free_port (),
    .certificate = fixture->certificate,
  };
  NekoListener *kept;

  neko_server_configure (fixture->server, &settings);
  neko_server_start (fixture->server);
  kept = get_listener (fixture, 0);
  g_assert_cmpuint (neko_server_get_listeners (fixture->server)->len, ==, 1);

  settings.has_tls = TRUE;
  neko_server_configure (fixture->server, &settings);
  g_assert_true (get_listener (fixture, 0) == kept);
  g_assert_true (neko_listener_is_listening (get_listener (fixture, 1)));
  g_assert_cmpstr (neko_listener_get_protocol (get_listener (fixture, 1)), ==, "POP3S");
  g_assert_cmpuint (neko_listener_get_port (get_listener (fixture, 1)), ==, settings.tls_port);

  settings.has_tls = FALSE;
  neko_server_configure (fixture->server, &settings);
  g_assert_true (get_listener (fixture, 0) == kept);
  g_assert_cmpuint (neko_server_get_listeners (fixture->server)->len, ==, 1);
}


static void
test_ports_can_be_swapped (Fixture      *fixture,
                           gconstpointer user_data)
{
  NekoServerSettings settings = {
    .port = find_free_port (),
    .tls_port = find_free_port (),
    .has_tls = TRUE,
    .certificate = fixture->certificate,
  };
  guint16 port = settings.port;

  neko_server_configure (fixture->server, &settings);
  neko_server_start (fixture->server);
  g_assert_false (neko_server_has_problem (fixture->server));
  settings.port = settings.tls_port;
  settings.tls_port = port;
  neko_server_configure (fixture->server, &settings);
  g_assert_true (neko_listener_is_listening (get_listener (fixture, 0)));
  g_assert_true (neko_listener_is_listening (get_listener (fixture, 1)));
}


/* Either port can be taken by somebody else; the other one works, and both do once that one ends. */
static void
test_one_port_taken (Fixture      *fixture,
                     gconstpointer user_data)
{
  gboolean is_tls = GPOINTER_TO_INT (user_data);
  guint16 port;
  g_autoptr (GSocketListener) other = occupy (&port);
  NekoServerSettings settings = {
    .port = is_tls ? find_free_port () : port,
    .tls_port = is_tls ? port : find_free_port (),
    .has_tls = TRUE,
    .certificate = fixture->certificate,
  };
  NekoListener *listener;

  neko_server_configure (fixture->server, &settings);
  neko_server_start (fixture->server);
  listener = get_listener (fixture, is_tls);
  g_assert_cmpint (neko_listener_get_state (listener), ==, NEKO_LISTENER_PORT_TAKEN);
  g_assert_cmpuint (neko_listener_get_port (listener), ==, port);
  g_assert_true (neko_listener_is_listening (get_listener (fixture, !is_tls)));
  g_assert_true (neko_server_has_problem (fixture->server));

  g_socket_listener_close (other);

  while (neko_server_has_problem (fixture->server))
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (neko_listener_is_listening (listener));
}


static void
test_problem_is_shown (Fixture      *fixture,
                       gconstpointer user_data)
{
  const NekoServerSettings settings = {
    .port = find_free_port (),
    .tls_port = find_free_port (),
    .address = "127.0.0.2",
    .has_tls = TRUE,
    .tls_port_problem = "no certificate",
    .address_problem = "no certificate either",
  };
  g_autoptr (GSocketConnection) connection = NULL;

  neko_server_configure (fixture->server, &settings);
  neko_server_start (fixture->server);
  g_assert_cmpuint (neko_server_get_listeners (fixture->server)->len, ==, 3);
  g_assert_true (neko_server_has_problem (fixture->server));
  g_assert_cmpint (neko_listener_get_state (get_listener (fixture, 1)), ==, NEKO_LISTENER_BLOCKED);
  g_assert_cmpstr (neko_listener_get_problem (get_listener (fixture, 1)), ==, "no certificate");
  g_assert_cmpstr (neko_listener_get_problem (get_listener (fixture, 2)), ==,
                   "no certificate either");
  connection = connect_from (1, settings.port, NULL);
  expect (connection, "+OK");
}


/* The address comes on top of the loopback interface, with both ports, whatever the switch says. */
static void
test_other_address (Fixture      *fixture,
                    gconstpointer user_data)
{
  const NekoServerSettings settings = {
    .port = find_free_port (),
    .tls_port = find_free_port (),
    .address = "127.0.0.2",
    .certificate = fixture->certificate,
  };

  neko_server_configure (fixture->server, &settings);
  neko_server_start (fixture->server);
  g_assert_cmpuint (neko_server_get_listeners (fixture->server)->len, ==, 3);
  g_assert_null (neko_listener_get_address (get_listener (fixture, 0)));

  for (guint i = 0; i < 3; i++) {
    g_assert_true (neko_listener_is_listening (get_listener (fixture, i)));
    g_assert_cmpstr (neko_listener_get_address (get_listener (fixture, i)), ==,
                     i == 0 ? NULL : "127.0.0.2");
  }
}


/* The limits are those of the protocol, not of a port. */
static void
test_peer_limit_over_all_ports (Fixture      *fixture,
                                gconstpointer user_data)
{
  const NekoServerSettings settings = {
    .port = find_free_port (),
    .tls_port = find_free_port (),
    .has_tls = TRUE,
    .certificate = fixture->certificate,
  };
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocketConnection) other = NULL;

  neko_server_configure (fixture->server, &settings);
  neko_server_start (fixture->server);

  for (guint i = 0; i < NEKO_SERVER_PEER_LIMIT; i++)
    g_ptr_array_add (connections,
                     connect_from (1, i % 2 == 0 ? settings.port : settings.tls_port, NULL));

  wait_for_connections (fixture, NEKO_SERVER_PEER_LIMIT);
  g_ptr_array_add (connections, connect_from (1, settings.port, NULL));
  expect (g_ptr_array_index (connections, NEKO_SERVER_PEER_LIMIT), "-ERR [SYS/TEMP] too many");

  /* Somebody else is not kept out. */
  other = connect_from (2, settings.port, NULL);
  expect (other, "+OK");
}


static void
test_200_connections (Fixture      *fixture,
                      gconstpointer user_data)
{
  NekoListener *listener = neko_server_get_listener (fixture->server);
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocketConnection) next = NULL;

  neko_server_start (fixture->server);

  for (guint i = 0; i < 2 * NEKO_SERVER_CONNECTION_LIMIT; i++) {
    GSocketConnection *connection = connect_from (1 + i / NEKO_SERVER_PEER_LIMIT,
                                                  neko_listener_get_port (listener), NULL);

    g_ptr_array_add (connections, connection);
    expect (connection, i < NEKO_SERVER_CONNECTION_LIMIT ? "+OK" : "-ERR [SYS/TEMP] too many");
    g_assert_cmpuint (neko_server_get_connections (fixture->server), <=,
                      NEKO_SERVER_CONNECTION_LIMIT);
  }

  g_assert_cmpuint (neko_server_get_connections (fixture->server), ==,
                    NEKO_SERVER_CONNECTION_LIMIT);

  /* Who goes makes room. */
  g_ptr_array_remove_index (connections, 0);
  wait_for_connections (fixture, NEKO_SERVER_CONNECTION_LIMIT - 1);
  next = connect_from (1, neko_listener_get_port (listener), NULL);
  expect (next, "+OK");
}


/* A bridge password, or the account, goes: its sessions end, and others do not. */
static void
test_end_sessions (Fixture      *fixture,
                   gconstpointer user_data)
{
  g_autoptr (MemoryMail) other = memory_mail_new ();
  g_autoptr (GSocketConnection) session = NULL;
  g_autoptr (GSocketConnection) stranger = NULL;
  g_autoptr (GPtrArray) credentials = g_ptr_array_new ();
  guint16 port;

  neko_server_start (fixture->server);
  port = neko_listener_get_port (neko_server_get_listener (fixture->server));
  stranger = connect_from (1, port, NULL);
  session = connect_from (1, port, NULL);
  expect (stranger, "+OK");
  expect (session, "+OK");
  ask (session, "USER " MEMORY_USER, "+OK");
  ask (session, "PASS " MEMORY_PASSWORD, "+OK");

  neko_server_end_sessions (fixture->server, NEKO_MAILDROP (other), credentials);
  ask (session, "NOOP", "+OK");
  g_ptr_array_add (credentials, (char *) MEMORY_USER);
  neko_server_end_sessions (fixture->server, NEKO_MAILDROP (fixture->mail), credentials);
  ask (session, "NOOP", "+OK");
  g_ptr_array_set_size (credentials, 0);
  neko_server_end_sessions (fixture->server, NEKO_MAILDROP (fixture->mail), credentials);
  wait_for_connections (fixture, 1);
  ask (stranger, "CAPA", "+OK");
}


static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  gboolean *is_done = user_data;

  g_assert_true (neko_server_stop_finish (NEKO_SERVER (source), result, NULL));
  g_assert_cmpuint (neko_server_get_connections (NEKO_SERVER (source)), ==, 0);
  *is_done = TRUE;
}


static void
test_stop (Fixture      *fixture,
           gconstpointer user_data)
{
  gboolean is_impatient = GPOINTER_TO_INT (user_data);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port;
  gboolean is_done = FALSE;

  neko_server_start (fixture->server);
  port = neko_listener_get_port (neko_server_get_listener (fixture->server));
  connection = connect_from (1, port, NULL);
  expect (connection, "+OK");
  neko_server_stop_async (fixture->server, cancellable, stopped_cb, &is_done);
  g_assert_null (connect_from (1, port, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);

  if (is_impatient)
    g_cancellable_cancel (cancellable);

  while (!is_done)
    g_main_context_iteration (NULL, TRUE);

  /* It can be started again. */
  neko_server_start (fixture->server);
  g_assert_true (neko_listener_is_listening (neko_server_get_listener (fixture->server)));
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *path;
    void        (*func) (Fixture      *fixture,
                         gconstpointer user_data);
    gboolean    argument;
  } tests[] = {
    { "/server/server/change-leaves-sessions-alone",   test_change_leaves_sessions_alone   },
    { "/server/server/what-stays-is-not-opened-again", test_what_stays_is_not_opened_again },
    { "/server/server/ports-can-be-swapped",           test_ports_can_be_swapped           },
    { "/server/server/port-taken/clear",               test_one_port_taken, FALSE          },
    { "/server/server/port-taken/tls",                 test_one_port_taken, TRUE           },
    { "/server/server/problem-is-shown",               test_problem_is_shown               },
    { "/server/server/other-address",                  test_other_address                  },
    { "/server/server/peer-limit-over-all-ports",      test_peer_limit_over_all_ports      },
    { "/server/server/200-connections",                test_200_connections                },
    { "/server/server/end-sessions",                   test_end_sessions                   },
    { "/server/server/stop/patient",                   test_stop, FALSE                    },
    { "/server/server/stop/impatient",                 test_stop, TRUE                     },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GINT_TO_POINTER (tests[i].argument), set_up, tests[i].func,
                tear_down);

  return g_test_run ();
}
