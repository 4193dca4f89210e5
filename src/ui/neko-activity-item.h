/* neko-activity-item.h - something that happened, as the log has it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Where a list of what happened can be narrowed to. */
typedef enum {
  NEKO_ACTIVITY_CONNECTIONS,
  NEKO_ACTIVITY_RECEIVED,
  NEKO_ACTIVITY_SENT,
  NEKO_ACTIVITY_PROGRAM,
} NekoActivityCategory;

#define NEKO_TYPE_ACTIVITY_ITEM (neko_activity_item_get_type ())

G_DECLARE_FINAL_TYPE (NekoActivityItem, neko_activity_item, NEKO, ACTIVITY_ITEM, GObject)

NekoActivityItem    *neko_activity_item_new (guint64 number,
                                             gint64 time,
                                             GLogLevelFlags level,
                                             const char        *text,
                                             const char        *event,
                                             const char *const *arguments) G_GNUC_WARN_UNUSED_RESULT;
gboolean             neko_activity_item_absorb (NekoActivityItem *self,
                                                NekoActivityItem *later);
guint64              neko_activity_item_get_number (NekoActivityItem *self);
gint64               neko_activity_item_get_time (NekoActivityItem *self);
GLogLevelFlags       neko_activity_item_get_level (NekoActivityItem *self);
const char          *neko_activity_item_get_text (NekoActivityItem *self);
const char          *neko_activity_item_get_event (NekoActivityItem *self);
unsigned             neko_activity_item_get_count (NekoActivityItem *self);
const char          *neko_activity_item_get_argument (NekoActivityItem *self,
                                                      unsigned          position);
unsigned             neko_activity_item_count_arguments (NekoActivityItem *self);
const char          *neko_activity_item_get_title (NekoActivityItem *self);
const char          *neko_activity_item_get_detail (NekoActivityItem *self);
const char          *neko_activity_item_get_icon (NekoActivityItem *self);
NekoActivityCategory neko_activity_item_get_category (NekoActivityItem *self);
gboolean             neko_activity_item_is_problem (NekoActivityItem *self);

G_END_DECLS
