/* neko-maild.c - the mail servers without a screen, for servers, containers and tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>
#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>

#include "neko-account-command.h"
#include "neko-service.h"


static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_CONTINUE;
}


static void
listener_changed_cb (NekoServer   *server,
                     NekoListener *listener)
{
  const char *protocol = neko_listener_get_protocol (listener);
  const char *address = neko_listener_get_address (listener);
  g_autofree char *name = g_ascii_strdown (protocol, -1);

  switch (neko_listener_get_state (listener)) {
  case NEKO_LISTENER_LISTENING:
    g_message ("%s: listening on port %u of %s", protocol, neko_listener_get_port (listener),
               address != NULL ? address : "this computer");
    break;

  case NEKO_LISTENER_PORT_TAKEN:
    g_message ("%s: %s with --%s-port; trying again until it is free", protocol,
               neko_listener_get_problem (listener), name);
    break;

  case NEKO_LISTENER_ADDRESS_ABSENT:
  case NEKO_LISTENER_FAILED:
    g_message ("%s: %s; trying again until it works", protocol,
               neko_listener_get_problem (listener));
    break;

  case NEKO_LISTENER_BLOCKED:
    g_message ("%s: %s", protocol, neko_listener_get_problem (listener));
    break;

  case NEKO_LISTENER_STOPPED:
  default:
    break;
  }
}


static void
log_server (NekoServer  *server,
            NekoService *service)
{
  g_signal_connect_object (server, "listener-changed", G_CALLBACK (listener_changed_cb), service, 0);
}


static int
serve (NekoServiceOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoService) service = neko_service_options_create (options, &error);

  if (service == NULL) {
    g_printerr ("neko-maild: %s\n", error->message);
    return EXIT_FAILURE;
  }

  log_server (neko_service_get_pop3 (service), service);
  log_server (neko_service_get_smtp (service), service);
  neko_service_start (service);

  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_main_loop_run (loop);
  neko_service_stop (service);

  return EXIT_SUCCESS;
}


int
main (int   argc,
      char *argv[])
{
  g_autoptr (NekoServiceOptions) options = neko_service_options_new ();
  g_autoptr (GOptionContext) context = g_option_context_new ("[account|password …]");
  g_autoptr (GError) error = NULL;

  /* libsoup 3.2 loses requests over HTTP/2 where the other side closes the connection. */
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);

  setlocale (LC_ALL, "");
  g_option_context_set_summary (context, "Serves the mail of a Neko Mail Worker by POP3 and SMTP "
                                "to the mail programs on this computer.");
  g_option_context_add_main_entries (context, neko_service_options_get_entries (options), NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("neko-maild: %s\n", error->message);
    return 2;
  }

  if (argc > 1 && neko_account_command_is_one (argv[1]))
    return neko_account_command_run (options, argv + 1);

  if (argc > 1) {
    g_printerr ("neko-maild: “%s” is not understood, see --help\n", argv[1]);
    return 2;
  }

  return serve (options);
}
