/* neko-sleep-watch.h - hears when the computer has slept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_SLEEP_WATCH (neko_sleep_watch_get_type ())

G_DECLARE_FINAL_TYPE (NekoSleepWatch, neko_sleep_watch, NEKO, SLEEP_WATCH, GObject)

NekoSleepWatch *neko_sleep_watch_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
