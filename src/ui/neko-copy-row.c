/* neko-copy-row.c - a value to copy into a mail program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-copy-row.h"

#include <glib/gi18n.h>

#include "neko-window.h"

struct _NekoCopyRow {
  AdwActionRow parent_instance;

  GtkWidget   *button;
};

G_DEFINE_FINAL_TYPE (NekoCopyRow, neko_copy_row, ADW_TYPE_ACTION_ROW)


static void
copy_cb (NekoCopyRow *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  g_autofree char *message = NULL;
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));

  gdk_clipboard_set_text (clipboard, adw_action_row_get_subtitle (ADW_ACTION_ROW (self)));

  /* Translators: %s is what was copied, like "User name" */
  message = g_strdup_printf (_ ("%s copied"), title);
  neko_window_toast (GTK_WIDGET (self), message);
}


static void
title_changed_cb (NekoCopyRow *self)
{
  g_autofree char *label = NULL;

  /* Translators: %s is what the button copies, like "User name" */
  label = g_strdup_printf (_ ("Copy %s"),
                           adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));
  gtk_widget_set_tooltip_text (self->button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}


static void
neko_copy_row_class_init (NekoCopyRowClass *klass)
{
}


static void
neko_copy_row_init (NekoCopyRow *self)
{
  self->button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->button);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);

  g_signal_connect_object (self->button, "clicked", G_CALLBACK (copy_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::title", G_CALLBACK (title_changed_cb), self, 0);
}


/**
 * neko_copy_row_set_value:
 *
 * Sets what the row shows and its button copies.
 */
void
neko_copy_row_set_value (NekoCopyRow *self,
                         const char  *value)
{
  g_return_if_fail (NEKO_IS_COPY_ROW (self));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), value);
}


GtkWidget *
neko_copy_row_new (const char *title,
                   const char *value)
{
  NekoCopyRow *self = g_object_new (NEKO_TYPE_COPY_ROW, "title", title, NULL);

  neko_copy_row_set_value (self, value);

  return GTK_WIDGET (self);
}
