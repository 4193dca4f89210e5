/* neko-number-row.h - a whole number to enter
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_NUMBER_ROW (neko_number_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoNumberRow, neko_number_row, NEKO, NUMBER_ROW, AdwEntryRow)

void     neko_number_row_set_range (NekoNumberRow *self,
                                    guint64        minimum,
                                    guint64        maximum);
void     neko_number_row_set_value (NekoNumberRow *self,
                                    guint64        value);
gboolean neko_number_row_get_value (NekoNumberRow *self,
                                    guint64       *value);

G_END_DECLS
