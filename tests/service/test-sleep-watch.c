/* test-sleep-watch.c - what counts as sleep
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-sleep-watch.h"

/* More than any computer has slept that runs this. */
#define LONG_AGO (G_MAXINT64 / 2)


static void
count_cb (unsigned *count)
{
  (*count)++;
}


static NekoSleepWatch *
new_watch (unsigned *count)
{
  NekoSleepWatch *watch = neko_sleep_watch_new ();

  g_signal_connect_swapped (watch, "resumed", G_CALLBACK (count_cb), count);

  return watch;
}


static void
test_each_sleep_once (void)
{
  unsigned count = 0;
  g_autoptr (NekoSleepWatch) watch = new_watch (&count);

  neko_sleep_watch_compare (watch, LONG_AGO);
  g_assert_cmpuint (count, ==, 1);
  neko_sleep_watch_compare (watch, LONG_AGO);
  g_assert_cmpuint (count, ==, 1);
  neko_sleep_watch_compare (watch, LONG_AGO + G_USEC_PER_SEC);
  g_assert_cmpuint (count, ==, 2);
}


/* Short ones count once together they are long. */
static void
test_less_than_a_second (void)
{
  unsigned count = 0;
  g_autoptr (NekoSleepWatch) watch = new_watch (&count);

  neko_sleep_watch_compare (watch, LONG_AGO);
  neko_sleep_watch_compare (watch, LONG_AGO + G_USEC_PER_SEC - 1);
  g_assert_cmpuint (count, ==, 1);
  neko_sleep_watch_compare (watch, LONG_AGO + G_USEC_PER_SEC + 1);
  g_assert_cmpuint (count, ==, 2);
}


/* Awake, it does nothing, and leaves nothing behind. */
static void
test_awake (void)
{
  unsigned count = 0;
  NekoSleepWatch *watch = new_watch (&count);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_cmpuint (count, ==, 0);
  g_assert_finalize_object (watch);
  g_assert_false (g_main_context_pending (NULL));
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/sleep-watch/each-sleep-once", test_each_sleep_once);
  g_test_add_func ("/service/sleep-watch/less-than-a-second", test_less_than_a_second);
  g_test_add_func ("/service/sleep-watch/awake", test_awake);

  return g_test_run ();
}
