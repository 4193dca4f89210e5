/* neko-tray-watcher.c - whoever keeps the items of the tray, as long as there is one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tray-watcher.h"

#define WATCHER "org.kde.StatusNotifierWatcher"
#define WATCHER_PATH "/StatusNotifierWatcher"

/**
 * NekoTrayWatcher:
 *
 * The desktop's part that keeps the items may come after us, go, and come again; each of them has to be told anew.
 * It may be there without a host, that is, without anything to be seen.
 */
struct _NekoTrayWatcher {
  GObject          parent_instance;

  GDBusConnection *connection;
  GCancellable    *cancellable;   /* (nullable): of what the present watcher was asked */
  gboolean         is_registered; /* with the present watcher */
  gboolean         has_host;
  guint            name_watch;
  guint            host_signals;
};

G_DEFINE_FINAL_TYPE (NekoTrayWatcher, neko_tray_watcher, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_IS_SHOWN,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];


static void
set_state (NekoTrayWatcher *self,
           gboolean         is_registered,
           gboolean         has_host)
{
  gboolean was_shown = neko_tray_watcher_is_shown (self);

  self->is_registered = is_registered;
  self->has_host = has_host;

  if (neko_tray_watcher_is_shown (self) != was_shown)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_SHOWN]);
}


static void
registered_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (NekoTrayWatcher) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  /* That watcher is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (answer == NULL)
    g_message ("The tray does not take our item: %s", error->message);

  set_state (self, answer != NULL, self->has_host);
}


static void
host_known_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (NekoTrayWatcher) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) value = NULL;

  answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (answer == NULL)
    g_message ("The tray does not say whether it is shown: %s", error->message);
  else
    g_variant_get (answer, "(v)", &value);

  set_state (self, self->is_registered,
             value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) &&
             g_variant_get_boolean (value));
}


static void
ask_for_host (NekoTrayWatcher *self)
{
  g_dbus_connection_call (self->connection, WATCHER, WATCHER_PATH, "org.freedesktop.DBus.Properties",
                          "Get", g_variant_new ("(ss)", WATCHER, "IsStatusNotifierHostRegistered"),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                          self->cancellable, host_known_cb, g_object_ref (self));
}


/* A Flatpak may not own another name, and every watcher knows the unique one. */
static void
register_item (NekoTrayWatcher *self)
{
  const char *name = g_dbus_connection_get_unique_name (self->connection);

  g_dbus_connection_call (self->connection, WATCHER, WATCHER_PATH, WATCHER,
                          "RegisterStatusNotifierItem", g_variant_new ("(s)", name), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, self->cancellable, registered_cb,
                          g_object_ref (self));
}


static void
forget_watcher (NekoTrayWatcher *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}


static void
watcher_appeared_cb (GDBusConnection *connection,
                     const char      *name,
                     const char      *owner,
                     gpointer         user_data)
{
  NekoTrayWatcher *self = user_data;

  forget_watcher (self);
  self->cancellable = g_cancellable_new ();
  register_item (self);
  ask_for_host (self);
}


static void
watcher_vanished_cb (GDBusConnection *connection,
                     const char      *name,
                     gpointer         user_data)
{
  NekoTrayWatcher *self = user_data;

  forget_watcher (self);
  set_state (self, FALSE, FALSE);
}


/* A host came or went, of which there may be others. */
static void
hosts_changed_cb (GDBusConnection *connection,
                  const char      *sender,
                  const char      *path,
                  const char      *interface,
                  const char      *signal,
                  GVariant        *parameters,
                  gpointer         user_data)
{
  NekoTrayWatcher *self = user_data;

  if (self->cancellable != NULL && g_str_has_prefix (signal, "StatusNotifierHost"))
    ask_for_host (self);
}


static void
neko_tray_watcher_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  if (id == PROP_IS_SHOWN)
    g_value_set_boolean (value, neko_tray_watcher_is_shown (NEKO_TRAY_WATCHER (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}


static void
neko_tray_watcher_dispose (GObject *object)
{
  NekoTrayWatcher *self = NEKO_TRAY_WATCHER (object);

  g_clear_handle_id (&self->name_watch, g_bus_unwatch_name);

  if (self->host_signals != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->host_signals);

  self->host_signals = 0;
  forget_watcher (self);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (neko_tray_watcher_parent_class)->dispose (object);
}


static void
neko_tray_watcher_class_init (NekoTrayWatcherClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = neko_tray_watcher_get_property;
  G_OBJECT_CLASS (klass)->dispose = neko_tray_watcher_dispose;

  /**
   * NekoTrayWatcher:is-shown:
   *
   * Whether the item is kept, and there is a host to show it.
   */
  properties[PROP_IS_SHOWN] = g_param_spec_boolean ("is-shown", NULL, NULL, FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
}


static void
neko_tray_watcher_init (NekoTrayWatcher *self)
{
}


/**
 * neko_tray_watcher_new:
 * @connection: to a bus, where the item is exported already
 *
 * Tells every watcher that comes of the item.
 *
 * Returns: (transfer full): a watcher
 */
NekoTrayWatcher *
neko_tray_watcher_new (GDBusConnection *connection)
{
  NekoTrayWatcher *self = g_object_new (NEKO_TYPE_TRAY_WATCHER, NULL);

  self->connection = g_object_ref (connection);
  self->host_signals = g_dbus_connection_signal_subscribe (connection, WATCHER, WATCHER, NULL,
                                                           WATCHER_PATH, NULL,
                                                           G_DBUS_SIGNAL_FLAGS_NONE,
                                                           hosts_changed_cb, self, NULL);
  self->name_watch = g_bus_watch_name_on_connection (connection, WATCHER,
                                                     G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                     watcher_appeared_cb, watcher_vanished_cb, self,
                                                     NULL);

  return self;
}


gboolean
neko_tray_watcher_is_shown (NekoTrayWatcher *self)
{
  return self->is_registered && self->has_host;
}
