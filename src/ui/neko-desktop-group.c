/* neko-desktop-group.c - what Neko Mail does on the desktop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-desktop-group.h"

#include <glib/gi18n.h>

#include "neko-autostart-row.h"

#define SETTING_NOTIFICATIONS "notifications"
#define SETTING_RUN_IN_BACKGROUND "run-in-background"
#define SETTING_TRAY "tray"

struct _NekoDesktopGroup {
  AdwPreferencesGroup parent_instance;

  NekoModel          *model;
  AdwActionRow       *tray_row;
  GtkSwitch          *tray_switch;
  GtkSwitch          *background_switch;
  AdwComboRow        *notifications_row;
};

G_DEFINE_FINAL_TYPE (NekoDesktopGroup, neko_desktop_group, ADW_TYPE_PREFERENCES_GROUP)

/* As in the list of notifications_row. */
static const char *const notification_values[] = { "none", "count", "sender" };


static gboolean
get_notifications_cb (GValue   *value,
                      GVariant *variant,
                      gpointer  user_data)
{
  const char *text = g_variant_get_string (variant, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (notification_values); i++) {
    if (g_str_equal (notification_values[i], text)) {
      g_value_set_uint (value, i);
      return TRUE;
    }
  }

  return FALSE;
}


static GVariant *
set_notifications_cb (const GValue       *value,
                      const GVariantType *type,
                      gpointer            user_data)
{
  guint position = g_value_get_uint (value);

  return position < G_N_ELEMENTS (notification_values) ? g_variant_new_string (notification_values[position])
                                                       : NULL;
}


/* An icon that is switched on and not there looks broken. */
static void
show_tray (NekoDesktopGroup *self)
{
  gboolean is_missing = neko_model_get_control (self->model) != NULL && gtk_switch_get_active (self->tray_switch) &&
                        !neko_model_is_set (self->model, "trayShown");

  adw_action_row_set_subtitle (self->tray_row, is_missing
                               ? _ ("This desktop has no place for it now. All that it does is in this window too")
                               : _ ("An icon in the panel tells how mail is doing, and has a menu"));
}


/**
 * neko_desktop_group_set_model:
 *
 * Shows and sets what @model does on the desktop.
 */
void
neko_desktop_group_set_model (NekoDesktopGroup *self,
                              NekoModel        *model)
{
  GSettings *settings = neko_model_get_settings (model);

  g_return_if_fail (NEKO_IS_DESKTOP_GROUP (self));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  g_settings_bind (settings, SETTING_TRAY, self->tray_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, SETTING_RUN_IN_BACKGROUND, self->background_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (settings, SETTING_NOTIFICATIONS, self->notifications_row, "selected",
                                G_SETTINGS_BIND_DEFAULT, get_notifications_cb, set_notifications_cb, NULL,
                                NULL);
  g_signal_connect_object (model, "changed", G_CALLBACK (show_tray), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tray_switch, "notify::active", G_CALLBACK (show_tray), self,
                           G_CONNECT_SWAPPED);
  show_tray (self);
}


static void
neko_desktop_group_dispose (GObject *object)
{
  g_clear_object (&NEKO_DESKTOP_GROUP (object)->model);

  G_OBJECT_CLASS (neko_desktop_group_parent_class)->dispose (object);
}


static void
neko_desktop_group_class_init (NekoDesktopGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_desktop_group_dispose;

  g_type_ensure (NEKO_TYPE_AUTOSTART_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-desktop-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoDesktopGroup, background_switch);
  gtk_widget_class_bind_template_child (widget_class, NekoDesktopGroup, notifications_row);
  gtk_widget_class_bind_template_child (widget_class, NekoDesktopGroup, tray_row);
  gtk_widget_class_bind_template_child (widget_class, NekoDesktopGroup, tray_switch);
}


static void
neko_desktop_group_init (NekoDesktopGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
