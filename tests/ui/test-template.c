/* test-template.c - texts with places that are filled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-template.h"

static const struct {
  const char *text;
  const char *places[3];
  const char *values[2];
  const char *filled;
} cases[] = {
  { "", { "{a}" }, { "1" }, "" },
  { "nothing", { "{a}" }, { "1" }, "nothing" },
  { "{a}", { "{a}" }, { "1" }, "1" },
  { "{b} before {a}", { "{a}", "{b}" }, { "1", "2" }, "2 before 1" },
  { "{a}{a}", { "{a}" }, { "x" }, "xx" },
  { "{a} and {c}", { "{a}" }, { "1" }, "1 and {c}" },
  { "ä {a} 猫", { "{a}" }, { "é" }, "ä é 猫" },

  /* What a stranger calls itself is no place. */
  { "{a} from {b}", { "{a}", "{b}" }, { "{b}", "{a}" }, "{b} from {a}" },
  { "%1$s: %2$s", { "%1$s", "%2$s" }, { "%2$s", "%1$s%n" }, "%2$s: %1$s%n" },
};


static void
test_filled (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *filled = neko_template_fill (cases[i].text, cases[i].places, cases[i].values);

    g_assert_cmpstr (filled, ==, cases[i].filled);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/template/filled", test_filled);

  return g_test_run ();
}
