/* neko-sleep-watch.c - hears when the computer has slept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-sleep-watch.h"

/**
 * NekoSleepWatch:
 *
 * Listens to logind. Where there is no system bus or no logind it hears nothing: that a connection ended in
 * sleep is then found out by what is sent over it.
 */
struct _NekoSleepWatch {
  GObject          parent_instance;

  GCancellable    *cancellable;
  GDBusConnection *bus;          /* (nullable) */
  unsigned         subscription;
};

G_DEFINE_FINAL_TYPE (NekoSleepWatch, neko_sleep_watch, G_TYPE_OBJECT)

enum {
  RESUMED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


/* It is told of twice: before the computer sleeps, and afterwards. */
static void
prepare_cb (GDBusConnection *bus,
            const char      *sender,
            const char      *path,
            const char      *interface,
            const char      *name,
            GVariant        *parameters,
            gpointer         user_data)
{
  gboolean is_beginning;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (parameters, "(b)", &is_beginning);

  if (!is_beginning)
    g_signal_emit (user_data, signals[RESUMED], 0);
}


static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (NekoSleepWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL) {
    g_debug ("Sleep is not heard of: %s", error->message);
    return;
  }

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  /* Mail goes on where the system's bus ends. */
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->bus = g_steal_pointer (&bus);
  self->subscription = g_dbus_connection_signal_subscribe (self->bus, "org.freedesktop.login1",
                                                           "org.freedesktop.login1.Manager",
                                                           "PrepareForSleep", "/org/freedesktop/login1",
                                                           NULL, G_DBUS_SIGNAL_FLAGS_NONE, prepare_cb,
                                                           self, NULL);
}


static void
neko_sleep_watch_dispose (GObject *object)
{
  NekoSleepWatch *self = NEKO_SLEEP_WATCH (object);

  g_cancellable_cancel (self->cancellable);

  if (self->bus != NULL)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);

  g_clear_object (&self->bus);

  G_OBJECT_CLASS (neko_sleep_watch_parent_class)->dispose (object);
}


static void
neko_sleep_watch_finalize (GObject *object)
{
  g_object_unref (NEKO_SLEEP_WATCH (object)->cancellable);

  G_OBJECT_CLASS (neko_sleep_watch_parent_class)->finalize (object);
}


static void
neko_sleep_watch_class_init (NekoSleepWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_sleep_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_sleep_watch_finalize;

  /**
   * NekoSleepWatch::resumed:
   *
   * The computer has slept and is awake again.
   */
  signals[RESUMED] = g_signal_new ("resumed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_sleep_watch_init (NekoSleepWatch *self)
{
  self->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, connected_cb, g_object_ref (self));
}


NekoSleepWatch *
neko_sleep_watch_new (void)
{
  return g_object_new (NEKO_TYPE_SLEEP_WATCH, NULL);
}
