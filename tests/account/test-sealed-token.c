/* test-sealed-token.c - a sealed token opens with its secret and for its account, and in no other way
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-sealed-token.h"

#include <string.h>

#define NAME "alice@neko.test https://worker.example"
#define TOKEN "a token of the Worker"


static GBytes *
make_secret (char octet)
{
  char secret[64];

  memset (secret, octet, sizeof secret);

  return g_bytes_new (secret, sizeof secret);
}


static char *
make_sealed (GBytes *secret)
{
  g_autoptr (GError) error = NULL;
  char *sealed = neko_sealed_token_new (secret, NAME, TOKEN, &error);

  g_assert_no_error (error);
  g_assert_nonnull (sealed);

  return sealed;
}


static void
test_opens (void)
{
  g_autoptr (GBytes) secret = make_secret ('s');
  g_autofree char *sealed = make_sealed (secret);
  g_autofree char *again = make_sealed (secret);
  g_autoptr (NekoSecret) token = neko_sealed_token_open (secret, NAME, sealed, NULL);

  g_assert_cmpstr (token, ==, TOKEN);
  g_assert_null (strstr (sealed, TOKEN));

  /* Two that are the same do not look the same. */
  g_assert_cmpstr (sealed, !=, again);
}


static void
test_other_secret (void)
{
  g_autoptr (GBytes) secret = make_secret ('s');
  g_autoptr (GBytes) other = make_secret ('o');
  g_autofree char *sealed = make_sealed (secret);

  g_assert_null (neko_sealed_token_open (other, NAME, sealed, NULL));
}


/* Nobody who can write the file can show a token to another Worker. */
static void
test_other_name (void)
{
  g_autoptr (GBytes) secret = make_secret ('s');
  g_autofree char *sealed = make_sealed (secret);

  g_assert_null (neko_sealed_token_open (secret, "alice@neko.test https://other.example", sealed, NULL));
}


static void
test_changed (void)
{
  g_autoptr (GBytes) secret = make_secret ('s');
  g_autofree char *sealed = make_sealed (secret);
  gsize length;
  g_autofree unsigned char *data = g_base64_decode (sealed, &length);

  for (gsize i = 0; i < length; i++) {
    g_autofree char *changed = NULL;

    data[i] ^= 1;
    changed = g_base64_encode (data, length);
    g_assert_null (neko_sealed_token_open (secret, NAME, changed, NULL));
    data[i] ^= 1;
  }
}


static void
test_cut_off (void)
{
  g_autoptr (GBytes) secret = make_secret ('s');
  g_autofree char *sealed = make_sealed (secret);

  for (size_t length = strlen (sealed) - 1; length > 0; length--) {
    sealed[length] = '\0';
    g_assert_null (neko_sealed_token_open (secret, NAME, sealed, NULL));
  }

  g_assert_null (neko_sealed_token_open (secret, NAME, "", NULL));
  g_assert_null (neko_sealed_token_open (secret, NAME, "neither base64 nor sealed \xff", NULL));
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/sealed-token/opens", test_opens);
  g_test_add_func ("/account/sealed-token/other-secret", test_other_secret);
  g_test_add_func ("/account/sealed-token/other-name", test_other_name);
  g_test_add_func ("/account/sealed-token/changed", test_changed);
  g_test_add_func ("/account/sealed-token/cut-off", test_cut_off);

  return g_test_run ();
}
