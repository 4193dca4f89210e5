/* neko-service-settings.c - the settings of the service: GSettings, and the command line above it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-settings.h"

#include <string.h>

struct _NekoServiceSettings {
  GObject     parent_instance;

  GSettings  *settings;
  GHashTable *overrides; /* key -> GVariant */
};

G_DEFINE_FINAL_TYPE (NekoServiceSettings, neko_service_settings, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
changed_cb (NekoServiceSettings *self,
            const char          *key)
{
  if (!g_hash_table_contains (self->overrides, key))
    g_signal_emit (self, signals[CHANGED], 0);
}


static GVariant *
get_value (NekoServiceSettings *self,
           const char          *key)
{
  GVariant *value = g_hash_table_lookup (self->overrides, key);

  return value != NULL ? g_variant_ref (value) : g_settings_get_value (self->settings, key);
}


/**
 * neko_service_settings_override:
 * @value: (transfer floating): what counts from now on, whatever GSettings say
 */
void
neko_service_settings_override (NekoServiceSettings *self,
                                const char          *key,
                                GVariant            *value)
{
  g_return_if_fail (NEKO_IS_SERVICE_SETTINGS (self));

  g_hash_table_insert (self->overrides, g_strdup (key), g_variant_ref_sink (value));
}


/**
 * neko_service_settings_list_overrides:
 *
 * Returns: (transfer full): the keys that the command line overrides
 */
GStrv
neko_service_settings_list_overrides (NekoServiceSettings *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GList) keys = NULL;

  g_return_val_if_fail (NEKO_IS_SERVICE_SETTINGS (self), NULL);

  keys = g_list_sort (g_hash_table_get_keys (self->overrides), (GCompareFunc) strcmp);

  for (GList *key = keys; key != NULL; key = key->next)
    g_strv_builder_add (builder, key->data);

  return g_strv_builder_end (builder);
}


/**
 * neko_service_settings_get_port:
 * @key: one of the settings that name a port
 *
 * Returns: the port; 0, for any that is free, comes from the command line only
 */
guint16
neko_service_settings_get_port (NekoServiceSettings *self,
                                const char          *key)
{
  g_autoptr (GVariant) value = get_value (self, key);

  return g_variant_get_uint32 (value);
}


gboolean
neko_service_settings_has_tls (NekoServiceSettings *self)
{
  g_autoptr (GVariant) value = get_value (self, NEKO_SETTING_TLS);

  return g_variant_get_boolean (value);
}


/**
 * neko_service_settings_has_detailed_log:
 *
 * Returns: whether the log keeps what mail programs and we say to each other
 */
gboolean
neko_service_settings_has_detailed_log (NekoServiceSettings *self)
{
  g_autoptr (GVariant) value = get_value (self, NEKO_SETTING_LOG_LEVEL);

  return g_str_equal (g_variant_get_string (value, NULL), "detailed");
}


/**
 * neko_service_settings_get_spool_size:
 *
 * Returns: how large the spool may be, in MiB; 0 for none
 */
unsigned
neko_service_settings_get_spool_size (NekoServiceSettings *self)
{
  g_autoptr (GVariant) value = get_value (self, NEKO_SETTING_SPOOL_SIZE);

  return g_variant_get_uint32 (value);
}


/**
 * neko_service_settings_dup_address:
 *
 * Returns: (transfer full) (nullable): where other computers may come in; %NULL for nowhere. It may be
 *   what is no address, see neko_service_settings_check_address()
 */
char *
neko_service_settings_dup_address (NekoServiceSettings *self)
{
  g_autoptr (GVariant) value = get_value (self, NEKO_SETTING_LISTEN_ADDRESS);
  g_autofree char *text = g_strstrip (g_variant_dup_string (value, NULL));
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  g_autofree char *normal = address != NULL ? g_inet_address_to_string (address) : NULL;

  if (*text == '\0')
    return NULL;

  if (normal == NULL)
    return g_steal_pointer (&text);

  /* Where we listen anyway. */
  if (g_str_equal (normal, "127.0.0.1") || g_str_equal (normal, "::1"))
    return NULL;

  return g_steal_pointer (&normal);
}


/**
 * neko_service_settings_check_address:
 *
 * Returns: whether it is an IP address; %FALSE with @error set where it is not
 */
gboolean
neko_service_settings_check_address (const char *address,
                                     GError    **error)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  if (parsed != NULL)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "“%s” is no IP address; choose one that this computer has, or 0.0.0.0 or :: for all "
               "of them", address);

  return FALSE;
}


static void
neko_service_settings_finalize (GObject *object)
{
  NekoServiceSettings *self = NEKO_SERVICE_SETTINGS (object);

  g_object_unref (self->settings);
  g_hash_table_unref (self->overrides);

  G_OBJECT_CLASS (neko_service_settings_parent_class)->finalize (object);
}


static void
neko_service_settings_class_init (NekoServiceSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_service_settings_finalize;

  /**
   * NekoServiceSettings::changed:
   *
   * The user changed a setting that the command line does not override.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_service_settings_init (NekoServiceSettings *self)
{
  self->settings = g_settings_new (NEKO_APPLICATION_ID);
  self->overrides = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) g_variant_unref);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}


NekoServiceSettings *
neko_service_settings_new (void)
{
  return g_object_new (NEKO_TYPE_SERVICE_SETTINGS, NULL);
}
