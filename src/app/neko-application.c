/* neko-application.c - the program with a window, which it need not show
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-application.h"

#include <glib-unix.h>
#include <stdlib.h>

#include "neko-application-actions.h"
#include "neko-command-line.h"
#include "neko-log.h"
#include "neko-notifier.h"
#include "neko-service-control.h"
#include "neko-status-icon.h"
#include "neko-window-launcher.h"

/**
 * NekoApplication:
 *
 * Runs the service in the background from login on, so it is a #GApplication and not a
 * #GtkApplication, and shows its window by another program, see #NekoWindowLauncher. That it ends is for
 * the user to say, and not for the last window.
 */
struct _NekoApplication {
  GApplication        parent_instance;

  NekoServiceOptions *options;
  NekoService        *service;  /* (nullable): before it started */
  NekoServiceControl *control;  /* (nullable): before it started */
  NekoNotifier       *notifier; /* (nullable): before it started */
  NekoStatusIcon     *icon;     /* (nullable): while it does not run, or without a session bus */
  NekoWindowLauncher *launcher; /* (nullable): there is no session bus */
  GCancellable       *patience; /* cancelled to stop at once */
  char               *token;    /* (nullable): the desktop's, for the activation that comes next */
  gboolean            is_background;
  gboolean            is_resident; /* it goes on where there is no window to be shown */
  gboolean            is_stopping;
  gboolean            is_wanted;   /* it was launched while it was stopping */
  gboolean            has_failed;
  unsigned            interrupt;
  unsigned            terminate;
};

G_DEFINE_FINAL_TYPE (NekoApplication, neko_application, G_TYPE_APPLICATION)


static void
new_mail_cb (NekoApplication *self)
{
  if (self->icon != NULL)
    neko_status_icon_set_new_mail (self->icon, neko_notifier_has_mail (self->notifier));
}


static void
icon_shown_cb (NekoApplication *self)
{
  neko_service_control_set_tray_shown (self->control,
                                       self->icon != NULL && neko_status_icon_is_shown (self->icon));
}


static void
icon_activated_cb (NekoApplication *self,
                   const char      *token)
{
  g_free (self->token);
  self->token = g_strdup (token);
  g_application_activate (G_APPLICATION (self));
}


static void
run (NekoApplication *self)
{
  neko_service_start (self->service);

  if (self->launcher == NULL)
    return;

  self->icon = neko_status_icon_new (self->service, G_ACTION_GROUP (self));
  g_signal_connect_object (self->icon, "activated", G_CALLBACK (icon_activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->icon, "notify::is-shown", G_CALLBACK (icon_shown_cb), self,
                           G_CONNECT_SWAPPED);
  new_mail_cb (self);
}


/* Somebody may have launched it again in the meantime, and waits for a window. */
static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoApplication) self = user_data;

  neko_service_stop_finish (NEKO_SERVICE (source), result, NULL);
  self->is_stopping = FALSE;

  if (self->is_wanted) {
    self->is_wanted = FALSE;
    run (self);
    g_application_activate (G_APPLICATION (self));
  } else {
    g_application_quit (G_APPLICATION (self));
  }
}


static void
stop (NekoApplication *self)
{
  if (self->is_stopping)
    return;

  self->is_stopping = TRUE;
  g_clear_object (&self->icon);

  if (self->launcher != NULL)
    neko_window_launcher_close (self->launcher);

  neko_service_stop_async (self->service, self->patience, stopped_cb, g_object_ref (self));
}


static void
window_shown_cb (NekoApplication *self)
{
  self->is_resident = TRUE;
}


/* Whoever launched it sees nothing of it, and can only be told by its end; where it is not the window that
 * matters, the next launch tries again. */
static void
window_failed_cb (NekoApplication *self)
{
  if (self->is_resident) {
    neko_log_event (G_LOG_LEVEL_MESSAGE, "window-failed",
                    "The window broke off; mail programs are served on");
    return;
  }

  self->has_failed = TRUE;
  stop (self);
}


static void
show_window (NekoApplication *self)
{
  neko_notifier_forget_mail (self->notifier);

  if (self->launcher != NULL) {
    neko_window_launcher_show (self->launcher, self->token);
    return;
  }

  g_printerr ("neko-mail: the window needs a session bus; --background and neko-maild need none\n");
  window_failed_cb (self);
}


static void
neko_application_activate (GApplication *application)
{
  NekoApplication *self = NEKO_APPLICATION (application);

  /* It did not start, and is about to end. */
  if (self->service == NULL)
    return;

  if (self->is_stopping) {
    self->is_wanted = TRUE;
    return;
  }

  if (self->is_background) {
    /* The next launch is somebody who wants to see something. */
    self->is_background = FALSE;
    self->is_resident = TRUE;
    return;
  }

  show_window (self);
  g_clear_pointer (&self->token, g_free);
}


/* With what the desktop gave to the program that asks, its window comes to the front. */
static void
neko_application_before_emit (GApplication *application,
                              GVariant     *platform_data)
{
  NekoApplication *self = NEKO_APPLICATION (application);
  const char *token = NULL;

  if (!g_variant_lookup (platform_data, "activation-token", "&s", &token))
    g_variant_lookup (platform_data, "desktop-startup-id", "&s", &token);

  g_free (self->token);
  self->token = g_strdup (token);
  G_APPLICATION_CLASS (neko_application_parent_class)->before_emit (application, platform_data);
}


/* The second signal is from somebody who does not want to wait. */
static gboolean
signal_cb (gpointer user_data)
{
  NekoApplication *self = user_data;

  self->is_wanted = FALSE;

  if (self->is_stopping)
    g_cancellable_cancel (self->patience);
  else
    stop (self);

  return G_SOURCE_CONTINUE;
}


/**
 * neko_application_stop:
 *
 * Says goodbye to the mail programs, and ends the program.
 */
void
neko_application_stop (NekoApplication *self)
{
  g_return_if_fail (NEKO_IS_APPLICATION (self));

  self->is_wanted = FALSE;
  stop (self);
}


/**
 * neko_application_steal_token:
 *
 * Returns: (transfer full) (nullable): what lets the next window come to the front, where whoever asked for
 *   something over the bus gave it; it is good for one window
 */
char *
neko_application_steal_token (NekoApplication *self)
{
  g_return_val_if_fail (NEKO_IS_APPLICATION (self), NULL);

  return g_steal_pointer (&self->token);
}


/**
 * neko_application_forget_mail:
 *
 * The user looks at the mail now: none of it is new any more.
 */
void
neko_application_forget_mail (NekoApplication *self)
{
  g_return_if_fail (NEKO_IS_APPLICATION (self));

  neko_notifier_forget_mail (self->notifier);
}


/* Without a session bus there is nobody to answer, and no window. */
static void
connect_to_bus (NekoApplication *self)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (self));
  g_autofree char *token_file = neko_service_options_dup_token_file (self->options);
  g_autoptr (GError) error = NULL;

  self->control = neko_service_control_new (self->service, token_file);
  g_signal_connect_object (self->control, "quit", G_CALLBACK (neko_application_stop), self,
                           G_CONNECT_SWAPPED);

  if (bus == NULL)
    return;

  if (!neko_service_control_export (self->control, bus, &error))
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "not-reachable", error,
                      "The commands cannot reach this program");

  self->launcher = neko_window_launcher_new (bus, g_application_get_application_id (G_APPLICATION (self)));
  g_signal_connect_object (self->launcher, "shown", G_CALLBACK (window_shown_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->launcher, "failed", G_CALLBACK (window_failed_cb), self,
                           G_CONNECT_SWAPPED);
}


static void
neko_application_startup (GApplication *application)
{
  NekoApplication *self = NEKO_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  G_APPLICATION_CLASS (neko_application_parent_class)->startup (application);

  /* The desktop started it, for a window or for something else. */
  self->is_resident = (g_application_get_flags (application) & G_APPLICATION_IS_SERVICE) != 0;
  self->service = neko_service_options_create (self->options, &error);

  if (self->service == NULL) {
    g_printerr ("neko-mail: %s\n", error->message);
    self->has_failed = TRUE;
    g_application_quit (application);
    return;
  }

  /* It ends when the service has stopped, and not when the last window is gone. */
  g_application_hold (application);
  self->interrupt = g_unix_signal_add (SIGINT, signal_cb, self);
  self->terminate = g_unix_signal_add (SIGTERM, signal_cb, self);
  connect_to_bus (self);
  self->notifier = neko_notifier_new (application, self->service);
  neko_application_actions_add (self, self->service);
  g_signal_connect_object (self->notifier, "changed", G_CALLBACK (new_mail_cb), self, G_CONNECT_SWAPPED);
  run (self);
}


static void
neko_application_shutdown (GApplication *application)
{
  NekoApplication *self = NEKO_APPLICATION (application);

  g_clear_handle_id (&self->interrupt, g_source_remove);
  g_clear_handle_id (&self->terminate, g_source_remove);

  g_clear_object (&self->icon);
  g_clear_object (&self->launcher);
  g_clear_object (&self->notifier);
  g_clear_object (&self->control);
  g_clear_object (&self->service);

  G_APPLICATION_CLASS (neko_application_parent_class)->shutdown (application);
}


static int
neko_application_handle_local_options (GApplication *application,
                                       GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;

  g_print ("neko-mail %s\n", NEKO_VERSION);

  return EXIT_SUCCESS;
}


static void
neko_application_finalize (GObject *object)
{
  NekoApplication *self = NEKO_APPLICATION (object);

  neko_service_options_free (self->options);
  g_object_unref (self->patience);
  g_free (self->token);

  G_OBJECT_CLASS (neko_application_parent_class)->finalize (object);
}


static void
neko_application_class_init (NekoApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_application_finalize;
  G_APPLICATION_CLASS (klass)->activate = neko_application_activate;
  G_APPLICATION_CLASS (klass)->before_emit = neko_application_before_emit;
  G_APPLICATION_CLASS (klass)->handle_local_options = neko_application_handle_local_options;
  G_APPLICATION_CLASS (klass)->startup = neko_application_startup;
  G_APPLICATION_CLASS (klass)->shutdown = neko_application_shutdown;
}


static void
neko_application_init (NekoApplication *self)
{
  const GOptionEntry entries[] = {
    { "background", 0, 0, G_OPTION_ARG_NONE, &self->is_background,
      "Run without a window until launched again", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, "Show the version", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autofree char *commands = neko_command_line_dup_description ();

  self->options = neko_service_options_new ();
  self->patience = g_cancellable_new ();
  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_add_main_option_entries (G_APPLICATION (self),
                                         neko_service_options_get_entries (self->options));
  g_application_set_option_context_parameter_string (G_APPLICATION (self), "[COMMAND …]");
  g_application_set_option_context_description (G_APPLICATION (self), commands);
}


/**
 * neko_application_run:
 *
 * Returns: an exit status; 1 where the service could not start, or the window not be shown, which was said
 *   on standard error
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
