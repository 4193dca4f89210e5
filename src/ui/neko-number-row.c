/* neko-number-row.c - a whole number to enter
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-number-row.h"

/**
 * NekoNumberRow:
 *
 * libadwaita 1.2 has no AdwSpinRow. What is no number of the range is shown as an error.
 */
struct _NekoNumberRow {
  AdwEntryRow parent_instance;

  guint64     minimum;
  guint64     maximum;
};

G_DEFINE_FINAL_TYPE (NekoNumberRow, neko_number_row, ADW_TYPE_ENTRY_ROW)


static void
changed_cb (NekoNumberRow *self)
{
  guint64 value;
  gboolean is_good = neko_number_row_get_value (self, &value);

  if (is_good)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");

  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_INVALID,
                               is_good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
}


void
neko_number_row_set_range (NekoNumberRow *self,
                           guint64        minimum,
                           guint64        maximum)
{
  g_return_if_fail (NEKO_IS_NUMBER_ROW (self));

  self->minimum = minimum;
  self->maximum = maximum;
  changed_cb (self);
}


/**
 * neko_number_row_set_value:
 *
 * Shows a number that is true, so that there is nothing to apply.
 */
void
neko_number_row_set_value (NekoNumberRow *self,
                           guint64        value)
{
  gboolean has_button = adw_entry_row_get_show_apply_button (ADW_ENTRY_ROW (self));
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  g_return_if_fail (NEKO_IS_NUMBER_ROW (self));

  if (g_str_equal (text, gtk_editable_get_text (GTK_EDITABLE (self))))
    return;

  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self), text);
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self), has_button);
}


/**
 * neko_number_row_get_value:
 * @value: (out): what was entered
 *
 * Returns: whether that is a number of the range
 */
gboolean
neko_number_row_get_value (NekoNumberRow *self,
                           guint64       *value)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self))));

  g_return_val_if_fail (NEKO_IS_NUMBER_ROW (self), FALSE);

  return g_ascii_string_to_unsigned (text, 10, self->minimum, self->maximum, value, NULL);
}


static void
neko_number_row_class_init (NekoNumberRowClass *klass)
{
}


static void
neko_number_row_init (NekoNumberRow *self)
{
  self->maximum = G_MAXINT64;
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (self), GTK_INPUT_PURPOSE_DIGITS);
  g_signal_connect_object (self, "changed", G_CALLBACK (changed_cb), self, 0);
}
