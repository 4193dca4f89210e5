/* secret-service.c - a keyring for tests, which does as it is told
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "secret-service.h"

#define BUS_NAME "org.freedesktop.secrets"
#define SERVICE_PATH "/org/freedesktop/secrets"
#define COLLECTION_PATH SERVICE_PATH "/collection/login"
#define ALIAS_PATH SERVICE_PATH "/aliases/default"
#define ITEM_PATH COLLECTION_PATH "/1"
#define PROMPT_PATH SERVICE_PATH "/prompt/p1"
#define SESSION_PATH SERVICE_PATH "/session/s1"

static const char interfaces[] =
  "<node>"
  "<interface name='org.freedesktop.Secret.Service'>"
  "<method name='OpenSession'><arg type='s' direction='in'/><arg type='v' direction='in'/>"
  "<arg type='v' direction='out'/><arg type='o' direction='out'/></method>"
  "<method name='ReadAlias'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "<method name='SearchItems'><arg type='a{ss}' direction='in'/><arg type='ao' direction='out'/>"
  "<arg type='ao' direction='out'/></method>"
  "<method name='GetSecrets'><arg type='ao' direction='in'/><arg type='o' direction='in'/>"
  "<arg type='a{o(oayays)}' direction='out'/></method>"
  "<method name='Unlock'><arg type='ao' direction='in'/><arg type='ao' direction='out'/>"
  "<arg type='o' direction='out'/></method>"
  "<method name='CreateCollection'><arg type='a{sv}' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='o' direction='out'/><arg type='o' direction='out'/></method>"
  "<signal name='CollectionCreated'><arg type='o'/></signal>"
  "<signal name='CollectionChanged'><arg type='o'/></signal>"
  "<property name='Collections' type='ao' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Collection'>"
  "<method name='CreateItem'><arg type='a{sv}' direction='in'/><arg type='(oayays)' direction='in'/>"
  "<arg type='b' direction='in'/><arg type='o' direction='out'/><arg type='o' direction='out'/></method>"
  "<property name='Items' type='ao' access='read'/>"
  "<property name='Label' type='s' access='read'/>"
  "<property name='Locked' type='b' access='read'/>"
  "<property name='Created' type='t' access='read'/>"
  "<property name='Modified' type='t' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Item'>"
  "<property name='Locked' type='b' access='read'/>"
  "<property name='Attributes' type='a{ss}' access='read'/>"
  "<property name='Label' type='s' access='read'/>"
  "<property name='Type' type='s' access='read'/>"
  "<property name='Created' type='t' access='read'/>"
  "<property name='Modified' type='t' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Prompt'>"
  "<method name='Prompt'><arg type='s' direction='in'/></method>"
  "<method name='Dismiss'/>"
  "<signal name='Completed'><arg type='b'/><arg type='v'/></signal>"
  "</interface>"
  "</node>";


static void
emit (SecretDouble *self,
      const char   *path,
      const char   *interface,
      const char   *name,
      GVariant     *arguments)
{
  g_assert_true (g_dbus_connection_emit_signal (self->connection, NULL, path, interface, name, arguments,
                                                NULL));
}


void
secret_double_set_locked (SecretDouble *self,
                          gboolean      is_locked)
{
  self->is_locked = is_locked;
  emit (self, SERVICE_PATH, "org.freedesktop.Secret.Service", "CollectionChanged",
        g_variant_new ("(o)", COLLECTION_PATH));
  emit (self, COLLECTION_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
        g_variant_new_parsed ("('org.freedesktop.Secret.Collection', {'Locked': <%b>}, @as [])",
                              is_locked));
}


void
secret_double_add_collection (SecretDouble *self)
{
  self->has_collection = TRUE;
  emit (self, SERVICE_PATH, "org.freedesktop.Secret.Service", "CollectionCreated",
        g_variant_new ("(o)", COLLECTION_PATH));
}


static GVariant *
open_session (SecretDouble          *self,
              GVariant              *arguments,
              GDBusMethodInvocation *invocation)
{
  const char *algorithm;

  g_variant_get (arguments, "(&sv)", &algorithm, NULL);

  if (g_str_equal (algorithm, "plain"))
    return g_variant_new_parsed ("(<''>, %o)", SESSION_PATH);

  g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
                                                 "plain only");

  return NULL;
}


static GVariant *
read_alias (SecretDouble          *self,
            GVariant              *arguments,
            GDBusMethodInvocation *invocation)
{
  return g_variant_new ("(o)", self->has_collection ? COLLECTION_PATH : "/");
}


static GVariant *
search_items (SecretDouble          *self,
              GVariant              *arguments,
              GDBusMethodInvocation *invocation)
{
  if (self->token == NULL)
    return g_variant_new_parsed ("(@ao [], @ao [])");

  return self->is_locked ? g_variant_new_parsed ("(@ao [], [%o])", ITEM_PATH)
                         : g_variant_new_parsed ("([%o], @ao [])", ITEM_PATH);
}


static GVariant *
get_secrets (SecretDouble          *self,
             GVariant              *arguments,
             GDBusMethodInvocation *invocation)
{
  return g_variant_new_parsed ("({%o: (%o, @ay [], %^ay, 'text/plain')},)", ITEM_PATH,
                               SESSION_PATH, self->token);
}


static GVariant *
unlock (SecretDouble          *self,
        GVariant              *arguments,
        GDBusMethodInvocation *invocation)
{
  return g_variant_new_parsed ("(@ao [], %o)", PROMPT_PATH);
}


static GVariant *
create_collection (SecretDouble          *self,
                   GVariant              *arguments,
                   GDBusMethodInvocation *invocation)
{
  return g_variant_new_parsed ("(objectpath '/', %o)", PROMPT_PATH);
}


static GVariant *
create_item (SecretDouble          *self,
             GVariant              *arguments,
             GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) value = NULL;

  g_variant_get (arguments, "(a{sv}(oay@ays)b)", NULL, NULL, NULL, &value, NULL, NULL);
  g_free (self->token);
  self->token = g_strndup (g_variant_get_data (value), g_variant_get_size (value));

  return g_variant_new ("(oo)", ITEM_PATH, "/");
}


/* The user answers at once. */
static GVariant *
prompt (SecretDouble          *self,
        GVariant              *arguments,
        GDBusMethodInvocation *invocation)
{
  self->prompts++;

  if (self->dismisses) {
    emit (self, PROMPT_PATH, "org.freedesktop.Secret.Prompt", "Completed",
          self->has_collection ? g_variant_new_parsed ("(true, <@ao []>)")
                               : g_variant_new_parsed ("(true, <objectpath '/'>)"));
  } else if (self->has_collection) {
    secret_double_set_locked (self, FALSE);
    emit (self, PROMPT_PATH, "org.freedesktop.Secret.Prompt", "Completed",
          g_variant_new_parsed ("(false, <[%o]>)", COLLECTION_PATH));
  } else {
    secret_double_add_collection (self);
    emit (self, PROMPT_PATH, "org.freedesktop.Secret.Prompt", "Completed",
          g_variant_new_parsed ("(false, <%o>)", COLLECTION_PATH));
  }

  return g_variant_new ("()");
}


static GVariant *
dismiss (SecretDouble          *self,
         GVariant              *arguments,
         GDBusMethodInvocation *invocation)
{
  return g_variant_new ("()");
}


static void
answer (SecretDouble          *self,
        GDBusMethodInvocation *invocation)
{
  static const struct {
    const char *name;
    GVariant   *(*run) (SecretDouble          *self,
                        GVariant              *arguments,
                        GDBusMethodInvocation *invocation);
  } methods[] = {
    { "OpenSession", open_session },
    { "ReadAlias", read_alias },
    { "SearchItems", search_items },
    { "GetSecrets", get_secrets },
    { "Unlock", unlock },
    { "CreateCollection", create_collection },
    { "CreateItem", create_item },
    { "Prompt", prompt },
    { "Dismiss", dismiss },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++) {
    GVariant *result;

    if (!g_str_equal (methods[i].name, g_dbus_method_invocation_get_method_name (invocation)))
      continue;

    result = methods[i].run (self, g_dbus_method_invocation_get_parameters (invocation), invocation);

    if (result != NULL)
      g_dbus_method_invocation_return_value (invocation, result);

    return;
  }

  g_assert_not_reached ();
}


static void
called_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *arguments,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  SecretDouble *self = user_data;

  if (self->is_stalling)
    g_queue_push_tail (&self->stalled, invocation);
  else
    answer (self, invocation);
}


static GVariant *
property_cb (GDBusConnection *connection,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *name,
             GError         **error,
             gpointer         user_data)
{
  SecretDouble *self = user_data;

  if (g_str_equal (name, "Locked"))
    return g_variant_new_boolean (self->is_locked);

  if (g_str_equal (name, "Collections"))
    return g_variant_new_parsed ("[%o]", COLLECTION_PATH);

  if (g_str_equal (name, "Items"))
    return g_variant_new_parsed ("@ao []");

  if (g_str_equal (name, "Attributes"))
    return g_variant_new_parsed ("@a{ss} {}");

  if (g_str_equal (name, "Created") || g_str_equal (name, "Modified"))
    return g_variant_new_uint64 (0);

  return g_variant_new_string ("");
}


void
secret_double_go_on (SecretDouble *self)
{
  GDBusMethodInvocation *invocation;

  self->is_stalling = FALSE;

  while ((invocation = g_queue_pop_head (&self->stalled)) != NULL)
    answer (self, invocation);
}


void
secret_double_start (SecretDouble *self,
                     const char   *bus_address)
{
  static const struct {
    const char *path;
    const char *interface;
  } objects[] = {
    { SERVICE_PATH, "org.freedesktop.Secret.Service" },
    { COLLECTION_PATH, "org.freedesktop.Secret.Collection" },
    { ALIAS_PATH, "org.freedesktop.Secret.Collection" },
    { ITEM_PATH, "org.freedesktop.Secret.Item" },
    { PROMPT_PATH, "org.freedesktop.Secret.Prompt" },
  };
  static const GDBusInterfaceVTable table = { called_cb, property_cb, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interfaces, NULL);

  self->connection = g_dbus_connection_new_for_address_sync (
    bus_address,
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, NULL);
  g_assert_nonnull (self->connection);

  for (size_t i = 0; i < G_N_ELEMENTS (objects); i++) {
    GDBusInterfaceInfo *interface = g_dbus_node_info_lookup_interface (node, objects[i].interface);

    self->objects[i] = g_dbus_connection_register_object (self->connection, objects[i].path, interface,
                                                          &table, self, NULL, NULL);
    g_assert_cmpuint (self->objects[i], >, 0);
  }

  self->name = g_bus_own_name_on_connection (self->connection, BUS_NAME, G_BUS_NAME_OWNER_FLAGS_NONE, NULL,
                                             NULL, NULL, NULL);
}


void
secret_double_stop (SecretDouble *self)
{
  if (self->connection == NULL)
    return;

  secret_double_go_on (self);
  g_bus_unown_name (self->name);

  for (size_t i = 0; i < G_N_ELEMENTS (self->objects); i++)
    g_dbus_connection_unregister_object (self->connection, self->objects[i]);

  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->token, g_free);
}
