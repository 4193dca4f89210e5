/* neko-remove-button.c - a button at the end of a row that takes it away
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remove-button.h"


/**
 * neko_remove_button_new:
 * @label: what it takes away: a tooltip, and what a screen reader says
 *
 * Returns: (transfer floating): a button
 */
GtkWidget *
neko_remove_button_new (const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return button;
}
