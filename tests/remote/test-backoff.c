/* test-backoff.c - how long to wait before the next try
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-backoff.h"


static void
assert_about (unsigned delay,
              unsigned expected)
{
  g_assert_cmpuint (delay, >=, expected * 8 / 10 - 1);
  g_assert_cmpuint (delay, <=, expected * 12 / 10);
}


static void
test_doubling (void)
{
  static const unsigned expected[] = { 1000, 2000, 4000, 8000, 16000, 20000, 20000 };
  NekoBackoff backoff = { .first = 1000, .longest = 20000 };

  for (int round = 0; round < 2; round++) {
    for (size_t i = 0; i < G_N_ELEMENTS (expected); i++)
      assert_about (neko_backoff_next (&backoff), expected[i]);

    neko_backoff_reset (&backoff);
  }
}


/* A hundred accounts come back all over the time that they may. */
static void
test_spread (void)
{
  unsigned counts[20] = { 0 };

  for (unsigned i = 0; i < 2000; i++) {
    unsigned delay = neko_backoff_spread (1000);

    assert_about (delay, 1000);
    counts[MIN ((delay - 800) / 20, 19)]++;
  }

  for (size_t i = 0; i < G_N_ELEMENTS (counts); i++) {
    g_assert_cmpuint (counts[i], >, 40);
    g_assert_cmpuint (counts[i], <, 250);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/remote/backoff/doubling", test_doubling);
  g_test_add_func ("/remote/backoff/spread", test_spread);

  return g_test_run ();
}
