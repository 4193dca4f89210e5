/* neko-keyring-watch.c - hears when the desktop's keyring may have opened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-keyring-watch.h"

#include "neko-secret-portal.h"
#include "neko-surroundings.h"

#define BUS_NAME "org.freedesktop.secrets"
#define PATH "/org/freedesktop/secrets"


/* Keyrings tell of the same thing in more than one way. */
#define SETTLE_TIME 100 /* milliseconds */

/**
 * NekoKeyringWatch:
 *
 * Listens to the Secret Service: it starts none, asks it nothing and opens no prompt.
 */
struct _NekoKeyringWatch {
  GObject          parent_instance;

  unsigned         name;
  unsigned         portal;
  GDBusConnection *bus;       /* (nullable): no keyring runs */
  unsigned         collections;
  unsigned         properties;
  unsigned         settling;  /* source that tells of what was heard */
};

G_DEFINE_FINAL_TYPE (NekoKeyringWatch, neko_keyring_watch, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static gboolean
settled_cb (gpointer user_data)
{
  NekoKeyringWatch *self = user_data;

  self->settling = 0;
  g_signal_emit (self, signals[CHANGED], 0);

  return G_SOURCE_REMOVE;
}


static void
settle (NekoKeyringWatch *self)
{
  if (self->settling == 0)
    self->settling = g_timeout_add (SETTLE_TIME, settled_cb, self);
}


static void
heard_cb (GDBusConnection *bus,
          const char      *sender,
          const char      *path,
          const char      *interface,
          const char      *name,
          GVariant        *parameters,
          gpointer         user_data)
{
  settle (user_data);
}


static void
unsubscribe (NekoKeyringWatch *self)
{
  if (self->bus == NULL)
    return;

  g_dbus_connection_signal_unsubscribe (self->bus, self->collections);
  g_dbus_connection_signal_unsubscribe (self->bus, self->properties);
  g_clear_object (&self->bus);
}


/* Collections that come, go or are unlocked are told of by the service, and by themselves; not every
 * keyring does both. */
static void
appeared_cb (GDBusConnection *bus,
             const char      *name,
             const char      *owner,
             gpointer         user_data)
{
  NekoKeyringWatch *self = user_data;

  unsubscribe (self);
  self->bus = g_object_ref (bus);
  self->collections = g_dbus_connection_signal_subscribe (bus, BUS_NAME,
                                                          "org.freedesktop.Secret.Service", NULL, PATH,
                                                          NULL, G_DBUS_SIGNAL_FLAGS_NONE, heard_cb,
                                                          self, NULL);
  self->properties = g_dbus_connection_signal_subscribe (bus, BUS_NAME,
                                                         "org.freedesktop.DBus.Properties",
                                                         "PropertiesChanged", NULL,
                                                         "org.freedesktop.Secret.Collection",
                                                         G_DBUS_SIGNAL_FLAGS_NONE, heard_cb, self, NULL);
  settle (self);
}


static void
vanished_cb (GDBusConnection *bus,
             const char      *name,
             gpointer         user_data)
{
  unsubscribe (user_data);
}


static void
portal_appeared_cb (GDBusConnection *bus,
                    const char      *name,
                    const char      *owner,
                    gpointer         user_data)
{
  settle (user_data);
}


static void
neko_keyring_watch_dispose (GObject *object)
{
  NekoKeyringWatch *self = NEKO_KEYRING_WATCH (object);

  g_clear_handle_id (&self->name, g_bus_unwatch_name);
  g_clear_handle_id (&self->portal, g_bus_unwatch_name);
  g_clear_handle_id (&self->settling, g_source_remove);
  unsubscribe (self);

  G_OBJECT_CLASS (neko_keyring_watch_parent_class)->dispose (object);
}


static void
neko_keyring_watch_class_init (NekoKeyringWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_keyring_watch_dispose;

  /**
   * NekoKeyringWatch::changed:
   *
   * A keyring runs, and is perhaps another one than it was, or open now. This also comes once for one that
   * runs already.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_keyring_watch_init (NekoKeyringWatch *self)
{
  self->name = g_bus_watch_name (G_BUS_TYPE_SESSION, BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                 appeared_cb, vanished_cb, self, NULL);

  /* What a sandbox has in its place. It tells nothing of a keyring that is unlocked: who waits for that asks again. */
  if (neko_surroundings_are_flatpak ())
    self->portal = g_bus_watch_name (G_BUS_TYPE_SESSION, NEKO_SECRET_PORTAL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                     portal_appeared_cb, NULL, self, NULL);
}


NekoKeyringWatch *
neko_keyring_watch_new (void)
{
  return g_object_new (NEKO_TYPE_KEYRING_WATCH, NULL);
}
