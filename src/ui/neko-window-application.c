/* neko-window-application.c - the program that is the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-window-application.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>

#include "neko-window.h"

#define ICONS "/io/github/nekomail/NekoMail/icons"

/**
 * NekoWindowApplication:
 *
 * Shows the window whenever it is activated. Once that was closed it is only hidden, to be there at once if
 * it is wanted again; a while later the program ends, which gives all of its memory back.
 *
 * It is no #GtkApplication: the desktop is to take its window for one of the program in the background, which
 * has the desktop entry.
 */
struct _NekoWindowApplication {
  GApplication parent_instance;

  char        *program; /* the name on the bus of the program in the background */
  NekoModel   *model;   /* (nullable): before it started */
  NekoWindow  *window;  /* (nullable): not shown yet */
  char        *token;   /* (nullable): the desktop's, for the activation that comes next */
  unsigned     signal_source;
  gboolean     is_held;
  gboolean     has_failed;
};

G_DEFINE_FINAL_TYPE (NekoWindowApplication, neko_window_application, G_TYPE_APPLICATION)


static void
fail (NekoWindowApplication *self,
      const char            *message)
{
  g_printerr ("neko-mail: %s\n", message);
  self->has_failed = TRUE;
  g_application_quit (G_APPLICATION (self));
}


/* While it is shown it stays. */
static void
visible_cb (NekoWindowApplication *self)
{
  gboolean is_visible = gtk_widget_get_visible (GTK_WIDGET (self->window));

  if (is_visible == self->is_held)
    return;

  self->is_held = is_visible;

  if (is_visible)
    g_application_hold (G_APPLICATION (self));
  else
    g_application_release (G_APPLICATION (self));
}


static void
make_window (NekoWindowApplication *self)
{
  self->window = g_object_ref (neko_window_new (self->model));
  g_signal_connect_object (self->window, "notify::visible", G_CALLBACK (visible_cb), self,
                           G_CONNECT_SWAPPED);
}


/* What the pages have begun tidies up before the program ends. */
static gboolean
terminated_cb (gpointer user_data)
{
  NekoWindowApplication *self = user_data;

  self->signal_source = 0;
  g_application_set_inactivity_timeout (G_APPLICATION (self), 0);
  g_application_hold (G_APPLICATION (self));

  if (self->window != NULL)
    neko_window_end (self->window);

  g_application_release (G_APPLICATION (self));

  return G_SOURCE_REMOVE;
}


static void
neko_window_application_activate (GApplication *application)
{
  NekoWindowApplication *self = NEKO_WINDOW_APPLICATION (application);

  if (self->model == NULL)
    return;

  if (self->window == NULL)
    make_window (self);

  if (self->token != NULL)
    gtk_window_set_startup_id (GTK_WINDOW (self->window), self->token);

  gtk_window_present (GTK_WINDOW (self->window));
}


static void
neko_window_application_before_emit (GApplication *application,
                                     GVariant     *platform_data)
{
  NekoWindowApplication *self = NEKO_WINDOW_APPLICATION (application);
  const char *token = NULL;

  if (!g_variant_lookup (platform_data, "activation-token", "&s", &token))
    g_variant_lookup (platform_data, "desktop-startup-id", "&s", &token);

  g_free (self->token);
  self->token = g_strdup (token);
  G_APPLICATION_CLASS (neko_window_application_parent_class)->before_emit (application, platform_data);
}


static void
neko_window_application_startup (GApplication *application)
{
  NekoWindowApplication *self = NEKO_WINDOW_APPLICATION (application);
  GDBusConnection *bus = g_application_get_dbus_connection (application);
  g_autoptr (GError) error = NULL;

  G_APPLICATION_CLASS (neko_window_application_parent_class)->startup (application);

  if (bus == NULL) {
    fail (self, "the window needs a session bus; --background and neko-maild need none");
    return;
  }

  adw_init ();
  gtk_window_set_default_icon_name (NEKO_APPLICATION_ID);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), ICONS);
  self->model = neko_model_new (bus, self->program, &error);

  if (self->model == NULL)
    fail (self, error->message);

  self->signal_source = g_unix_signal_add (SIGTERM, terminated_cb, self);
}


static void
neko_window_application_shutdown (GApplication *application)
{
  NekoWindowApplication *self = NEKO_WINDOW_APPLICATION (application);

  g_clear_handle_id (&self->signal_source, g_source_remove);
  /* It is not destroyed: the main loop runs on for a moment, and GTK 4.8 asks such a window for its size then. */
  g_clear_object (&self->window);
  g_clear_object (&self->model);

  G_APPLICATION_CLASS (neko_window_application_parent_class)->shutdown (application);
}


static void
neko_window_application_finalize (GObject *object)
{
  NekoWindowApplication *self = NEKO_WINDOW_APPLICATION (object);

  g_free (self->program);
  g_free (self->token);

  G_OBJECT_CLASS (neko_window_application_parent_class)->finalize (object);
}


static void
neko_window_application_class_init (NekoWindowApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_window_application_finalize;
  G_APPLICATION_CLASS (klass)->activate = neko_window_application_activate;
  G_APPLICATION_CLASS (klass)->before_emit = neko_window_application_before_emit;
  G_APPLICATION_CLASS (klass)->startup = neko_window_application_startup;
  G_APPLICATION_CLASS (klass)->shutdown = neko_window_application_shutdown;
}


static void
neko_window_application_init (NekoWindowApplication *self)
{
}


/**
 * neko_window_application_new:
 * @program: the name on the session bus of the program in the background
 * @seconds: how long it stays after the window was closed
 *
 * Returns: (transfer full): the program, which is to be run
 */
NekoWindowApplication *
neko_window_application_new (const char *program,
                             unsigned    seconds)
{
  g_autofree char *id = g_strconcat (program, ".Window", NULL);
  NekoWindowApplication *self = g_object_new (NEKO_TYPE_WINDOW_APPLICATION,
                                              "application-id", id,
                                              "inactivity-timeout", seconds * 1000,
                                              NULL);

  self->program = g_strdup (program);

  return self;
}


/**
 * neko_window_application_run:
 *
 * Returns: an exit status; where it could not show the window, it said why on standard error
 */
int
neko_window_application_run (NekoWindowApplication *self)
{
  int status;

  /* Before it has a name on the bus, by which others take it for there. */
  if (!gtk_init_check ()) {
    g_printerr ("neko-mail: there is no display; --background and neko-maild need none\n");
    return EXIT_FAILURE;
  }

  status = g_application_run (G_APPLICATION (self), 0, NULL);

  return self->has_failed ? EXIT_FAILURE : status;
}
