/* neko-frame-reader.h - several messages in one answer, each behind a line that names it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdint.h>

#include <glib.h>

G_BEGIN_DECLS

/* Octets of a line. */
#define NEKO_FRAME_LINE_LIMIT 4096

/**
 * NekoFrameEvent:
 * @NEKO_FRAME_INCOMPLETE: the input is used up
 * @NEKO_FRAME_BEGIN: a message begins; the frame tells which
 * @NEKO_FRAME_BODY: octets of it
 * @NEKO_FRAME_COMPLETE: it was all of it, as its size says
 * @NEKO_FRAME_GONE: a message that is not there; the frame tells which
 * @NEKO_FRAME_END: the answer was whole
 * @NEKO_FRAME_MALFORMED: it makes no sense
 */
typedef enum {
  NEKO_FRAME_INCOMPLETE,
  NEKO_FRAME_BEGIN,
  NEKO_FRAME_BODY,
  NEKO_FRAME_COMPLETE,
  NEKO_FRAME_GONE,
  NEKO_FRAME_END,
  NEKO_FRAME_MALFORMED,
} NekoFrameEvent;

/**
 * NekoFrame:
 * @id: (nullable): of the message; a part has none
 * @size: its octets, as it is stored
 * @left: how many of these are still to come
 * @sha256: (nullable): of all of them, in hexadecimal digits; %NULL for a message that is gone, and a part
 */
typedef struct {
  char   *id;
  guint64 size;
  guint64 left;
  char   *sha256;
} NekoFrame;

typedef struct _NekoFrameReader NekoFrameReader;

NekoFrameReader *neko_frame_reader_new (void) G_GNUC_WARN_UNUSED_RESULT;
NekoFrameReader *neko_frame_reader_new_for_parts (void) G_GNUC_WARN_UNUSED_RESULT;
void             neko_frame_reader_free (NekoFrameReader *self);
NekoFrameEvent   neko_frame_reader_next (NekoFrameReader *self,
                                         const uint8_t  **data,
                                         size_t          *length,
                                         const uint8_t  **body,
                                         size_t          *body_length);
const NekoFrame *neko_frame_reader_get_frame (NekoFrameReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoFrameReader, neko_frame_reader_free)

G_END_DECLS
