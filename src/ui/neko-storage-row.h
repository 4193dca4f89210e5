/* neko-storage-row.h - how much mail an account has on the Worker, and how much it may have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-account-item.h"

G_BEGIN_DECLS

#define NEKO_TYPE_STORAGE_ROW (neko_storage_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoStorageRow, neko_storage_row, NEKO, STORAGE_ROW, AdwActionRow)

void neko_storage_row_set_account (NekoStorageRow  *self,
                                   NekoAccountItem *item);

G_END_DECLS
