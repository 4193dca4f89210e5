/* fuzz-frame-reader.c - messages that the Worker did not send, however they are cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "neko-frame-reader.h"


static void
describe_frame (GString         *text,
                const char      *event,
                const NekoFrame *frame)
{
  g_string_append_printf (text, "\n%s %s %" G_GUINT64_FORMAT " %s\n", event,
                          frame->id != NULL ? frame->id : "-", frame->size,
                          frame->sha256 != NULL ? frame->sha256 : "-");
}


/* Returns: whether more can come */
static gboolean
describe_part (NekoFrameReader *reader,
               const uint8_t   *data,
               size_t           length,
               GString         *text)
{
  const NekoFrame *frame = neko_frame_reader_get_frame (reader);
  const uint8_t *body;
  size_t body_length;

  while (TRUE) {
    switch (neko_frame_reader_next (reader, &data, &length, &body, &body_length)) {
    case NEKO_FRAME_BEGIN:
      g_assert_cmpuint (frame->left, ==, frame->size);
      describe_frame (text, "begin", frame);
      break;

    case NEKO_FRAME_BODY:
      g_assert_cmpuint (body_length, >, 0);
      g_assert_cmpuint (frame->left, <=, frame->size - body_length);
      g_string_append_len (text, (const char *) body, body_length);
      break;

    case NEKO_FRAME_COMPLETE:
      g_assert_cmpuint (frame->left, ==, 0);
      describe_frame (text, "complete", frame);
      break;

    case NEKO_FRAME_GONE:
      describe_frame (text, "gone", frame);
      break;

    case NEKO_FRAME_END:
      g_string_append (text, "\nend\n");
      break;

    case NEKO_FRAME_INCOMPLETE:
      g_assert_cmpuint (length, ==, 0);
      return TRUE;

    case NEKO_FRAME_MALFORMED:
    default:
      g_string_append (text, "\nmalformed\n");
      return FALSE;
    }
  }
}


static GString *
describe (const uint8_t *data,
          size_t         size,
          size_t         step,
          gboolean       has_parts)
{
  g_autoptr (NekoFrameReader) reader = has_parts ? neko_frame_reader_new_for_parts () : neko_frame_reader_new ();
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < size; i += step) {
    if (!describe_part (reader, data + i, MIN (step, size - i), text))
      break;
  }

  return text;
}


static void
compare (const uint8_t *data,
         size_t         size,
         gboolean       has_parts)
{
  g_autoptr (GString) whole = describe (data, size, size + 1, has_parts);
  g_autoptr (GString) octets = describe (data, size, 1, has_parts);

  g_assert_cmpmem (whole->str, whole->len, octets->str, octets->len);
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  compare (data, size, FALSE);
  compare (data, size, TRUE);

  return 0;
}
