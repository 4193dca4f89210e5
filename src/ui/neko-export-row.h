/* neko-export-row.h - saves the mail of an account in a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-account-item.h"

G_BEGIN_DECLS

#define NEKO_TYPE_EXPORT_ROW (neko_export_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoExportRow, neko_export_row, NEKO, EXPORT_ROW, AdwActionRow)

void neko_export_row_set_account (NekoExportRow   *self,
                                  NekoAccountItem *item);

G_END_DECLS
