/* neko-server-settings.c - what a server listens on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-server-settings.h"


static void
add_listener (GPtrArray  *listeners,
              const char *protocol,
              const char *address,
              guint16     port,
              const char *obstacle)
{
  g_ptr_array_add (listeners, neko_listener_new_for (protocol, address, port, obstacle));
}


static gboolean
is_everywhere (const NekoServerSettings *settings)
{
  g_autoptr (GInetAddress) address = NULL;

  /* Without a certificate nobody may come from elsewhere. */
  if (settings->address == NULL || settings->address_problem != NULL)
    return FALSE;

  address = g_inet_address_new_from_string (settings->address);

  return address != NULL && g_inet_address_get_is_any (address);
}


/**
 * neko_server_settings_list:
 * @protocol: what is spoken on the port for clear text
 * @tls_protocol: what is spoken where TLS comes first
 *
 * Returns: (transfer full) (element-type NekoListener): what to listen on, the first for clear text on
 *   this computer. A listener that must not start is among them, so that its problem is seen
 */
GPtrArray *
neko_server_settings_list (const NekoServerSettings *settings,
                           const char               *protocol,
                           const char               *tls_protocol)
{
  GPtrArray *wanted = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean is_one = is_everywhere (settings);
  const char *first = is_one ? settings->address : NULL;

  add_listener (wanted, protocol, first, settings->port, settings->port_problem);

  if (settings->has_tls || is_one)
    add_listener (wanted, tls_protocol, first, settings->tls_port, settings->tls_port_problem);

  if (settings->address == NULL || is_one)
    return wanted;

  add_listener (wanted, protocol, settings->address, settings->port,
                settings->address_problem != NULL ? settings->address_problem
                                                  : settings->port_problem);

  if (settings->address_problem == NULL)
    add_listener (wanted, tls_protocol, settings->address, settings->tls_port,
                  settings->tls_port_problem);

  return wanted;
}
