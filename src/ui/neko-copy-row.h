/* neko-copy-row.h - a value to copy into a mail program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_COPY_ROW (neko_copy_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoCopyRow, neko_copy_row, NEKO, COPY_ROW, AdwActionRow)

GtkWidget *neko_copy_row_new (const char  *title,
                              const char  *value);
void neko_copy_row_set_value (NekoCopyRow *self,
                              const char  *value);

G_END_DECLS
