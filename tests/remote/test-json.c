/* test-json.c - what of JSON is fit to be parsed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-json.h"


static void
test_texts (void)
{
  static const struct {
    const char *text;
    gboolean    is_plain;
  } texts[] = {
    { "{\"a\":[1,-2.5e3,true,null,\"b\"]}", TRUE },
    { "", TRUE },
    { "\"\"", TRUE },
    { "[\"[[[[\",\"/*'#\"]", TRUE },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", TRUE },
    { "\"\\u0041\\uFFFF\\ue000\\ud83D\\uDe00\"", TRUE },
    { " \r\n\t[1] \r\n\t", TRUE },
    { "[1][2]", FALSE },
    { "{}{}", FALSE },
    { "\"\"[]", FALSE },
    { "[1]]", FALSE },
    { "}{}", FALSE },
    { "1[2]", FALSE },
    { "var x = {};", FALSE },
    { "[1];", FALSE },
    { "[/*x*/1]", FALSE },
    { "[//x\n1]", FALSE },
    { "[1]#", FALSE },
    { "'x'", FALSE },
    { "\"", FALSE },
    { "\"x", FALSE },
    { "\"x\\\"", FALSE },
    { "\"\\", FALSE },
    { "\"\\x\"", FALSE },
    { "\"\\u\"", FALSE },
    { "\"\\u123\"", FALSE },
    { "\"\\u123g\"", FALSE },
    /* Half a surrogate pair. */
    { "\"\\ud800\"", FALSE },
    { "\"\\udc00\"", FALSE },
    { "\"\\ud83dx\"", FALSE },
    { "\"\\ud83d\\n\"", FALSE },
    { "\"\\ud83d\\u0041\"", FALSE },
    { "\"\\ud83d\\ud83d\\ude00\"", FALSE },
    { "\"\\ud83d\\ude0", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    /* A copy of just this size, so that a look beyond it is seen. */
    size_t length = strlen (texts[i].text);
    g_autofree char *text = g_memdup2 (texts[i].text, length);

    g_test_message ("%s", texts[i].text);
    g_assert_cmpint (neko_json_is_plain (text, length), ==, texts[i].is_plain);
  }
}


static void
test_nul (void)
{
  g_assert_false (neko_json_is_plain ("[\0]", 3));
  g_assert_false (neko_json_is_plain ("\"\0\"", 3));
  g_assert_false (neko_json_is_plain ("\"\\\0\"", 4));
}


static void
test_depth (void)
{
  g_autofree char *brackets = g_strnfill (NEKO_JSON_DEPTH_LIMIT + 1, '[');

  g_assert_true (neko_json_is_plain (brackets, NEKO_JSON_DEPTH_LIMIT));
  g_assert_false (neko_json_is_plain (brackets, NEKO_JSON_DEPTH_LIMIT + 1));
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/remote/json/texts", test_texts);
  g_test_add_func ("/remote/json/nul", test_nul);
  g_test_add_func ("/remote/json/depth", test_depth);

  return g_test_run ();
}
