/* neko-tray-watcher.h - whoever keeps the items of the tray, as long as there is one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_TRAY_WATCHER (neko_tray_watcher_get_type ())

G_DECLARE_FINAL_TYPE (NekoTrayWatcher, neko_tray_watcher, NEKO, TRAY_WATCHER, GObject)

NekoTrayWatcher *neko_tray_watcher_new (GDBusConnection *connection) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_tray_watcher_is_shown (NekoTrayWatcher *self);

G_END_DECLS
