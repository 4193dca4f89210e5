/* neko-setting-row.c - a row for a setting that the command line may override
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-setting-row.h"

#include <glib/gi18n.h>


/**
 * neko_setting_row_get_reason:
 *
 * Returns: why a setting cannot be changed here, where the command line overrides it
 */
const char *
neko_setting_row_get_reason (void)
{
  return _ ("Set by the command line while Neko Mail runs");
}


/**
 * neko_setting_row_reflect:
 * @key: of the setting
 * @subtitle: shown where the setting counts
 *
 * A setting that does not count is grey, and says why.
 */
void
neko_setting_row_reflect (AdwActionRow *row,
                          NekoModel    *model,
                          const char   *key,
                          const char   *subtitle)
{
  gboolean is_overridden = neko_model_is_overridden (model, key);
  GtkWidget *control = adw_action_row_get_activatable_widget (row);

  /* A screen reader is told of a control's own sensitivity alone, and not of its row's. */
  if (control != NULL)
    gtk_widget_set_sensitive (control, !is_overridden);

  gtk_widget_set_sensitive (GTK_WIDGET (row), !is_overridden);
  adw_action_row_set_subtitle (row, is_overridden ? neko_setting_row_get_reason () : subtitle);
}
