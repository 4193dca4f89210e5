/* test-frame-reader.c - several messages in one answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-frame-reader.h"

#define TWO "{\"id\":\"a\",\"size\":5,\"sha256\":\"s1\"}\n12{}\n{\"id\":\"b\",\"gone\":true}\n" \
  "{\"id\":\"c\",\"size\":0,\"sha256\":\"s2\"}\n{\"end\":true}\n"

#define PARTS "{\"size\":5}\n12{}\n{\"size\":0}\n{\"size\":2}\n34{\"end\":true}\n"

typedef struct {
  const char *name;
  const char *input;
  const char *events;
} Case;

static const Case cases[] = {
  { "whole",            TWO,                                           "<a 5 s1:12{}\n>(b gone)<c 0 s2:>$" },
  { "nothing",          "{\"end\":true}\n",                            "$"                                 },
  { "cut-in-line",      "{\"id\":\"a\",",                              ""                                  },
  { "cut-in-body",      "{\"id\":\"a\",\"size\":5,\"sha256\":\"\"}\n12", "<a 5 :12"                          },
  { "behind-the-end",   "{\"end\":true}\n{\"end\":true}\n",            "$!"                                },
  { "no-json",          "hello\n",                                     "!"                                 },
  { "no-object",        "[1]\n",                                       "!"                                 },
  { "no-id",            "{\"size\":1,\"sha256\":\"\"}\n",              "!"                                 },
  { "id-is-a-number",   "{\"id\":1,\"size\":1,\"sha256\":\"\"}\n",     "!"                                 },
  { "no-size",          "{\"id\":\"a\",\"sha256\":\"\"}\n",            "!"                                 },
  { "negative-size",    "{\"id\":\"a\",\"size\":-1,\"sha256\":\"\"}\n", "!"                                 },
  { "size-is-a-text",   "{\"id\":\"a\",\"size\":\"1\",\"sha256\":\"\"}\n", "!"                                 },
  { "no-digest",        "{\"id\":\"a\",\"size\":1}\n",                 "!"                                 },
};


/* Of one thing. */
static const Case parts[] = {
  { "whole",            PARTS,                       "<- 5 -:12{}\n><- 0 -:><- 2 -:34>$" },
  { "nothing",          "{\"end\":true}\n",          "$"                                 },
  { "cut",              "{\"size\":5}\n12{",         "<- 5 -:12{"                        },
  { "behind-the-end",   "{\"end\":true}\n1",         "$!"                                },
  { "no-size",          "{\"id\":\"a\"}\n",          "!"                                 },
  { "negative-size",    "{\"size\":-1}\n",           "!"                                 },
};


/* Writes down what comes, in one text: bodies are joined. */
static void
take (NekoFrameReader *reader,
      GString         *events,
      const char      *input,
      size_t           length)
{
  const NekoFrame *frame = neko_frame_reader_get_frame (reader);
  const uint8_t *data = (const uint8_t *) input;
  const uint8_t *body;
  size_t body_length;

  while (TRUE) {
    switch (neko_frame_reader_next (reader, &data, &length, &body, &body_length)) {
    case NEKO_FRAME_BEGIN:
      g_string_append_printf (events, "<%s %" G_GUINT64_FORMAT " %s:",
                              frame->id != NULL ? frame->id : "-", frame->size,
                              frame->sha256 != NULL ? frame->sha256 : "-");
      break;

    case NEKO_FRAME_BODY:
      g_string_append_len (events, (const char *) body, body_length);
      break;

    case NEKO_FRAME_COMPLETE:
      g_assert_cmpuint (frame->left, ==, 0);
      g_string_append_c (events, '>');
      break;

    case NEKO_FRAME_GONE:
      g_string_append_printf (events, "(%s gone)", frame->id);
      break;

    case NEKO_FRAME_END:
      g_string_append_c (events, '$');
      break;

    case NEKO_FRAME_MALFORMED:
      if (!g_str_has_suffix (events->str, "!"))
        g_string_append_c (events, '!');
      return;

    case NEKO_FRAME_INCOMPLETE:
    default:
      g_assert_cmpuint (length, ==, 0);
      return;
    }
  }
}


/* Cut at every place, and into single octets, it is the same. */
static void
check (const Case *item,
       NekoFrameReader *(*make)(void))
{
  size_t length = strlen (item->input);

  for (size_t cut = 0; cut <= length; cut++) {
    g_autoptr (NekoFrameReader) reader = make ();
    g_autoptr (NekoFrameReader) slow = make ();
    g_autoptr (GString) events = g_string_new (NULL);
    g_autoptr (GString) slow_events = g_string_new (NULL);

    take (reader, events, item->input, cut);
    take (reader, events, item->input + cut, length - cut);
    g_assert_cmpstr (events->str, ==, item->events);

    for (size_t i = 0; i < length; i++)
      take (slow, slow_events, item->input + i, 1);

    g_assert_cmpstr (slow_events->str, ==, item->events);
  }
}


static void
test_case (gconstpointer data)
{
  check (data, neko_frame_reader_new);
}


static void
test_part (gconstpointer data)
{
  check (data, neko_frame_reader_new_for_parts);
}


static void
test_long_line (void)
{
  g_autoptr (GString) line = g_string_new ("{\"end\":true,\"x\":\"");
  g_autoptr (NekoFrameReader) reader = neko_frame_reader_new ();
  g_autoptr (NekoFrameReader) other = neko_frame_reader_new ();
  g_autoptr (GString) events = g_string_new (NULL);

  /* The limit counts the line's end. */
  while (line->len < NEKO_FRAME_LINE_LIMIT - 3)
    g_string_append_c (line, 'x');

  g_string_append (line, "\"}\n");
  take (reader, events, line->str, line->len);
  g_assert_cmpstr (events->str, ==, "$");
  g_string_insert_c (line, 20, 'x');
  g_string_truncate (events, 0);
  take (other, events, line->str, line->len);
  g_assert_cmpstr (events->str, ==, "!");
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/remote/frame-reader/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }

  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = g_strconcat ("/remote/frame-reader/parts/", parts[i].name, NULL);

    g_test_add_data_func (path, &parts[i], test_part);
  }

  g_test_add_func ("/remote/frame-reader/long-line", test_long_line);

  return g_test_run ();
}
