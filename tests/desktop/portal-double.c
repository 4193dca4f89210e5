/* portal-double.c - the desktop's portal for those who want to be started at login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "portal-double.h"

#include "private-bus.h"

#define NAME "org.freedesktop.portal.Desktop"
#define PATH "/org/freedesktop/portal/desktop"

static const char description[] =
  "<node>"
  "  <interface name='org.freedesktop.portal.Background'>"
  "    <method name='RequestBackground'>"
  "      <arg name='parent_window' type='s' direction='in'/>"
  "      <arg name='options' type='a{sv}' direction='in'/>"
  "      <arg name='handle' type='o' direction='out'/>"
  "    </method>"
  "  </interface>"
  "  <interface name='org.freedesktop.portal.Request'>"
  "    <method name='Close'/>"
  "    <signal name='Response'><arg type='u'/><arg type='a{sv}'/></signal>"
  "  </interface>"
  "</node>";


static void
close_cb (GDBusConnection       *connection,
          const char            *sender,
          const char            *path,
          const char            *interface,
          const char            *method,
          GVariant              *parameters,
          GDBusMethodInvocation *invocation,
          gpointer               user_data)
{
  PortalDouble *self = user_data;

  g_assert_cmpstr (method, ==, "Close");
  self->is_closed = TRUE;
  g_dbus_method_invocation_return_value (invocation, NULL);
}


static void
export_request (PortalDouble *self,
                const char   *handle)
{
  static const GDBusInterfaceVTable functions = { close_cb, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (description, NULL);

  if (self->request != 0)
    g_dbus_connection_unregister_object (self->connection, self->request);

  self->request = g_dbus_connection_register_object (self->connection, handle, node->interfaces[1],
                                                     &functions, self, NULL, NULL);
}


static void
respond (PortalDouble *self,
         const char   *sender,
         const char   *handle,
         gboolean      is_wanted)
{
  unsigned response = self->answer == PORTAL_CANCELS ? 1 : self->answer == PORTAL_FAILS ? 2 : 0;
  GVariantBuilder results = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (response == 0)
    g_variant_builder_add (&results, "{sv}", "autostart",
                           g_variant_new_boolean (is_wanted && self->answer != PORTAL_DENIES));

  g_dbus_connection_emit_signal (self->connection, sender, handle, "org.freedesktop.portal.Request",
                                 "Response", g_variant_new ("(ua{sv})", response, &results), NULL);
}


static void
remember (PortalDouble *self,
          const char   *parent,
          GVariantDict *options)
{
  g_autofree char *reason = NULL;
  g_auto (GStrv) command = NULL;
  g_autofree char *words = NULL;
  gboolean is_wanted;

  g_assert_true (g_variant_dict_lookup (options, "reason", "s", &reason));
  g_assert_true (g_variant_dict_lookup (options, "autostart", "b", &is_wanted));
  g_assert_true (g_variant_dict_lookup (options, "commandline", "^as", &command));
  words = g_strjoinv (" ", command);
  g_free (self->asked);
  self->asked = g_strdup_printf ("%s, %s, %s: %s", parent, reason, is_wanted ? "on" : "off", words);
}


static char *
build_handle (const char *sender,
              const char *token)
{
  g_autofree char *name = g_strdelimit (g_strdup (sender + 1), ".", '_');

  return g_strdup_printf (PATH "/request/%s/%s", name, token);
}


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
  PortalDouble *self = user_data;
  g_autoptr (GVariant) values = g_variant_get_child_value (parameters, 1);
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (values);
  g_autofree char *handle = NULL;
  const char *parent;
  const char *token;
  gboolean is_wanted;

  g_variant_get_child (parameters, 0, "&s", &parent);
  g_assert_true (g_variant_dict_lookup (&options, "handle_token", "&s", &token));
  g_assert_true (g_variant_dict_lookup (&options, "autostart", "b", &is_wanted));
  handle = build_handle (sender, token);
  export_request (self, handle);
  remember (self, parent, &options);

  if (self->answer == PORTAL_REFUSES) {
    g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.portal.Error.NotAllowed",
                                                "Not for you");
    return;
  }

  if (self->answer == PORTAL_IS_EARLY)
    respond (self, sender, handle, is_wanted);

  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", handle));

  if (self->answer != PORTAL_WAITS && self->answer != PORTAL_IS_EARLY)
    respond (self, sender, handle, is_wanted);
}


static void
acquired_cb (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  PortalDouble *self = user_data;

  self->is_owner = TRUE;
}


void
portal_double_start (PortalDouble    *self,
                     GDBusConnection *connection,
                     PortalAnswer     answer)
{
  static const GDBusInterfaceVTable functions = { call_cb, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (description, NULL);

  self->connection = connection;
  self->answer = answer;
  self->object = g_dbus_connection_register_object (connection, PATH, node->interfaces[0],
                                                    &functions, self, NULL, NULL);
  self->name = g_bus_own_name_on_connection (connection, NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                             acquired_cb, NULL, self, NULL);
  wait_until (self->is_owner);
}


void
portal_double_stop (PortalDouble *self)
{
  g_clear_handle_id (&self->name, g_bus_unown_name);

  if (self->object != 0)
    g_dbus_connection_unregister_object (self->connection, self->object);

  if (self->request != 0)
    g_dbus_connection_unregister_object (self->connection, self->request);

  self->object = 0;
  self->request = 0;
  self->is_owner = FALSE;
  g_clear_pointer (&self->asked, g_free);
}
