/* test-peer.c - who comes over the loopback interface, and who is counted as one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-peer.h"


static void
test_names (void)
{
  static const struct {
    const char *address;
    const char *name;
  } peers[] = {
    { "127.0.0.1",               "127.0.0.1"        },
    { "192.0.2.7",               "192.0.2.7"        },
    { "::1",                     "::1"              },
    { "2001:db8:1:2:3:4:5:6",    "2001:db8:1:2::/64" },
    { "2001:db8:1:2::1",         "2001:db8:1:2::/64" },
    { "2001:db8:1:3::1",         "2001:db8:1:3::/64" },
    { "fe80::1",                 "fe80::/64"        },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (peers); i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (peers[i].address);
    g_autofree char *name = neko_peer_dup_name_of (address);

    g_assert_cmpstr (name, ==, peers[i].name);
  }
}


/* A connection to @text, and what the other end makes of it. */
static void
test_local (gconstpointer user_data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (user_data, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GSocketConnection) there = NULL;
  g_autoptr (GSocketConnection) here = NULL;
  g_autofree char *name = NULL;

  g_assert_true (g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &effective, NULL));
  there = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (effective), NULL, NULL);
  here = g_socket_listener_accept (listener, NULL, NULL, NULL);
  g_assert_true (neko_peer_is_local (here));
  name = neko_peer_dup_name (here);
  g_assert_cmpstr (name, ==, user_data);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/peer/names", test_names);
  g_test_add_data_func ("/server/peer/local/ipv4", "127.0.0.1", test_local);
  g_test_add_data_func ("/server/peer/local/ipv6", "::1", test_local);

  return g_test_run ();
}
