/* neko-frame-reader.c - several messages in one answer, each behind a line that names it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-frame-reader.h"

#include <json-glib/json-glib.h>

#include <string.h>

#include "neko-json.h"
#include "neko-line-splitter.h"

typedef enum {
  LINE,
  BODY,
  ENDED,
  BROKEN,
} State;

struct _NekoFrameReader {
  gboolean          has_parts; /* of one thing, and no messages */
  State             state;
  NekoLineSplitter *splitter;
  JsonParser       *parser;
  NekoFrame         frame;
};


/**
 * neko_frame_reader_new:
 *
 * Returns: (transfer full): a reader at the beginning of an answer
 */
NekoFrameReader *
neko_frame_reader_new (void)
{
  NekoFrameReader *self = g_new0 (NekoFrameReader, 1);

  self->splitter = neko_line_splitter_new (NEKO_FRAME_LINE_LIMIT);
  self->parser = json_parser_new ();

  return self;
}


/**
 * neko_frame_reader_new_for_parts:
 *
 * Returns: (transfer full): a reader of an answer whose frames are the parts of one thing
 */
NekoFrameReader *
neko_frame_reader_new_for_parts (void)
{
  NekoFrameReader *self = neko_frame_reader_new ();

  self->has_parts = TRUE;

  return self;
}


static void
clear_frame (NekoFrameReader *self)
{
  g_clear_pointer (&self->frame.id, g_free);
  g_clear_pointer (&self->frame.sha256, g_free);
  self->frame.size = 0;
}


void
neko_frame_reader_free (NekoFrameReader *self)
{
  if (self == NULL)
    return;

  clear_frame (self);
  neko_line_splitter_free (self->splitter);
  g_object_unref (self->parser);
  g_free (self);
}


static NekoFrameEvent
fail (NekoFrameReader *self)
{
  self->state = BROKEN;

  return NEKO_FRAME_MALFORMED;
}


static NekoFrameEvent
begin (NekoFrameReader *self,
       JsonObject      *object)
{
  if (!neko_json_get_number (object, "size", &self->frame.size))
    return fail (self);

  self->frame.left = self->frame.size;
  self->state = BODY;

  return NEKO_FRAME_BEGIN;
}


static NekoFrameEvent
take_line (NekoFrameReader *self)
{
  const char *line = neko_line_splitter_get_line (self->splitter);
  JsonObject *object = neko_json_parse_object (self->parser, line, strlen (line));

  clear_frame (self);

  if (object == NULL)
    return fail (self);

  if (neko_json_is_true (object, "end")) {
    self->state = ENDED;
    return NEKO_FRAME_END;
  }

  if (self->has_parts)
    return begin (self, object);

  self->frame.id = g_strdup (neko_json_get_text (object, "id"));

  if (self->frame.id == NULL)
    return fail (self);

  if (neko_json_is_true (object, "gone"))
    return NEKO_FRAME_GONE;

  self->frame.sha256 = g_strdup (neko_json_get_text (object, "sha256"));

  return self->frame.sha256 != NULL ? begin (self, object) : fail (self);
}


static NekoFrameEvent
read_line (NekoFrameReader *self,
           const uint8_t  **data,
           size_t          *length)
{
  switch (neko_line_splitter_feed (self->splitter, data, length)) {
  case NEKO_LINE_READY:
    return take_line (self);

  case NEKO_LINE_INCOMPLETE:
    return NEKO_FRAME_INCOMPLETE;

  case NEKO_LINE_TOO_LONG:
  case NEKO_LINE_HAS_NUL:
  default:
    return fail (self);
  }
}


static NekoFrameEvent
read_body (NekoFrameReader *self,
           const uint8_t  **data,
           size_t          *length,
           const uint8_t  **body,
           size_t          *body_length)
{
  if (self->frame.left == 0) {
    self->state = LINE;
    return NEKO_FRAME_COMPLETE;
  }

  if (*length == 0)
    return NEKO_FRAME_INCOMPLETE;

  *body = *data;
  *body_length = MIN (*length, self->frame.left);
  *data += *body_length;
  *length -= *body_length;
  self->frame.left -= *body_length;

  return NEKO_FRAME_BODY;
}


/**
 * neko_frame_reader_next:
 * @data: (inout): a part of the answer, cut anywhere; moved on behind what was consumed
 * @length: (inout): its length in octets
 * @body: (out): for %NEKO_FRAME_BODY, where its octets are
 * @body_length: (out): how many
 *
 * Returns: what comes next. Nothing may come behind the end
 */
NekoFrameEvent
neko_frame_reader_next (NekoFrameReader *self,
                        const uint8_t  **data,
                        size_t          *length,
                        const uint8_t  **body,
                        size_t          *body_length)
{
  switch (self->state) {
  case LINE:
    return read_line (self, data, length);

  case BODY:
    return read_body (self, data, length, body, body_length);

  case ENDED:
    return *length == 0 ? NEKO_FRAME_INCOMPLETE : fail (self);

  case BROKEN:
  default:
    return NEKO_FRAME_MALFORMED;
  }
}


/**
 * neko_frame_reader_get_frame:
 *
 * Returns: the message that began or is gone; valid until the next one
 */
const NekoFrame *
neko_frame_reader_get_frame (NekoFrameReader *self)
{
  return &self->frame;
}
