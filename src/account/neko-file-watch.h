/* neko-file-watch.h - tells when another program wrote a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_FILE_WATCH (neko_file_watch_get_type ())

G_DECLARE_FINAL_TYPE (NekoFileWatch, neko_file_watch, NEKO, FILE_WATCH, GObject)

NekoFileWatch *neko_file_watch_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
