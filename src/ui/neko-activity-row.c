/* neko-activity-row.c - something that happened, in a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-activity-row.h"

#include <glib/gi18n.h>

struct _NekoActivityRow {
  AdwActionRow      parent_instance;

  NekoActivityItem *item;
  GtkWidget        *time;
};

G_DEFINE_FINAL_TYPE (NekoActivityRow, neko_activity_row, ADW_TYPE_ACTION_ROW)


static void
show_time (NekoActivityRow *self)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (neko_activity_item_get_time (self->item) /
                                                                G_USEC_PER_SEC);
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%R") : NULL;
  g_autofree char *tooltip = time != NULL ? g_date_time_format (time, "%x %T") : NULL;

  gtk_label_set_text (GTK_LABEL (self->time), text != NULL ? text : "");
  gtk_widget_set_tooltip_text (self->time, tooltip);
}


static void
item_changed_cb (NekoActivityRow *self)
{
  unsigned count = neko_activity_item_get_count (self->item);
  const char *title = neko_activity_item_get_title (self->item);
  g_autofree char *repeated = NULL;

  if (count > 1) {
    /* Translators: %1$s is a sentence, %2$u how often that happened */
    repeated = g_strdup_printf (ngettext ("%1$s (%2$u time)", "%1$s (%2$u times)", count), title, count);
  }

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), repeated != NULL ? repeated : title);
  show_time (self);
}


NekoActivityItem *
neko_activity_row_get_item (NekoActivityRow *self)
{
  g_return_val_if_fail (NEKO_IS_ACTIVITY_ROW (self), NULL);

  return self->item;
}


static void
neko_activity_row_dispose (GObject *object)
{
  g_clear_object (&NEKO_ACTIVITY_ROW (object)->item);

  G_OBJECT_CLASS (neko_activity_row_parent_class)->dispose (object);
}


static void
neko_activity_row_class_init (NekoActivityRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_activity_row_dispose;
}


static void
neko_activity_row_init (NekoActivityRow *self)
{
  self->time = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->time, "dim-label");
  gtk_widget_add_css_class (self->time, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->time);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
}


/**
 * neko_activity_row_new:
 *
 * Returns: (transfer floating): a row that follows @item
 */
GtkWidget *
neko_activity_row_new (NekoActivityItem *item)
{
  NekoActivityRow *self = g_object_new (NEKO_TYPE_ACTIVITY_ROW, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (neko_activity_item_get_icon (item));
  const char *detail = neko_activity_item_get_detail (item);

  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);

  if (neko_activity_item_is_problem (item))
    gtk_widget_add_css_class (icon, "warning");

  adw_action_row_add_prefix (ADW_ACTION_ROW (self), icon);
  self->item = g_object_ref (item);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), detail != NULL ? detail : "");
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, G_CONNECT_SWAPPED);
  item_changed_cb (self);

  return GTK_WIDGET (self);
}
