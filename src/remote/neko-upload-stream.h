/* neko-upload-stream.h - an envelope and a message, one behind the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_UPLOAD_STREAM (neko_upload_stream_get_type ())

G_DECLARE_FINAL_TYPE (NekoUploadStream, neko_upload_stream, NEKO, UPLOAD_STREAM,
                      GFilterInputStream)

GInputStream *neko_upload_stream_new (const char   *envelope,
                                      GInputStream *message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
