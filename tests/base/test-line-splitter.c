/* test-line-splitter.c - lines, cut anywhere
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-line-splitter.h"

#define LIMIT 10


/* Feeds @input in pieces of @step octets and writes down what comes out. */
static char *
split (const char *input,
       size_t      length,
       size_t      step)
{
  g_autoptr (NekoLineSplitter) splitter = neko_line_splitter_new (LIMIT);
  GString *result = g_string_new (NULL);

  for (size_t i = 0; i < length; i += step) {
    const uint8_t *data = (const uint8_t *) input + i;
    size_t rest = MIN (step, length - i);

    while (rest > 0) {
      switch (neko_line_splitter_feed (splitter, &data, &rest)) {
      case NEKO_LINE_READY:
        g_string_append_printf (result, "[%s]", neko_line_splitter_get_line (splitter));
        break;

      case NEKO_LINE_TOO_LONG:
        g_string_append (result, "[too long]");
        break;

      case NEKO_LINE_HAS_NUL:
        g_string_append (result, "[nul]");
        break;

      case NEKO_LINE_INCOMPLETE:
      default:
        g_assert_cmpuint (rest, ==, 0);
        break;
      }
    }
  }

  return g_string_free (result, FALSE);
}


typedef struct {
  const char *name;
  const char *input;
  size_t      length;
  const char *lines;
} Sample;

#define SAMPLE(name, input, lines) { name, input, sizeof input - 1, lines }

static const Sample samples[] = {
  SAMPLE ("crlf", "one\r\ntwo\r\n", "[one][two]"),
  SAMPLE ("lf", "one\ntwo\n", "[one][two]"),
  SAMPLE ("empty", "\r\n\n", "[][]"),
  SAMPLE ("lone-cr", "a\rb\r\n", "[a\rb]"),
  SAMPLE ("incomplete", "one\r\ntw", "[one]"),
  SAMPLE ("at-the-limit", "12345678\r\nnext\r\n", "[12345678][next]"),
  SAMPLE ("over-the-limit", "123456789\r\nnext\r\n", "[too long][next]"),
  SAMPLE ("far-over", "123456789012345678901234567890\r\nnext\r\n", "[too long][next]"),
  SAMPLE ("nul", "a\0b\r\nnext\r\n", "[nul][next]"),
};


static void
test_sample (gconstpointer user_data)
{
  const Sample *sample = user_data;

  for (size_t step = 1; step <= sample->length; step++) {
    g_autofree char *lines = split (sample->input, sample->length, step);

    g_assert_cmpstr (lines, ==, sample->lines);
  }
}


/* What follows a line may be something else than lines. */
static void
test_stops_behind_the_line (void)
{
  g_autoptr (NekoLineSplitter) splitter = neko_line_splitter_new (LIMIT);
  const uint8_t *data = (const uint8_t *) "DATA\r\nrest";
  size_t length = strlen ("DATA\r\nrest");

  g_assert_cmpint (neko_line_splitter_feed (splitter, &data, &length), ==, NEKO_LINE_READY);
  g_assert_cmpuint (length, ==, 4);
  g_assert_cmpmem (data, length, "rest", 4);
}


static void
test_limit_can_change (void)
{
  g_autoptr (NekoLineSplitter) splitter = neko_line_splitter_new (4);
  const uint8_t *data = (const uint8_t *) "longer\r\n";
  size_t length = strlen ("longer\r\n");

  neko_line_splitter_set_limit (splitter, 8);
  g_assert_cmpint (neko_line_splitter_feed (splitter, &data, &length), ==, NEKO_LINE_READY);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (samples); i++) {
    g_autofree char *path = g_strdup_printf ("/base/line-splitter/%s", samples[i].name);

    g_test_add_data_func (path, &samples[i], test_sample);
  }

  g_test_add_func ("/base/line-splitter/stops-behind-the-line", test_stops_behind_the_line);
  g_test_add_func ("/base/line-splitter/limit-can-change", test_limit_can_change);

  return g_test_run ();
}
