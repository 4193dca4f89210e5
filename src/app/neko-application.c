/* neko-application.c - the program with a window, which it need not show
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-application.h"

#include <glib-unix.h>
#include <stdlib.h>

#include "neko-service-options.h"
#include "neko-window.h"

/**
 * NekoApplication:
 *
 * Runs the service in the background from login on, so it is a #GApplication and not a
 * #GtkApplication: GTK costs 40 MB even without a window, and is initialised when the window is asked
 * for the first time.
 */
struct _NekoApplication {
  GApplication        parent_instance;

  NekoServiceOptions *options;
  NekoService        *service; /* (nullable): before it started */
  GtkWindow          *window;  /* (nullable): not shown yet, or closed */
  gboolean            is_background;
  gboolean            has_failed;
  unsigned            interrupt;
  unsigned            terminate;
};

G_DEFINE_FINAL_TYPE (NekoApplication, neko_application, G_TYPE_APPLICATION)


static gboolean
init_gtk (void)
{
  if (gtk_is_initialized ())
    return TRUE;

  /* Wayland's application id, by which the desktop finds the icon. */
  g_set_prgname (NEKO_APPLICATION_ID);

  if (!gtk_init_check ())
    return FALSE;

  adw_init ();

  return TRUE;
}


static gboolean
close_request_cb (NekoApplication *self)
{
  self->window = NULL;
  g_application_release (G_APPLICATION (self));

  return GDK_EVENT_PROPAGATE;
}


static void
neko_application_activate (GApplication *application)
{
  NekoApplication *self = NEKO_APPLICATION (application);

  /* It did not start, and is about to end. */
  if (self->service == NULL)
    return;

  if (self->is_background) {
    /* The next launch is somebody who wants to see something. */
    self->is_background = FALSE;
    g_application_hold (application);
    return;
  }

  if (self->window == NULL) {
    if (!init_gtk ()) {
      g_printerr ("neko-mail: there is no display; --background and neko-maild need none\n");
      return;
    }

    self->window = GTK_WINDOW (neko_window_new (self->service));
    g_application_hold (application);
    g_signal_connect_object (self->window, "close-request", G_CALLBACK (close_request_cb), self,
                             G_CONNECT_SWAPPED);
  }

  gtk_window_present (self->window);
}


static gboolean
signal_cb (gpointer user_data)
{
  g_application_quit (G_APPLICATION (user_data));

  return G_SOURCE_CONTINUE;
}


static void
neko_application_startup (GApplication *application)
{
  NekoApplication *self = NEKO_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  G_APPLICATION_CLASS (neko_application_parent_class)->startup (application);

  self->interrupt = g_unix_signal_add (SIGINT, signal_cb, self);
  self->terminate = g_unix_signal_add (SIGTERM, signal_cb, self);
  self->service = neko_service_options_create (self->options, &error);

  if (self->service == NULL) {
    g_printerr ("neko-mail: %s\n", error->message);
    self->has_failed = TRUE;
    g_application_quit (application);
    return;
  }

  neko_service_start (self->service);
}


static void
neko_application_shutdown (GApplication *application)
{
  NekoApplication *self = NEKO_APPLICATION (application);

  g_clear_handle_id (&self->interrupt, g_source_remove);
  g_clear_handle_id (&self->terminate, g_source_remove);

  if (self->window != NULL)
    gtk_window_destroy (g_steal_pointer (&self->window));

  if (self->service != NULL)
    neko_service_stop (self->service);

  g_clear_object (&self->service);

  G_APPLICATION_CLASS (neko_application_parent_class)->shutdown (application);
}


static void
neko_application_finalize (GObject *object)
{
  neko_service_options_free (NEKO_APPLICATION (object)->options);

  G_OBJECT_CLASS (neko_application_parent_class)->finalize (object);
}


static void
neko_application_class_init (NekoApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_application_finalize;
  G_APPLICATION_CLASS (klass)->activate = neko_application_activate;
  G_APPLICATION_CLASS (klass)->startup = neko_application_startup;
  G_APPLICATION_CLASS (klass)->shutdown = neko_application_shutdown;
}


static void
neko_application_init (NekoApplication *self)
{
  const GOptionEntry entries[] = {
    { "background", 0, 0, G_OPTION_ARG_NONE, &self->is_background,
      "Run without a window until launched again", NULL },
    G_OPTION_ENTRY_NULL
  };

  self->options = neko_service_options_new ();
  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_add_main_option_entries (G_APPLICATION (self),
                                         neko_service_options_get_entries (self->options));
}


/**
 * neko_application_run:
 *
 * Returns: an exit status; 1 where the service could not start, which was said on standard error
 */
int
neko_application_run (NekoApplication *self,
                      int              argc,
                      char           **argv)
{
  int status = g_application_run (G_APPLICATION (self), argc, argv);

  return self->has_failed ? EXIT_FAILURE : status;
}


NekoApplication *
neko_application_new (void)
{
  return g_object_new (NEKO_TYPE_APPLICATION,
                       "application-id", NEKO_APPLICATION_ID,
                       "flags", G_APPLICATION_CAN_OVERRIDE_APP_ID,
                       NULL);
}
