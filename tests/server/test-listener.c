/* test-listener.c - which addresses are listened on, and what happens when they are taken
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-listener.h"

#include <string.h>

/* A state in /proc/net/tcp. */
#define LISTENING "0A"


static GSocketListener *
occupy (GSocketFamily family,
        guint16      *port)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  GError *error = NULL;

  g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, &effective, &error);
  g_assert_no_error (error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));

  return g_steal_pointer (&listener);
}


static void
wait_until_listening (NekoListener *listener)
{
  while (!neko_listener_is_listening (listener))
    g_main_context_iteration (NULL, TRUE);
}


/* A port that is taken is an error that people see, and is taken over when it becomes free. */
static void
test_taken (gconstpointer user_data)
{
  GSocketFamily family = GPOINTER_TO_INT (user_data);
  guint16 port;
  g_autoptr (GSocketListener) other = occupy (family, &port);
  g_autoptr (NekoListener) listener = neko_listener_new (port);
  g_autofree char *number = g_strdup_printf ("%u", port);

  neko_listener_start (listener);
  g_assert_false (neko_listener_is_listening (listener));
  g_assert_nonnull (strstr (neko_listener_get_problem (listener), number));
  g_assert_cmpuint (neko_listener_get_port (listener), ==, port);

  g_socket_listener_close (other);
  wait_until_listening (listener);
  g_assert_null (neko_listener_get_problem (listener));
  g_assert_cmpuint (neko_listener_get_port (listener), ==, port);
}


static void
test_stop_frees_the_port (void)
{
  g_autoptr (NekoListener) first = neko_listener_new (0);
  g_autoptr (NekoListener) second = NULL;

  neko_listener_start (first);
  second = neko_listener_new (neko_listener_get_port (first));
  neko_listener_stop (first);
  neko_listener_start (second);
  g_assert_true (neko_listener_is_listening (second));
}


/* Laptops change networks. */
static void
test_address_absent (void)
{
  g_autoptr (NekoListener) listener = neko_listener_new_for ("POP3", "192.0.2.1", 0, NULL);

  neko_listener_start (listener);
  g_assert_cmpint (neko_listener_get_state (listener), ==, NEKO_LISTENER_ADDRESS_ABSENT);
  g_assert_nonnull (strstr (neko_listener_get_problem (listener), "192.0.2.1"));
  neko_listener_stop (listener);
  g_assert_null (neko_listener_get_problem (listener));
}


static void
test_obstacle (void)
{
  g_autoptr (NekoListener) listener = neko_listener_new_for ("POP3", NULL, 0, "not now");

  neko_listener_start (listener);
  g_assert_cmpint (neko_listener_get_state (listener), ==, NEKO_LISTENER_BLOCKED);
  g_assert_cmpstr (neko_listener_get_problem (listener), ==, "not now");
}


/* Fields of /proc/net/tcp and tcp6: the local address and port, in hexadecimal digits. */
static void
assert_only (const char *file,
             guint16     port,
             const char *loopback)
{
  g_autofree char *text = NULL;
  g_autofree char *suffix = g_strdup_printf (":%04X", port);
  g_auto (GStrv) lines = NULL;
  unsigned found = 0;

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);

  for (size_t i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
    g_auto (GStrv) fields = g_strsplit_set (g_strstrip (lines[i]), " ", 5);

    if (g_str_has_suffix (fields[1], suffix) && g_str_equal (fields[3], LISTENING)) {
      g_assert_true (g_str_has_prefix (fields[1], loopback));
      found++;
    }
  }

  g_assert_cmpuint (found, ==, 1);
}


static void
test_loopback_only (void)
{
  g_autoptr (NekoListener) listener = neko_listener_new (0);

  neko_listener_start (listener);
  assert_only ("/proc/net/tcp", neko_listener_get_port (listener), "0100007F");
  assert_only ("/proc/net/tcp6", neko_listener_get_port (listener),
               "00000000000000000000000001000000");
}


static void
test_everywhere (gconstpointer user_data)
{
  const char *address = user_data;
  g_autoptr (NekoListener) listener = neko_listener_new_for ("POP3", address, 0, NULL);

  neko_listener_start (listener);
  g_assert_true (neko_listener_is_listening (listener));
  assert_only ("/proc/net/tcp", neko_listener_get_port (listener), "00000000");
  assert_only ("/proc/net/tcp6", neko_listener_get_port (listener),
               g_str_equal (address, "::") ? "00000000000000000000000000000000"
                                           : "00000000000000000000000001000000");
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/server/listener/taken/ipv4",
                        GINT_TO_POINTER (G_SOCKET_FAMILY_IPV4), test_taken);
  g_test_add_data_func ("/server/listener/taken/ipv6",
                        GINT_TO_POINTER (G_SOCKET_FAMILY_IPV6), test_taken);
  g_test_add_func ("/server/listener/stop-frees-the-port", test_stop_frees_the_port);
  g_test_add_func ("/server/listener/loopback-only", test_loopback_only);
  g_test_add_data_func ("/server/listener/everywhere/ipv4", "0.0.0.0", test_everywhere);
  g_test_add_data_func ("/server/listener/everywhere/ipv6", "::", test_everywhere);
  g_test_add_func ("/server/listener/address-absent", test_address_absent);
  g_test_add_func ("/server/listener/obstacle", test_obstacle);

  return g_test_run ();
}
