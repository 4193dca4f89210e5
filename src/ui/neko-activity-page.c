/* neko-activity-page.c - what happened lately, and how to report it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-activity-page.h"

#include <glib/gi18n.h>

#include "neko-activity-group.h"
#include "neko-activity-list.h"
#include "neko-report-page.h"
#include "neko-service-settings.h"
#include "neko-traffic-group.h"
#include "neko-window.h"

#define DETAILED "detailed"
#define NORMAL "normal"

struct _NekoActivityPage {
  AdwBin             parent_instance;

  NekoModel         *model;
  NekoActivityList  *list; /* (nullable): before the page was seen */
  NekoTrafficGroup  *traffic;
  NekoActivityGroup *activity;
  AdwActionRow      *detailed_row;
  GtkSwitch         *detailed;
};

G_DEFINE_FINAL_TYPE (NekoActivityPage, neko_activity_page, ADW_TYPE_BIN)


static gboolean
level_to_switch (GValue   *value,
                 GVariant *variant,
                 gpointer  user_data)
{
  g_value_set_boolean (value, g_str_equal (g_variant_get_string (variant, NULL), DETAILED));

  return TRUE;
}


static GVariant *
switch_to_level (const GValue       *value,
                 const GVariantType *type,
                 gpointer            user_data)
{
  return g_variant_new_string (g_value_get_boolean (value) ? DETAILED : NORMAL);
}


static void
show_level (NekoActivityPage *self)
{
  const char *text = _ ("To find out what is wrong: keeps what mail programs and Neko Mail say to each other, without "
                        "passwords and mail");

  if (gtk_switch_get_active (self->detailed))
    text = _ ("On: what mail programs and Neko Mail say to each other is kept, without passwords and mail. It costs "
              "nothing but lines below");

  adw_action_row_set_subtitle (self->detailed_row, text);
}


static void
report_cb (NekoActivityPage *self)
{
  if (self->list != NULL)
    neko_window_push (GTK_WIDGET (self), neko_report_page_new (self->model,
                                                               neko_activity_list_get_items (self->list)));
}


/* The log is asked for when somebody wants to see it: it is long, and the window has to be there soon. */
static void
neko_activity_page_map (GtkWidget *widget)
{
  NekoActivityPage *self = NEKO_ACTIVITY_PAGE (widget);

  if (self->list == NULL) {
    self->list = neko_activity_list_new (self->model);
    neko_activity_group_set_items (self->activity, neko_activity_list_get_items (self->list));
  }

  GTK_WIDGET_CLASS (neko_activity_page_parent_class)->map (widget);
}


static void
neko_activity_page_dispose (GObject *object)
{
  NekoActivityPage *self = NEKO_ACTIVITY_PAGE (object);

  g_clear_object (&self->list);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (neko_activity_page_parent_class)->dispose (object);
}


static void
neko_activity_page_class_init (NekoActivityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_activity_page_dispose;
  widget_class->map = neko_activity_page_map;

  g_type_ensure (NEKO_TYPE_ACTIVITY_GROUP);
  g_type_ensure (NEKO_TYPE_TRAFFIC_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-activity-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoActivityPage, activity);
  gtk_widget_class_bind_template_child (widget_class, NekoActivityPage, detailed);
  gtk_widget_class_bind_template_child (widget_class, NekoActivityPage, detailed_row);
  gtk_widget_class_bind_template_child (widget_class, NekoActivityPage, traffic);
  gtk_widget_class_bind_template_callback (widget_class, report_cb);
}


static void
neko_activity_page_init (NekoActivityPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}


/**
 * neko_activity_page_new:
 *
 * Returns: (transfer floating): a page that reflects @model
 */
GtkWidget *
neko_activity_page_new (NekoModel *model)
{
  NekoActivityPage *self = g_object_new (NEKO_TYPE_ACTIVITY_PAGE, NULL);

  self->model = g_object_ref (model);
  neko_traffic_group_set_model (self->traffic, model);
  g_settings_bind_with_mapping (neko_model_get_settings (model), NEKO_SETTING_LOG_LEVEL, self->detailed, "active",
                                G_SETTINGS_BIND_DEFAULT, level_to_switch, switch_to_level, NULL, NULL);
  g_signal_connect_object (self->detailed, "notify::active", G_CALLBACK (show_level), self, G_CONNECT_SWAPPED);
  show_level (self);

  return GTK_WIDGET (self);
}
