/* test-bridge-password.c - passwords that we make
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-account-error.h"
#include "neko-bridge-password.h"


static void
test_verify (void)
{
  g_autoptr (NekoSecret) secret = NULL;
  g_autoptr (NekoBridgePassword) password = neko_bridge_password_new ("mutt", &secret, NULL);
  g_autofree char *text = neko_bridge_password_to_string (password);
  g_autoptr (NekoBridgePassword) again = neko_bridge_password_parse (text);

  g_assert_cmpuint (strlen (secret), ==, NEKO_BRIDGE_PASSWORD_LENGTH);
  g_assert_null (strstr (text, secret));
  g_assert_true (neko_bridge_password_verify (password, secret));
  g_assert_true (neko_bridge_password_verify (again, secret));
  g_assert_cmpstr (neko_bridge_password_get_name (again), ==, "mutt");

  secret[0] = secret[0] == 'a' ? 'b' : 'a';
  g_assert_false (neko_bridge_password_verify (password, secret));
  g_assert_false (neko_bridge_password_verify (password, ""));
}


static void
test_each_is_another (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                       (GDestroyNotify) neko_secret_free, NULL);

  for (unsigned i = 0; i < 1000; i++) {
    NekoSecret *secret = NULL;
    g_autoptr (NekoBridgePassword) password = neko_bridge_password_new ("x", &secret, NULL);

    g_assert_true (g_hash_table_add (seen, secret));
  }
}


static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (NEKO_BRIDGE_PASSWORD_NAME_LIMIT, 'x');
  g_autofree char *longer = g_strnfill (NEKO_BRIDGE_PASSWORD_NAME_LIMIT + 1, 'x');
  const char *bad[] = { "", longer, "a\nb", "\xff" };
  const char *good[] = { longest, "雷鸟", "a:b;c" };

  for (size_t i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (NekoSecret) secret = NULL;
    g_autoptr (NekoBridgePassword) password = neko_bridge_password_new (good[i], &secret, NULL);

    g_assert_nonnull (password);
  }

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (NekoSecret) secret = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_null (neko_bridge_password_new (bad[i], &secret, &error));
    g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/account/bridge-password/verify", test_verify);
  g_test_add_func ("/account/bridge-password/each-is-another", test_each_is_another);
  g_test_add_func ("/account/bridge-password/names", test_names);

  return g_test_run ();
}
