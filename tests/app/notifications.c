/* notifications.c - a desktop for tests that shows notifications
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "notifications.h"

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

static const char interface[] =
  "<node><interface name='" NAME "'>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
  "<arg type='u' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
  "<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>"
  "</interface></node>";


static void
notify (Notifications         *self,
        GDBusMethodInvocation *invocation,
        GVariant              *arguments)
{
  const char *title;
  const char *body;
  guint32 number;

  g_variant_get (arguments, "(&su&s&s&s@as@a{sv}i)", NULL, &number, NULL, &title, &body, NULL, NULL, NULL);

  if (number == 0)
    number = ++self->last;

  self->sent++;
  g_tree_insert (self->shown, GUINT_TO_POINTER (number), g_strdup_printf ("%s|%s", title, body));
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", number));
}


static void
called_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface_name,
           const char            *method,
           GVariant              *arguments,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  Notifications *self = user_data;
  guint32 number;

  if (g_str_equal (method, "Notify")) {
    notify (self, invocation, arguments);
    return;
  }

  g_variant_get (arguments, "(u)", &number);
  g_assert_true (g_tree_remove (self->shown, GUINT_TO_POINTER (number)));
  self->closed++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}


static int
compare (gconstpointer one,
         gconstpointer other,
         gpointer      user_data)
{
  return GPOINTER_TO_INT (one) - GPOINTER_TO_INT (other);
}


static gboolean
append (gpointer number,
        gpointer text,
        gpointer user_data)
{
  g_string_append_printf (user_data, "%s\n", (const char *) text);

  return FALSE;
}


/* Returns: (transfer full): all that is shown, a line each */
char *
notifications_dup_text (Notifications *self)
{
  GString *text = g_string_new (NULL);

  g_tree_foreach (self->shown, append, text);

  return g_string_free (text, FALSE);
}


static void
round_trip (GDBusConnection *connection)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus",
                                                             "/org/freedesktop/DBus",
                                                             "org.freedesktop.DBus", "GetId", NULL, NULL,
                                                             G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

  g_assert_nonnull (answer);
}


/* What is shown has a number then that @program knows: GLib cannot withdraw what has none yet. */
void
notifications_sync (Notifications   *self,
                    GDBusConnection *program)
{
  round_trip (self->connection);
  round_trip (program);

  while (g_main_context_iteration (NULL, FALSE))
    ;
}


/* The user clicks the first one, which closes it. */
void
notifications_click (Notifications *self)
{
  GTreeNode *node = g_tree_node_first (self->shown);
  unsigned number = node != NULL ? GPOINTER_TO_UINT (g_tree_node_key (node)) : 0;

  g_assert_true (g_tree_remove (self->shown, GUINT_TO_POINTER (number)));
  g_dbus_connection_emit_signal (self->connection, NULL, PATH, NAME, "ActionInvoked",
                                 g_variant_new ("(us)", number, "default"), NULL);
  g_dbus_connection_emit_signal (self->connection, NULL, PATH, NAME, "NotificationClosed",
                                 g_variant_new ("(uu)", number, 2), NULL);
}


void
notifications_clear (Notifications *self)
{
  g_tree_remove_all (self->shown);
  self->sent = 0;
  self->closed = 0;
}


void
notifications_start (Notifications *self,
                     const char    *bus_address)
{
  static const GDBusInterfaceVTable table = { called_cb, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interface, NULL);

  self->shown = g_tree_new_full (compare, NULL, NULL, g_free);
  self->connection = g_dbus_connection_new_for_address_sync (
    bus_address,
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, NULL);
  g_assert_nonnull (self->connection);
  self->object = g_dbus_connection_register_object (self->connection, PATH, node->interfaces[0], &table,
                                                    self, NULL, NULL);
  self->name = g_bus_own_name_on_connection (self->connection, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, NULL,
                                             NULL, NULL, NULL);
}


void
notifications_stop (Notifications *self)
{
  g_bus_unown_name (self->name);
  g_dbus_connection_unregister_object (self->connection, self->object);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_tree_unref (self->shown);
}
