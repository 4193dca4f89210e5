/* neko-keyring-watch.h - hears when the desktop's keyring may have opened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_KEYRING_WATCH (neko_keyring_watch_get_type ())

G_DECLARE_FINAL_TYPE (NekoKeyringWatch, neko_keyring_watch, NEKO, KEYRING_WATCH, GObject)

NekoKeyringWatch *neko_keyring_watch_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
