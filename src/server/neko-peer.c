/* neko-peer.c - who is at the other end of a connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-peer.h"

#include <string.h>

/* Octets of an IPv6 address that name a network, RFC 4291 section 2.5.4. */
#define NETWORK_SIZE 8


static gboolean
is_loopback (GSocketAddress *address)
{
  return G_IS_INET_SOCKET_ADDRESS (address) &&
         g_inet_address_get_is_loopback (g_inet_socket_address_get_address (
                                           G_INET_SOCKET_ADDRESS (address)));
}


/**
 * neko_peer_is_local:
 *
 * Returns: whether what is said there never leaves this computer: both ends are loopback addresses,
 *   for which the system takes no packet from a wire
 */
gboolean
neko_peer_is_local (GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) here = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) there = g_socket_connection_get_remote_address (connection, NULL);

  return is_loopback (here) && is_loopback (there);
}


/**
 * neko_peer_dup_name_of:
 *
 * Returns: (transfer full): what failures and connections of @address are counted by. One computer has
 *   as many addresses as it likes in its IPv6 network, so that is the network
 */
char *
neko_peer_dup_name_of (GInetAddress *address)
{
  guint8 octets[16] = { 0 };
  g_autoptr (GInetAddress) network = NULL;
  g_autofree char *text = NULL;

  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6 ||
      g_inet_address_get_is_loopback (address))
    return g_inet_address_to_string (address);

  memcpy (octets, g_inet_address_to_bytes (address), NETWORK_SIZE);
  network = g_inet_address_new_from_bytes (octets, G_SOCKET_FAMILY_IPV6);
  text = g_inet_address_to_string (network);

  return g_strdup_printf ("%s/64", text);
}


/**
 * neko_peer_dup_name:
 *
 * Returns: (transfer full): what the failures and connections of the other end are counted by
 */
char *
neko_peer_dup_name (GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("unknown");

  return neko_peer_dup_name_of (g_inet_socket_address_get_address (
                                  G_INET_SOCKET_ADDRESS (address)));
}
