/* test-secret.c - memory that holds secrets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-secret.h"


static void
test_wipe (void)
{
  char text[] = "secret";

  neko_secret_wipe (text, sizeof text);

  for (size_t i = 0; i < sizeof text; i++)
    g_assert_cmpint (text[i], ==, 0);

  neko_secret_wipe (NULL, 0);
  neko_secret_free (NULL);
}


static void
test_equal (void)
{
  g_assert_true (neko_secret_equal ("abc", "abc", 3));
  g_assert_true (neko_secret_equal ("abc", "abd", 2));
  g_assert_false (neko_secret_equal ("abc", "abd", 3));
  g_assert_false (neko_secret_equal ("xbc", "abc", 3));
}


static void
test_random (void)
{
  char first[32] = { 0 };
  char second[32] = { 0 };
  GError *error = NULL;

  g_assert_true (neko_secret_random (first, sizeof first, &error));
  g_assert_no_error (error);
  g_assert_true (neko_secret_random (second, sizeof second, &error));
  g_assert_cmpint (memcmp (first, second, sizeof first), !=, 0);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/secret/wipe", test_wipe);
  g_test_add_func ("/base/secret/equal", test_equal);
  g_test_add_func ("/base/secret/random", test_random);

  return g_test_run ();
}
