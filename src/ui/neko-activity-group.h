/* neko-activity-group.h - what happened, narrowed to what one looks for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define NEKO_TYPE_ACTIVITY_GROUP (neko_activity_group_get_type ())

G_DECLARE_FINAL_TYPE (NekoActivityGroup, neko_activity_group, NEKO, ACTIVITY_GROUP, AdwPreferencesGroup)

void neko_activity_group_set_items (NekoActivityGroup *self,
                                    GListModel        *items);

G_END_DECLS
