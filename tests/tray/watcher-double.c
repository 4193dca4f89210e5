/* watcher-double.c - the desktop's part that keeps the items of the tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "watcher-double.h"

#include "private-bus.h"

#define NAME "org.kde.StatusNotifierWatcher"
#define PATH "/StatusNotifierWatcher"

static const char description[] =
  "<node><interface name='" NAME "'>"
  "  <method name='RegisterStatusNotifierItem'><arg type='s' direction='in'/></method>"
  "  <method name='RegisterStatusNotifierHost'><arg type='s' direction='in'/></method>"
  "  <property name='RegisteredStatusNotifierItems' type='as' access='read'/>"
  "  <property name='IsStatusNotifierHostRegistered' type='b' access='read'/>"
  "  <property name='ProtocolVersion' type='i' access='read'/>"
  "  <signal name='StatusNotifierHostRegistered'/>"
  "  <signal name='StatusNotifierHostUnregistered'/>"
  "</interface></node>";


static void
call_cb (GDBusConnection       *connection,
         const char            *sender,
         const char            *path,
         const char            *interface,
         const char            *method,
         GVariant              *parameters,
         GDBusMethodInvocation *invocation,
         gpointer               user_data)
{
  WatcherDouble *self = user_data;

  self->count++;

  if (self->is_refusing) {
    g_dbus_method_invocation_return_dbus_error (invocation, "test.Full", "No place");
    return;
  }

  g_assert_cmpstr (method, ==, "RegisterStatusNotifierItem");
  g_free (self->item);
  g_variant_get (parameters, "(s)", &self->item);
  g_assert_cmpstr (self->item, ==, sender);
  g_dbus_method_invocation_return_value (invocation, NULL);
}


static GVariant *
get_property_cb (GDBusConnection *connection,
                 const char      *sender,
                 const char      *path,
                 const char      *interface,
                 const char      *property,
                 GError         **error,
                 gpointer         user_data)
{
  WatcherDouble *self = user_data;

  g_assert_cmpstr (property, ==, "IsStatusNotifierHostRegistered");

  return g_variant_new_boolean (self->has_host);
}


static void
acquired_cb (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  WatcherDouble *self = user_data;

  self->is_owner = TRUE;
}


/* Takes the name even from another one, as a desktop that is started anew may. */
void
watcher_double_start (WatcherDouble   *self,
                      GDBusConnection *connection,
                      gboolean         has_host)
{
  static const GDBusInterfaceVTable functions = { call_cb, get_property_cb, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (description, NULL);

  self->connection = connection;
  self->has_host = has_host;
  self->object = g_dbus_connection_register_object (connection, PATH, node->interfaces[0],
                                                    &functions, self, NULL, NULL);
  g_assert_cmpuint (self->object, !=, 0);
  self->name = g_bus_own_name_on_connection (connection, NAME,
                                             G_BUS_NAME_OWNER_FLAGS_ALLOW_REPLACEMENT |
                                             G_BUS_NAME_OWNER_FLAGS_REPLACE,
                                             acquired_cb, NULL, self, NULL);
  wait_until (self->is_owner);
}


void
watcher_double_set_host (WatcherDouble *self,
                         gboolean       has_host)
{
  self->has_host = has_host;
  g_dbus_connection_emit_signal (self->connection, NULL, PATH, NAME,
                                 has_host ? "StatusNotifierHostRegistered"
                                          : "StatusNotifierHostUnregistered",
                                 NULL, NULL);
}


void
watcher_double_stop (WatcherDouble *self)
{
  g_clear_handle_id (&self->name, g_bus_unown_name);

  if (self->object != 0)
    g_dbus_connection_unregister_object (self->connection, self->object);

  self->object = 0;
  self->is_owner = FALSE;
  g_clear_pointer (&self->item, g_free);
}
