/* neko-uri.c - where a password may be sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-uri.h"


/**
 * neko_uri_is_safe:
 * @uri: (nullable): of a Worker, %NULL where it could not be parsed
 *
 * A password crosses this connection: in clear only where it does not leave the computer.
 */
gboolean
neko_uri_is_safe (GUri *uri)
{
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL)
    return FALSE;

  if (g_str_equal (g_uri_get_scheme (uri), "https"))
    return TRUE;

  return g_str_equal (g_uri_get_scheme (uri), "http") &&
         (g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1") ||
          g_str_equal (host, "localhost"));
}
