/* neko-account-row.h - an account in a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-account-item.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ACCOUNT_ROW (neko_account_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoAccountRow, neko_account_row, NEKO, ACCOUNT_ROW, AdwActionRow)

GtkWidget       *neko_account_row_new (NekoAccountItem *item);
NekoAccountItem *neko_account_row_get_item (NekoAccountRow *self);

G_END_DECLS
