/* test-throttle.c - how long wrong passwords wait
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-throttle.h"


static void
test_doubles_up_to_the_maximum (void)
{
  static const unsigned delays[] = { 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30 };
  g_autoptr (NekoThrottle) throttle = neko_throttle_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (delays); i++) {
    g_assert_cmpuint (neko_throttle_get_failures (throttle, "127.0.0.1"), ==, i);
    g_assert_cmpuint (neko_throttle_get_delay (throttle, "127.0.0.1"), ==, delays[i]);
    neko_throttle_fail (throttle, "127.0.0.1");
  }
}


static void
test_success_forgives (void)
{
  g_autoptr (NekoThrottle) throttle = neko_throttle_new ();

  for (unsigned i = 0; i < 10; i++)
    neko_throttle_fail (throttle, "127.0.0.1");

  neko_throttle_succeed (throttle, "127.0.0.1");
  g_assert_cmpuint (neko_throttle_get_delay (throttle, "127.0.0.1"), ==, 0);
}


static void
test_peers_are_apart (void)
{
  g_autoptr (NekoThrottle) throttle = neko_throttle_new ();

  for (unsigned i = 0; i < 10; i++)
    neko_throttle_fail (throttle, "127.0.0.1");

  g_assert_cmpuint (neko_throttle_get_delay (throttle, "::1"), ==, 0);
}


/* Memory is bounded, and many addresses do not wash a delay away. */
static void
test_remembers_the_worst (void)
{
  g_autoptr (NekoThrottle) throttle = neko_throttle_new ();

  for (unsigned i = 0; i < 10; i++)
    neko_throttle_fail (throttle, "192.0.2.7");

  for (unsigned i = 0; i < 2 * NEKO_THROTTLE_PEER_LIMIT; i++) {
    g_autofree char *peer = g_strdup_printf ("10.0.%u.%u", i / 256, i % 256);

    neko_throttle_fail (throttle, peer);
    g_assert_cmpuint (neko_throttle_get_failures (throttle, peer), ==, 1);
  }

  g_assert_cmpuint (neko_throttle_get_delay (throttle, "192.0.2.7"), ==, NEKO_THROTTLE_MAX_SECONDS);
  g_assert_cmpuint (neko_throttle_get_failures (throttle, "10.0.0.0"), ==, 0);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/throttle/doubles", test_doubles_up_to_the_maximum);
  g_test_add_func ("/server/throttle/success-forgives", test_success_forgives);
  g_test_add_func ("/server/throttle/peers-are-apart", test_peers_are_apart);
  g_test_add_func ("/server/throttle/remembers-the-worst", test_remembers_the_worst);

  return g_test_run ();
}
