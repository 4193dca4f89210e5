/* neko-note-row.c - what there is to say about the row above it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-note-row.h"

/**
 * NekoNoteRow:
 *
 * A warning in a list, which is shown only where there is one. Rows to type into have no place for it. The title of
 * an AdwActionRow is centered from top to bottom, and GTK 4.8 makes such a label wider than there is room.
 */
struct _NekoNoteRow {
  AdwPreferencesRow parent_instance;

  GtkWidget        *icon;
  GtkWidget        *label;
};

G_DEFINE_FINAL_TYPE (NekoNoteRow, neko_note_row, ADW_TYPE_PREFERENCES_ROW)


static void
neko_note_row_class_init (NekoNoteRowClass *klass)
{
}


static void
neko_note_row_init (NekoNoteRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->icon = gtk_image_new ();
  self->label = gtk_label_new (NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_set_hexpand (self->label, TRUE);
  gtk_widget_set_margin_top (self->label, 6);
  gtk_widget_set_margin_bottom (self->label, 6);
  gtk_box_append (GTK_BOX (box), self->icon);
  gtk_box_append (GTK_BOX (box), self->label);
  gtk_widget_add_css_class (box, "header");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}


static void
show (NekoNoteRow *self,
      const char  *icon,
      const char  *text)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icon);
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);

  if (text == NULL)
    return;

  gtk_label_set_label (GTK_LABEL (self->label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}


/**
 * neko_note_row_explain:
 * @text: (nullable): why something is as it is; %NULL for nothing, which hides the row
 */
void
neko_note_row_explain (NekoNoteRow *self,
                       const char  *text)
{
  g_return_if_fail (NEKO_IS_NOTE_ROW (self));

  show (self, "dialog-information-symbolic", text);
}


/**
 * neko_note_row_warn:
 * @text: (nullable): what is wrong, or may be; %NULL for nothing, which hides the row
 */
void
neko_note_row_warn (NekoNoteRow *self,
                    const char  *text)
{
  g_return_if_fail (NEKO_IS_NOTE_ROW (self));

  show (self, "dialog-warning-symbolic", text);
}
