/* neko-sleep-watch.h - notices that the computer has slept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define NEKO_TYPE_SLEEP_WATCH (neko_sleep_watch_get_type ())

G_DECLARE_FINAL_TYPE (NekoSleepWatch, neko_sleep_watch, NEKO, SLEEP_WATCH, GObject)

NekoSleepWatch *neko_sleep_watch_new (void) G_GNUC_WARN_UNUSED_RESULT;
void neko_sleep_watch_compare (NekoSleepWatch *self,
                               gint64          slept);

G_END_DECLS
