/* neko-tray-connection.c - a connection to the session bus for the item in the tray alone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tray-connection.h"


/* GLib's own function may start a bus and wait for that, where there is none. Who has no bus has no tray either. */
static char *
find_bus (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);
  g_autofree char *escaped = g_dbus_address_escape_value (path);

  return address != NULL ? g_strdup (address) : g_strdup_printf ("unix:path=%s", escaped);
}


static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_finish (result, &error);

  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}


/**
 * neko_tray_connection_open_async:
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is open, or never will be
 *
 * Opens another connection than everybody shares. When it is closed, the desktop forgets the item.
 */
void
neko_tray_connection_open_async (GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *address = find_bus ();

  g_task_set_source_tag (task, neko_tray_connection_open_async);
  g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                     G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, cancellable, opened_cb, g_steal_pointer (&task));
}


/**
 * neko_tray_connection_open_finish:
 *
 * Returns: (transfer full): a connection, which does not end the program when the bus ends, or %NULL with @error
 *   set. Its owner closes it
 */
GDBusConnection *
neko_tray_connection_open_finish (GAsyncResult *result,
                                  GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
