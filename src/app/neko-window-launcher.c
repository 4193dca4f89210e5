/* neko-window-launcher.c - the window, which is a program of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-window-launcher.h"

#include <signal.h>
#include <stdlib.h>

#define PROGRAM "neko-mail-window"

/**
 * NekoWindowLauncher:
 *
 * GTK cannot be unloaded: a program that has shown a window once keeps 60 MB for it, and one whose display
 * goes away is ended by GTK, with whatever else it was doing. So the window is another program, which asks
 * this one over the session bus. It stays for a moment after it was closed, hidden, so that it is there at
 * once if it is wanted again.
 */
struct _NekoWindowLauncher {
  GObject          parent_instance;

  GDBusConnection *bus;
  char            *name;        /* ours, on the bus */
  char            *window_name; /* the window's */
  unsigned         watch;
  GSubprocess     *process;     /* (nullable): not started by us, or over */
  char            *token;       /* (nullable): of the desktop, for who is shown next */
  gboolean         is_there;    /* it answers on the bus */
  gboolean         is_wanted;   /* but it was not told yet, or may be about to end */
};

G_DEFINE_FINAL_TYPE (NekoWindowLauncher, neko_window_launcher, G_TYPE_OBJECT)

enum {
  SHOWN,
  FAILED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


/* Where nothing is installed, as in a build folder, it is beside this program. */
static char *
find_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : "/");
  g_autofree char *beside = g_build_filename (folder, PROGRAM, NULL);

  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);

  return g_build_filename (NEKO_LIBEXEC_DIR, PROGRAM, NULL);
}


static void start (NekoWindowLauncher *self);


/* One that was about to end when it was asked for has to be another one. */
static void
try_again (NekoWindowLauncher *self)
{
  if (self->is_wanted && !self->is_there && self->process == NULL)
    start (self);
}


static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (NekoWindowLauncher) self = user_data;
  GSubprocess *process = G_SUBPROCESS (source);
  gboolean is_good = g_subprocess_wait_check_finish (process, result, NULL);

  /* One that was told to end is not ours any more. */
  if (self->process != process)
    return;

  g_clear_object (&self->process);

  if (is_good) {
    try_again (self);
  } else {
    self->is_wanted = FALSE;
    g_signal_emit (self, signals[FAILED], 0);
  }
}


static void
start (NekoWindowLauncher *self)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *program = find_program ();
  g_autoptr (GError) error = NULL;

  /* It shows itself. */
  self->is_wanted = FALSE;

  if (self->token != NULL) {
    g_subprocess_launcher_setenv (launcher, "DESKTOP_STARTUP_ID", self->token, TRUE);
    g_subprocess_launcher_setenv (launcher, "XDG_ACTIVATION_TOKEN", self->token, TRUE);
  }

  self->process = g_subprocess_launcher_spawn (launcher, &error, program, self->name, NULL);

  if (self->process == NULL) {
    g_printerr ("neko-mail: the window cannot be shown: %s: %s\n", program, error->message);
    g_signal_emit (self, signals[FAILED], 0);
    return;
  }

  g_subprocess_wait_async (self->process, NULL, ended_cb, g_object_ref (self));
}


static void
activated_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (NekoWindowLauncher) self = user_data;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                               NULL);

  if (answer != NULL)
    self->is_wanted = FALSE;
  else
    try_again (self);
}


static void
activate (NekoWindowLauncher *self)
{
  g_autofree char *path = g_strconcat ("/", self->window_name, NULL);
  GVariantBuilder data;

  g_variant_builder_init (&data, G_VARIANT_TYPE_VARDICT);

  if (self->token != NULL) {
    g_variant_builder_add (&data, "{sv}", "desktop-startup-id", g_variant_new_string (self->token));
    g_variant_builder_add (&data, "{sv}", "activation-token", g_variant_new_string (self->token));
  }

  /* As GApplication makes it of its name. */
  g_strdelimit (path, ".", '/');
  g_strdelimit (path, "-", '_');
  g_dbus_connection_call (self->bus, self->window_name, path, "org.freedesktop.Application",
                          "Activate", g_variant_new ("(a{sv})", &data), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, activated_cb,
                          g_object_ref (self));
}


/**
 * neko_window_launcher_show:
 * @token: (nullable): from the desktop, which lets a window come to the front only with one
 *
 * Shows the window: the one that is there, or another one. Emits "shown" or "failed", in this call already
 * if there is no such program.
 */
void
neko_window_launcher_show (NekoWindowLauncher *self,
                           const char         *token)
{
  g_return_if_fail (NEKO_IS_WINDOW_LAUNCHER (self));

  g_free (self->token);
  self->token = g_strdup (token);
  self->is_wanted = TRUE;

  if (self->is_there)
    activate (self);
  else if (self->process == NULL)
    start (self);
}


/* Not g_subprocess_send_signal(): that leaves it to another thread, which a program that ends right after may not
 * live to see. */
static void
terminate (GSubprocess *process)
{
  const char *identifier = g_subprocess_get_identifier (process);

  if (identifier != NULL)
    kill (atoi (identifier), SIGTERM);
}


/**
 * neko_window_launcher_close:
 *
 * Ends the window's program.
 */
void
neko_window_launcher_close (NekoWindowLauncher *self)
{
  g_autoptr (GSubprocess) process = NULL;

  g_return_if_fail (NEKO_IS_WINDOW_LAUNCHER (self));

  self->is_wanted = FALSE;
  process = g_steal_pointer (&self->process);

  if (process != NULL)
    terminate (process);
}


static void
appeared_cb (GDBusConnection *bus,
             const char      *name,
             const char      *owner,
             gpointer         user_data)
{
  NekoWindowLauncher *self = user_data;

  self->is_there = TRUE;
  self->is_wanted = FALSE;
  g_signal_emit (self, signals[SHOWN], 0);
}


static void
vanished_cb (GDBusConnection *bus,
             const char      *name,
             gpointer         user_data)
{
  NekoWindowLauncher *self = user_data;

  self->is_there = FALSE;
  try_again (self);
}


static void
neko_window_launcher_dispose (GObject *object)
{
  NekoWindowLauncher *self = NEKO_WINDOW_LAUNCHER (object);

  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  g_clear_object (&self->process);
  g_clear_object (&self->bus);

  G_OBJECT_CLASS (neko_window_launcher_parent_class)->dispose (object);
}


static void
neko_window_launcher_finalize (GObject *object)
{
  NekoWindowLauncher *self = NEKO_WINDOW_LAUNCHER (object);

  g_free (self->name);
  g_free (self->window_name);
  g_free (self->token);

  G_OBJECT_CLASS (neko_window_launcher_parent_class)->finalize (object);
}


static void
neko_window_launcher_class_init (NekoWindowLauncherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_window_launcher_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_window_launcher_finalize;

  /**
   * NekoWindowLauncher::shown:
   *
   * The window's program is there, and shows it.
   */
  signals[SHOWN] = g_signal_new ("shown", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                 NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * NekoWindowLauncher::failed:
   *
   * The window could not be shown, or broke off. Why was said on standard error.
   */
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_window_launcher_init (NekoWindowLauncher *self)
{
}


/**
 * neko_window_launcher_new:
 * @bus: the session bus
 * @name: the name there of this program
 *
 * Returns: (transfer full): a launcher that has shown nothing
 */
NekoWindowLauncher *
neko_window_launcher_new (GDBusConnection *bus,
                          const char      *name)
{
  NekoWindowLauncher *self = g_object_new (NEKO_TYPE_WINDOW_LAUNCHER, NULL);

  self->bus = g_object_ref (bus);
  self->name = g_strdup (name);
  self->window_name = g_strconcat (name, ".Window", NULL);
  self->watch = g_bus_watch_name_on_connection (bus, self->window_name,
                                                G_BUS_NAME_WATCHER_FLAGS_NONE, appeared_cb,
                                                vanished_cb, self, NULL);

  return self;
}
