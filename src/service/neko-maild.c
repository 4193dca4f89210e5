/* neko-maild.c - the mail servers without a screen, for servers, containers and tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>
#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>

#include "neko-account-command.h"
#include "neko-certificate-command.h"
#include "neko-service.h"


typedef struct {
  GMainLoop    *loop;
  NekoService  *service;
  GCancellable *patience; /* cancelled by the second signal */
  gboolean      is_stopping;
} Serving;


static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Serving *serving = user_data;

  neko_service_stop_finish (NEKO_SERVICE (source), result, NULL);
  g_main_loop_quit (serving->loop);
}


static gboolean
signal_cb (gpointer user_data)
{
  Serving *serving = user_data;

  if (serving->is_stopping) {
    g_cancellable_cancel (serving->patience);
  } else {
    serving->is_stopping = TRUE;
    neko_service_stop_async (serving->service, serving->patience, stopped_cb, serving);
  }

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


/* The exit status is 0 after a signal too: that is how systemd stops a service. */
static int
serve (NekoServiceOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) patience = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoService) service = neko_service_options_create (options, &error);
  Serving serving = { loop, service, patience, FALSE };

  if (service == NULL) {
    g_printerr ("neko-maild: %s\n", error->message);
    return EXIT_FAILURE;
  }

  log_server (neko_service_get_pop3 (service), service);
  log_server (neko_service_get_smtp (service), service);
  neko_service_start (service);

  g_unix_signal_add (SIGINT, signal_cb, &serving);
  g_unix_signal_add (SIGTERM, signal_cb, &serving);
  g_main_loop_run (loop);

  return EXIT_SUCCESS;
}


int
main (int   argc,
      char *argv[])
{
  g_autoptr (NekoServiceOptions) options = neko_service_options_new ();
  g_autoptr (GOptionContext) context = g_option_context_new ("[account|password|certificate …]");
  g_autoptr (GError) error = NULL;

  /* libsoup 3.2 loses requests over HTTP/2 where the other side closes the connection. */
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);

  setlocale (LC_ALL, "");
  g_option_context_set_summary (context, "Serves the mail of a Neko Mail Worker by POP3 and SMTP "
                                "to the mail programs on this computer.");
  g_option_context_set_description (context, "Commands:\n"
                                    "  account add ADDRESS URL       sign in to an account\n"
                                    "  account list\n"
                                    "  account remove ADDRESS\n"
                                    "  password new ADDRESS NAME     make a password for a mail program\n"
                                    "  password list ADDRESS\n"
                                    "  password revoke ADDRESS NAME\n"
                                    "  certificate show              what mail programs see of TLS\n"
                                    "  certificate export [FILE]     without its key, to be trusted\n\n"
                                    "A program that runs follows at once.");
  g_option_context_add_main_entries (context, neko_service_options_get_entries (options), NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("neko-maild: %s\n", error->message);
    return 2;
  }

  if (argc > 1 && neko_account_command_is_one (argv[1]))
    return neko_account_command_run (options, argv + 1);

  if (argc > 1 && g_str_equal (argv[1], "certificate"))
    return neko_certificate_command_run (options, argv + 1);

  if (argc > 1) {
    g_printerr ("neko-maild: “%s” is not understood, see --help\n", argv[1]);
    return 2;
  }

  return serve (options);
}
