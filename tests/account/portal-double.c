/* portal-double.c - the Secret portal of a desktop, on a bus of a test
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "portal-double.h"

#include <gio/gunixfdlist.h>
#include <gio/gunixoutputstream.h>
#include <string.h>

#define NAME "org.freedesktop.portal.Desktop"
#define PATH "/org/freedesktop/portal/desktop"
#define HANDLE PATH "/request/1_1/t"

static const char xml[] =
  "<node>"
  "  <interface name='org.freedesktop.portal.Secret'>"
  "    <method name='RetrieveSecret'>"
  "      <arg type='h' direction='in'/><arg type='a{sv}' direction='in'/><arg type='o' direction='out'/>"
  "    </method>"
  "  </interface>"
  "</node>";

struct _PortalDouble {
  GDBusConnection *desktop;
  GDBusNodeInfo   *interfaces; /* (nullable): it has not been started */
  unsigned         portal;
  PortalAnswer     answer;
  unsigned         questions;
  char            *sender;     /* (nullable): of the last question */
  GOutputStream   *stream;     /* (nullable): for its secret */
};


static void
write_secret (PortalDouble *self)
{
  char secret[64];

  memset (secret, self->answer == PORTAL_GIVES_ANOTHER ? 'a' : 's', sizeof secret);
  g_assert_true (g_output_stream_write_all (self->stream, secret,
                                            self->answer == PORTAL_GIVES_LITTLE ? 8 : sizeof secret, NULL, NULL,
                                            NULL));
  g_clear_object (&self->stream);
}


static void
respond (PortalDouble *self)
{
  unsigned response = self->answer == PORTAL_CANCELS ? 1 : self->answer == PORTAL_FAILS ? 2 : 0;

  if (response == 0)
    write_secret (self);

  g_clear_object (&self->stream);
  g_assert_true (g_dbus_connection_emit_signal (self->desktop, self->sender, HANDLE, "org.freedesktop.portal.Request",
                                                "Response", g_variant_new ("(ua{sv})", response, NULL), NULL));
}


static void
retrieve_cb (GDBusConnection       *connection,
             const char            *sender,
             const char            *path,
             const char            *interface,
             const char            *method,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation,
             gpointer               user_data)
{
  PortalDouble *self = user_data;
  GUnixFDList *descriptors = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));

  self->questions++;
  g_free (self->sender);
  self->sender = g_strdup (sender);
  g_clear_object (&self->stream);
  self->stream = g_unix_output_stream_new (g_unix_fd_list_get (descriptors, 0, NULL), TRUE);

  if (self->answer == PORTAL_IS_EARLY)
    respond (self);

  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", HANDLE));

  if (self->answer != PORTAL_IS_EARLY && self->answer != PORTAL_WAITS)
    respond (self);
}


static void
call_bus (PortalDouble *self,
          const char   *method,
          GVariant     *arguments)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (self->desktop, "org.freedesktop.DBus", "/",
                                                            "org.freedesktop.DBus", method, arguments, NULL,
                                                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

  g_assert_nonnull (reply);
}


/* On the bus, without the portal. */
PortalDouble *
portal_double_new (const char *address)
{
  PortalDouble *self = g_new0 (PortalDouble, 1);

  self->desktop = g_dbus_connection_new_for_address_sync (address,
                                                          G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                          NULL, NULL, NULL);
  g_assert_nonnull (self->desktop);

  return self;
}


void
portal_double_start (PortalDouble *self,
                     PortalAnswer  answer)
{
  static const GDBusInterfaceVTable table = { .method_call = retrieve_cb };

  self->answer = answer;

  if (self->interfaces == NULL) {
    self->interfaces = g_dbus_node_info_new_for_xml (xml, NULL);
    self->portal = g_dbus_connection_register_object (self->desktop, PATH, self->interfaces->interfaces[0], &table,
                                                      self, NULL, NULL);
  }

  call_bus (self, "RequestName", g_variant_new ("(su)", NAME, 0));
}


/* Answers the question that waits, and the next ones likewise. */
void
portal_double_answer (PortalDouble *self,
                      PortalAnswer  answer)
{
  self->answer = answer;

  if (self->stream != NULL)
    respond (self);
}


/* How often it was asked. */
unsigned
portal_double_get_questions (PortalDouble *self)
{
  return self->questions;
}


void
portal_double_stop (PortalDouble *self)
{
  call_bus (self, "ReleaseName", g_variant_new ("(s)", NAME));
}


void
portal_double_free (PortalDouble *self)
{
  if (self->interfaces != NULL) {
    g_dbus_connection_unregister_object (self->desktop, self->portal);
    g_dbus_node_info_unref (self->interfaces);
  }

  g_clear_object (&self->stream);
  g_free (self->sender);
  g_dbus_connection_close_sync (self->desktop, NULL, NULL);
  g_object_unref (self->desktop);
  g_free (self);
}
