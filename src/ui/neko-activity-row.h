/* neko-activity-row.h - something that happened, in a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "neko-activity-item.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ACTIVITY_ROW (neko_activity_row_get_type ())

G_DECLARE_FINAL_TYPE (NekoActivityRow, neko_activity_row, NEKO, ACTIVITY_ROW, AdwActionRow)

GtkWidget        *neko_activity_row_new (NekoActivityItem *item);
NekoActivityItem *neko_activity_row_get_item (NekoActivityRow *self);

G_END_DECLS
