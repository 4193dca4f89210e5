/* neko-maild.c - the mail servers without a screen, for servers, containers and tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>
#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>

#include "neko-command-line.h"
#include "neko-log.h"
#include "neko-service-control.h"


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


static void
stop (Serving *serving)
{
  if (serving->is_stopping)
    return;

  serving->is_stopping = TRUE;
  neko_service_stop_async (serving->service, serving->patience, stopped_cb, serving);
}


static gboolean
signal_cb (gpointer user_data)
{
  Serving *serving = user_data;

  if (serving->is_stopping)
    g_cancellable_cancel (serving->patience);
  else
    stop (serving);

  return G_SOURCE_CONTINUE;
}


/* Mail goes on where the session's bus ends. */
static void
bus_acquired_cb (GDBusConnection *bus,
                 const char      *name,
                 gpointer         user_data)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_set_exit_on_close (bus, FALSE);

  if (!neko_service_control_export (user_data, bus, &error))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "not-reachable", error,
                      "The commands cannot reach this program");
}


/* The exit status is 0 after a signal too: that is how systemd stops a service. */
static int
serve (NekoServiceOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) patience = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoService) service = neko_service_options_create (options, &error);
  g_autoptr (NekoServiceControl) control = NULL;
  g_autofree char *token_file = NULL;
  Serving serving = { loop, service, patience, FALSE };
  unsigned name;

  if (service == NULL) {
    g_printerr ("neko-maild: %s\n", error->message);
    return EXIT_FAILURE;
  }

  token_file = neko_service_options_dup_token_file (options);
  control = neko_service_control_new (service, token_file);
  g_signal_connect_swapped (control, "quit", G_CALLBACK (stop), &serving);

  /* Another neko-maild may have the name, as one that is just ending: then this one is next. */
  name = g_bus_own_name (G_BUS_TYPE_SESSION, NEKO_DAEMON_BUS_NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                         bus_acquired_cb, NULL, NULL, control, NULL);
  neko_service_start (service);

  g_unix_signal_add (SIGINT, signal_cb, &serving);
  g_unix_signal_add (SIGTERM, signal_cb, &serving);
  g_main_loop_run (loop);
  g_bus_unown_name (name);

  return EXIT_SUCCESS;
}


int
main (int   argc,
      char *argv[])
{
  g_autoptr (NekoCommandLine) command_line = neko_command_line_new ();

  /* libsoup 3.2 loses requests over HTTP/2 where the other side closes the connection. */
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);

  setlocale (LC_ALL, "");

  if (!neko_command_line_parse (command_line, &argc, &argv))
    return NEKO_EXIT_USAGE;

  if (neko_command_line_has_command (command_line))
    return neko_command_line_run (command_line);

  neko_log_start ();

  return serve (neko_command_line_get_options (command_line));
}
