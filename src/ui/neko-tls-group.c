/* neko-tls-group.c - TLS, its ports and its certificate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tls-group.h"

#include <glib/gi18n.h>

#include "neko-certificate-export.h"
#include "neko-copy-row.h"
#include "neko-listener-text.h"
#include "neko-note-row.h"
#include "neko-port-row.h"
#include "neko-setting-row.h"

#define SETTING_TLS "tls"

struct _NekoTlsGroup {
  AdwPreferencesGroup parent_instance;

  NekoModel          *model;
  AdwActionRow       *tls_row;
  GtkSwitch          *tls_switch;
  NekoPortRow        *pop3s_row;
  NekoPortRow        *smtps_row;
  NekoCopyRow        *fingerprint_row;
  AdwActionRow       *end_row;
  GtkWidget          *export_row;
  gboolean            is_bound;   /* the switch, to the setting */
  char               *path;       /* (nullable): of the certificate, while there is one */
};

G_DEFINE_FINAL_TYPE (NekoTlsGroup, neko_tls_group, ADW_TYPE_PREFERENCES_GROUP)


static void
show_certificate (NekoTlsGroup *self)
{
  g_autoptr (GVariant) certificate = neko_model_dup_status (self->model, "certificate",
                                                            G_VARIANT_TYPE_VARDICT);
  const char *fingerprint = NULL;
  guint64 expires = 0;

  g_clear_pointer (&self->path, g_free);

  if (certificate != NULL &&
      g_variant_lookup (certificate, "path", "s", &self->path) &&
      g_variant_lookup (certificate, "fingerprint", "&s", &fingerprint) &&
      g_variant_lookup (certificate, "expires", "t", &expires)) {
    g_autoptr (GDateTime) end = g_date_time_new_from_unix_local (expires);
    g_autofree char *day = end != NULL ? g_date_time_format (end, "%x") : g_strdup ("");

    neko_copy_row_set_value (self->fingerprint_row, fingerprint);
    adw_action_row_set_subtitle (self->end_row, day);
  }

  gtk_widget_set_visible (GTK_WIDGET (self->fingerprint_row), self->path != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->end_row), self->path != NULL);
  gtk_widget_set_visible (self->export_row, self->path != NULL);
}


/* Where @address is %NULL, on any. */
static gboolean
has_listener (NekoTlsGroup *self,
              const char   *protocol,
              const char   *address)
{
  g_autoptr (GVariant) listeners = neko_model_dup_status (self->model, "listeners",
                                                          G_VARIANT_TYPE ("aa{sv}"));
  gsize count = listeners != NULL ? g_variant_n_children (listeners) : 0;

  for (gsize i = 0; i < count; i++) {
    g_autoptr (GVariant) listener = g_variant_get_child_value (listeners, i);
    NekoListenerInfo info;

    neko_listener_info_read (&info, listener);

    if (g_str_equal (info.protocol, protocol) && (address == NULL || g_str_equal (info.address, address)))
      return TRUE;
  }

  return FALSE;
}


/* The switch tells what is, also where the setting does not count. */
static void
bind_switch (NekoTlsGroup *self)
{
  gboolean is_bound = !neko_model_is_overridden (self->model, SETTING_TLS);

  if (!is_bound && self->is_bound)
    g_settings_unbind (self->tls_switch, "active");
  else if (is_bound && !self->is_bound)
    g_settings_bind (neko_model_get_settings (self->model), SETTING_TLS, self->tls_switch, "active",
                     G_SETTINGS_BIND_DEFAULT);

  if (!is_bound)
    gtk_switch_set_active (self->tls_switch, has_listener (self, "POP3S", "localhost"));

  self->is_bound = is_bound;
}


static void
model_changed_cb (NekoTlsGroup *self)
{
  bind_switch (self);
  gtk_widget_set_visible (GTK_WIDGET (self->pop3s_row), has_listener (self, "POP3S", NULL));
  gtk_widget_set_visible (GTK_WIDGET (self->smtps_row), has_listener (self, "SMTPS", NULL));
  show_certificate (self);
  neko_setting_row_reflect (self->tls_row, self->model, SETTING_TLS,
                            _ ("Nothing leaves this computer without it, but some mail programs insist on it"));
}


static void
export_cb (NekoTlsGroup *self)
{
  if (self->path != NULL)
    neko_certificate_export (GTK_WIDGET (self), self->path);
}


/**
 * neko_tls_group_set_model:
 *
 * Shows and sets what @model has of TLS.
 */
void
neko_tls_group_set_model (NekoTlsGroup *self,
                          NekoModel    *model)
{
  g_return_if_fail (NEKO_IS_TLS_GROUP (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  neko_port_row_set_model (self->pop3s_row, model);
  neko_port_row_set_model (self->smtps_row, model);
  g_signal_connect_object (model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  model_changed_cb (self);
}


static void
neko_tls_group_dispose (GObject *object)
{
  NekoTlsGroup *self = NEKO_TLS_GROUP (object);

  g_clear_object (&self->model);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (neko_tls_group_parent_class)->dispose (object);
}


static void
neko_tls_group_class_init (NekoTlsGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_tls_group_dispose;

  g_type_ensure (NEKO_TYPE_COPY_ROW);
  g_type_ensure (NEKO_TYPE_NOTE_ROW);
  g_type_ensure (NEKO_TYPE_PORT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-tls-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoTlsGroup, end_row);
  gtk_widget_class_bind_template_child (widget_class, NekoTlsGroup, export_row);
  gtk_widget_class_bind_template_child (widget_class, NekoTlsGroup, fingerprint_row);
  gtk_widget_class_bind_template_child (widget_class, NekoTlsGroup, pop3s_row);
  gtk_widget_class_bind_template_child (widget_class, NekoTlsGroup, smtps_row);
  gtk_widget_class_bind_template_child (widget_class, NekoTlsGroup, tls_row);
  gtk_widget_class_bind_template_child (widget_class, NekoTlsGroup, tls_switch);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
}


static void
neko_tls_group_init (NekoTlsGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
