/* neko-storage-row.c - how much mail an account has on the Worker, and how much it may have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-storage-row.h"

#include <glib/gi18n.h>

#include "neko-size-text.h"

struct _NekoStorageRow {
  AdwActionRow     parent_instance;

  NekoAccountItem *item;
  GtkWidget       *bar;
};

G_DEFINE_FINAL_TYPE (NekoStorageRow, neko_storage_row, ADW_TYPE_ACTION_ROW)


static char *
describe_use (const NekoProfile *profile)
{
  unsigned long count = profile->messages;
  g_autofree char *messages = g_strdup_printf (ngettext ("%lu message", "%lu messages", count), count);
  g_autofree char *size = neko_size_text_dup (profile->size);
  g_autofree char *quota = neko_size_text_dup (profile->quota);

  if (profile->quota == 0) {
    /* Translators: the first %s is a number of messages, the second one their size */
    return g_strdup_printf (_ ("%s, %s"), messages, size);
  }

  /* Translators: the first %s is a number of messages, the second one their size, the third one how large they may be */
  return g_strdup_printf (_ ("%s, %s of %s"), messages, size, quota);
}


static char *
describe_limits (const NekoProfile *profile)
{
  g_autofree char *size = neko_size_text_dup (profile->max_message_size);
  g_autoptr (GString) text = g_string_new (NULL);

  if (profile->max_message_size > 0)
    /* Translators: %s is a size */
    g_string_append_printf (text, _ ("Messages of up to %s"), size);

  if (profile->daily_limit > 0) {
    if (text->len > 0)
      g_string_append (text, " · ");

    /* Translators: how many recipients were written to today, and how many may be */
    g_string_append_printf (text, _ ("%lu of %lu recipients today"), (unsigned long) profile->recipients_today,
                            (unsigned long) profile->daily_limit);
  }

  return g_string_free (g_steal_pointer (&text), FALSE);
}


static void
item_changed_cb (NekoStorageRow *self)
{
  const NekoProfile *profile = neko_account_item_get_profile (self->item);
  g_autofree char *use = NULL;
  g_autofree char *limits = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), profile != NULL);

  if (profile == NULL)
    return;

  use = describe_use (profile);
  limits = describe_limits (profile);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), use);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), limits);
  gtk_widget_set_visible (self->bar, profile->quota > 0);

  if (profile->quota > 0)
    gtk_level_bar_set_value (GTK_LEVEL_BAR (self->bar), MIN (1.0, (double) profile->size / profile->quota));
}


/**
 * neko_storage_row_set_account:
 *
 * Shows what the Worker tells of @item, and follows it.
 */
void
neko_storage_row_set_account (NekoStorageRow  *self,
                              NekoAccountItem *item)
{
  g_return_if_fail (NEKO_IS_STORAGE_ROW (self));
  g_return_if_fail (self->item == NULL);

  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, G_CONNECT_SWAPPED);
  item_changed_cb (self);
}


static void
neko_storage_row_dispose (GObject *object)
{
  g_clear_object (&NEKO_STORAGE_ROW (object)->item);

  G_OBJECT_CLASS (neko_storage_row_parent_class)->dispose (object);
}


static void
neko_storage_row_class_init (NekoStorageRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_storage_row_dispose;
}


static void
neko_storage_row_init (NekoStorageRow *self)
{
  self->bar = gtk_level_bar_new ();
  gtk_widget_set_size_request (self->bar, 80, -1);
  gtk_widget_set_valign (self->bar, GTK_ALIGN_CENTER);

  /* Full is no success, as GTK's colours would say. */
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Storage used"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->bar);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
}
