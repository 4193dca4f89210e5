/* neko-listener-log.c - what becomes of the ports, for the log
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-listener-log.h"

#include "neko-log.h"


static void
listener_changed_cb (NekoServer   *server,
                     NekoListener *listener)
{
  const char *protocol = neko_listener_get_protocol (listener);
  const char *address = neko_listener_get_address (listener);
  const char *problem = neko_listener_get_problem (listener);
  g_autofree char *name = g_ascii_strdown (protocol, -1);
  g_autofree char *port = g_strdup_printf ("%u", neko_listener_get_port (listener));

  switch (neko_listener_get_state (listener)) {
  case NEKO_LISTENER_LISTENING:
    neko_log_event (G_LOG_LEVEL_MESSAGE, "listening", "%s: listening on port %s of %s", protocol, port,
                    address != NULL ? address : "this computer");
    break;

  case NEKO_LISTENER_PORT_TAKEN:
    neko_log_event (G_LOG_LEVEL_MESSAGE, "port-taken", "%s: %s with --%s-port; trying again until it is free",
                    protocol, problem, name);
    break;

  case NEKO_LISTENER_ADDRESS_ABSENT:
  case NEKO_LISTENER_FAILED:
    neko_log_event (G_LOG_LEVEL_MESSAGE, "not-listening", "%s: %s; trying again until it works", protocol,
                    problem);
    break;

  case NEKO_LISTENER_BLOCKED:
    neko_log_event (G_LOG_LEVEL_MESSAGE, "not-listening", "%s: %s", protocol, problem);
    break;

  case NEKO_LISTENER_STOPPED:
  default:
    break;
  }
}


/**
 * neko_listener_log_follow:
 *
 * Writes a line for each change of the server's ports, as long as it lives.
 */
void
neko_listener_log_follow (NekoServer *server)
{
  g_signal_connect_object (server, "listener-changed", G_CALLBACK (listener_changed_cb), server, 0);
}
