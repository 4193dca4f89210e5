/* neko-stream-reader.h - a message that is read from a stream as it comes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-message-reader.h"

G_BEGIN_DECLS

#define NEKO_TYPE_STREAM_READER (neko_stream_reader_get_type ())

G_DECLARE_FINAL_TYPE (NekoStreamReader, neko_stream_reader, NEKO, STREAM_READER, NekoMessageReader)

NekoMessageReader *neko_stream_reader_new (GInputStream *stream,
                                           GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
