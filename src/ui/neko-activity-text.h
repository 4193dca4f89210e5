/* neko-activity-text.h - what happened, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-activity-item.h"

G_BEGIN_DECLS

char                *neko_activity_text_dup_title (NekoActivityItem *item) G_GNUC_WARN_UNUSED_RESULT;
char                *neko_activity_text_dup_detail (NekoActivityItem *item) G_GNUC_WARN_UNUSED_RESULT;
const char          *neko_activity_text_get_icon (NekoActivityItem *item);
NekoActivityCategory neko_activity_text_get_category (NekoActivityItem *item);
gboolean             neko_activity_text_is_problem (NekoActivityItem *item);

G_END_DECLS
