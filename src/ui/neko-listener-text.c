/* neko-listener-text.c - how a port of the mail servers is doing, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-listener-text.h"

#include <glib/gi18n.h>

/* Others than the system's own programs may not listen on those below. */
#define FIRST_FREE_PORT 1024


/**
 * neko_listener_info_read:
 * @status: one of the listeners of `status --json`
 *
 * Fills in @info, whose texts are those of @status.
 */
void
neko_listener_info_read (NekoListenerInfo *info,
                         GVariant         *status)
{
  guint64 port = 0;

  *info = (NekoListenerInfo) { .protocol = "", .address = "", .state = "" };
  g_variant_lookup (status, "protocol", "&s", &info->protocol);
  g_variant_lookup (status, "address", "&s", &info->address);
  g_variant_lookup (status, "state", "&s", &info->state);
  g_variant_lookup (status, "problem", "&s", &info->problem);
  g_variant_lookup (status, "port", "t", &port);
  info->port = port;
}


static char *
describe_listening (const NekoListenerInfo *info)
{
  if (g_str_equal (info->address, "localhost")) {
    /* Translators: %u is a port number */
    return g_strdup_printf (_ ("Listening on port %u"), info->port);
  }

  /* Translators: %u is a port number, %s the address of this computer in a network */
  return g_strdup_printf (_ ("Listening on port %u of %s, with TLS"), info->port, info->address);
}


static char *
describe_failed (const NekoListenerInfo *info)
{
  if (g_str_equal (info->state, "failed") && info->port < FIRST_FREE_PORT) {
    /* Translators: %u is a port number */
    return g_strdup_printf (_ ("Port %u belongs to the system. Choose one from 1024 on"), info->port);
  }

  /* Translators: %s says what went wrong, in English */
  return g_strdup_printf (_ ("Does not listen: %s"), info->problem != NULL ? info->problem : "?");
}


/**
 * neko_listener_text_dup:
 *
 * Returns: (transfer full): its state in words
 */
char *
neko_listener_text_dup (const NekoListenerInfo *info)
{
  if (g_str_equal (info->state, "listening"))
    return describe_listening (info);

  if (g_str_equal (info->state, "port-taken")) {
    /* Translators: %u is a port number */
    return g_strdup_printf (_ ("Port %u is used by another program. Stop that program, or choose another port in "
                               "the settings; it is tried again by itself"), info->port);
  }

  if (g_str_equal (info->state, "address-absent")) {
    /* Translators: %s is the address of this computer in a network */
    return g_strdup_printf (_ ("This computer does not have the address %s now; it is tried again by itself"),
                            info->address);
  }

  if (g_str_equal (info->state, "stopped"))
    return g_strdup (_ ("Stopped"));

  return describe_failed (info);
}
