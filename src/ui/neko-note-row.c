/* neko-note-row.c - what there is to say about the row above it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-note-row.h"

/**
 * NekoNoteRow:
 *
 * A warning in a list, which is shown only where there is one. Rows to type into have no place for it.
 */
struct _NekoNoteRow {
  AdwActionRow parent_instance;

  GtkWidget   *icon;
};

G_DEFINE_FINAL_TYPE (NekoNoteRow, neko_note_row, ADW_TYPE_ACTION_ROW)


static void
neko_note_row_class_init (NekoNoteRowClass *klass)
{
}


static void
neko_note_row_init (NekoNoteRow *self)
{
  self->icon = gtk_image_new ();
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}


static void
show (NekoNoteRow *self,
      const char  *icon,
      const char  *text)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icon);
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);

  if (text != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), text);
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
