/* private-bus.c - a bus without anybody else, and calls on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "private-bus.h"


GDBusConnection *
private_bus_connect (GTestDBus *bus)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);

  g_assert_no_error (error);

  return connection;
}


void
private_bus_disconnect (GDBusConnection *connection)
{
  g_dbus_connection_close_sync (connection, NULL, NULL);
  g_object_unref (connection);
}


static void
heard_cb (GDBusConnection *connection,
          const char      *sender,
          const char      *path,
          const char      *interface,
          const char      *signal,
          GVariant        *parameters,
          gpointer         user_data)
{
  GString *heard = user_data;
  g_autofree char *text = g_variant_print (parameters, FALSE);

  g_string_append_printf (heard, "%s %s\n", signal, text);
}


/* Appends a line with its name and its parameters for each signal, until @connection is closed. */
void
private_bus_hear (GDBusConnection *connection,
                  const char      *interface,
                  const char      *path,
                  GString         *heard)
{
  g_dbus_connection_signal_subscribe (connection, NULL, interface, NULL, path, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, heard_cb, heard, NULL);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}


/* Both ends are in this program, so both have to be able to work while it waits. */
GVariant *
private_bus_call (GDBusConnection *connection,
                  const char      *name,
                  const char      *path,
                  const char      *interface,
                  const char      *method,
                  GVariant        *parameters,
                  GError         **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_dbus_connection_call (connection, name, path, interface, method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, done_cb, &result);
  wait_until (result != NULL);

  return g_dbus_connection_call_finish (connection, result, error);
}
