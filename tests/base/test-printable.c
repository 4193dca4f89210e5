/* test-printable.c - what may be shown in a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-printable.h"


static void
test_printable (void)
{
  static const struct {
    const char *text;
    size_t      limit;
    const char *printable;
  } texts[] = {
    { "",                      10, ""                     },
    { "as it is, 猫 é",        50, "as it is, 猫 é"       },
    { "a\r\nb\tc\033[2J\177d", 50, "a??b?c?[2J?d"         },
    { "1\342\200\256" "2\342\201\246" "3", 50, "1???2???3" },
    { "\302\233 \377",         50, "?? \357\277\275"      }, /* U+009B begins a sequence as ESC [ does */
    { "12345",                  5, "12345"                },
    { "123456",                 5, "12345"                },
    { "1234é",                  5, "1234"                 }, /* no half letter */
    { "\377",                   2, ""                     },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *printable = neko_printable_dup (texts[i].text, texts[i].limit);

    g_assert_cmpstr (printable, ==, texts[i].printable);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/printable", test_printable);

  return g_test_run ();
}
