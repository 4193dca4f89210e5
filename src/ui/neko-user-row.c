/* neko-user-row.c - a user of a Worker in a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-user-row.h"

#include "neko-user-text.h"

#define AVATAR_SIZE 32

struct _NekoUserRow {
  AdwActionRow    parent_instance;

  NekoRemoteUser *user;
};

G_DEFINE_FINAL_TYPE (NekoUserRow, neko_user_row, ADW_TYPE_ACTION_ROW)


NekoRemoteUser *
neko_user_row_get_user (NekoUserRow *self)
{
  g_return_val_if_fail (NEKO_IS_USER_ROW (self), NULL);

  return self->user;
}


static void
add_picture (NekoUserRow *self,
             GtkWidget   *picture,
             gboolean     is_first)
{
  gtk_accessible_update_state (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);

  if (is_first)
    adw_action_row_add_prefix (ADW_ACTION_ROW (self), picture);
  else
    adw_action_row_add_suffix (ADW_ACTION_ROW (self), picture);
}


static void
neko_user_row_dispose (GObject *object)
{
  g_clear_object (&NEKO_USER_ROW (object)->user);

  G_OBJECT_CLASS (neko_user_row_parent_class)->dispose (object);
}


static void
neko_user_row_class_init (NekoUserRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_user_row_dispose;
}


static void
neko_user_row_init (NekoUserRow *self)
{
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
}


/**
 * neko_user_row_new:
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
neko_user_row_new (NekoRemoteUser *user)
{
  NekoUserRow *self = g_object_new (NEKO_TYPE_USER_ROW, NULL);
  g_autofree char *summary = neko_user_text_dup_summary (user);
  GtkWidget *avatar = adw_avatar_new (AVATAR_SIZE, user->address, TRUE);

  self->user = g_object_ref (user);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), user->address);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), summary);
  gtk_widget_set_opacity (avatar, user->is_disabled ? 0.5 : 1);
  add_picture (self, avatar, TRUE);
  add_picture (self, gtk_image_new_from_icon_name ("go-next-symbolic"), FALSE);

  return GTK_WIDGET (self);
}
