/* neko-checked-stream.h - a message on its way in, whose end is an error unless it is whole
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_CHECKED_STREAM (neko_checked_stream_get_type ())

G_DECLARE_FINAL_TYPE (NekoCheckedStream, neko_checked_stream, NEKO, CHECKED_STREAM,
                      GFilterInputStream)

GInputStream *neko_checked_stream_new (GInputStream *base,
                                       guint64 size,
                                       const char   *sha256) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
