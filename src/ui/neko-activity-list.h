/* neko-activity-list.h - the log of the program in the background, as it goes on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-activity-item.h"
#include "neko-model.h"

G_BEGIN_DECLS

#define NEKO_TYPE_ACTIVITY_LIST (neko_activity_list_get_type ())

G_DECLARE_FINAL_TYPE (NekoActivityList, neko_activity_list, NEKO, ACTIVITY_LIST, GObject)

NekoActivityList *neko_activity_list_new (NekoModel *model) G_GNUC_WARN_UNUSED_RESULT;
GListModel *neko_activity_list_get_items (NekoActivityList *self);

G_END_DECLS
