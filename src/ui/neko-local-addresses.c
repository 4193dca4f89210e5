/* neko-local-addresses.c - where other computers may reach this one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-local-addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>


void
neko_local_address_free (NekoLocalAddress *self)
{
  g_free (self->address);
  g_free (self->name);
  g_free (self);
}


/* One of a link alone is of use only together with the name of the link. */
static gboolean
read_address (const struct sockaddr *address,
              char                   text[INET6_ADDRSTRLEN])
{
  if (address->sa_family == AF_INET)
    return inet_ntop (AF_INET, &((const struct sockaddr_in *) (const void *) address)->sin_addr, text,
                      INET6_ADDRSTRLEN) != NULL;

  if (address->sa_family == AF_INET6) {
    const struct in6_addr *octets = &((const struct sockaddr_in6 *) (const void *) address)->sin6_addr;

    return !IN6_IS_ADDR_LINKLOCAL (octets) &&
           inet_ntop (AF_INET6, octets, text, INET6_ADDRSTRLEN) != NULL;
  }

  return FALSE;
}


/**
 * neko_local_addresses_list:
 *
 * Returns: (transfer full) (element-type NekoLocalAddress): the addresses that this computer has in networks now
 */
GPtrArray *
neko_local_addresses_list (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) neko_local_address_free);
  struct ifaddrs *interfaces = NULL;

  if (getifaddrs (&interfaces) != 0)
    return list;

  for (struct ifaddrs *i = interfaces; i != NULL; i = i->ifa_next) {
    char text[INET6_ADDRSTRLEN];
    NekoLocalAddress *found;

    if (i->ifa_addr == NULL || (i->ifa_flags & IFF_LOOPBACK) != 0 || (i->ifa_flags & IFF_UP) == 0 ||
        !read_address (i->ifa_addr, text))
      continue;

    found = g_new (NekoLocalAddress, 1);
    found->address = g_strdup (text);
    found->name = g_strdup (i->ifa_name);
    g_ptr_array_add (list, found);
  }

  freeifaddrs (interfaces);

  return list;
}
