/* neko-account-row.c - an account in a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-row.h"

#include "neko-account-text.h"

struct _NekoAccountRow {
  AdwActionRow     parent_instance;

  NekoAccountItem *item;
  GtkWidget       *icon;
};

G_DEFINE_FINAL_TYPE (NekoAccountRow, neko_account_row, ADW_TYPE_ACTION_ROW)


static GtkWidget *
new_icon (const char *name)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (name);

  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);

  return icon;
}


static void
item_changed_cb (NekoAccountRow *self)
{
  g_autofree char *state = neko_account_text_dup_state (self->item);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), state);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), neko_account_text_get_icon (self->item));
}


NekoAccountItem *
neko_account_row_get_item (NekoAccountRow *self)
{
  g_return_val_if_fail (NEKO_IS_ACCOUNT_ROW (self), NULL);

  return self->item;
}


static void
neko_account_row_dispose (GObject *object)
{
  g_clear_object (&NEKO_ACCOUNT_ROW (object)->item);

  G_OBJECT_CLASS (neko_account_row_parent_class)->dispose (object);
}


static void
neko_account_row_class_init (NekoAccountRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_account_row_dispose;
}


static void
neko_account_row_init (NekoAccountRow *self)
{
  self->icon = new_icon (NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), new_icon ("go-next-symbolic"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
}


/**
 * neko_account_row_new:
 *
 * Returns: (transfer floating): a row that follows @item
 */
GtkWidget *
neko_account_row_new (NekoAccountItem *item)
{
  NekoAccountRow *self = g_object_new (NEKO_TYPE_ACCOUNT_ROW, NULL);

  self->item = g_object_ref (item);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), neko_account_item_get_address (item));
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, G_CONNECT_SWAPPED);
  item_changed_cb (self);

  return GTK_WIDGET (self);
}
