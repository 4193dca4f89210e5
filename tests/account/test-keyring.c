/* test-keyring.c - tokens in a keyring that is absent, empty, locked, slow, or whose user says no
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-keyring-token-store.h"

#include <libsecret/secret.h>

#include "secret-service.h"

/* GLib and libsecret keep their connection for as long as the program runs. */
static GTestDBus *bus;

typedef struct {
  SecretDouble    keyring;
  NekoTokenStore *store;
  GAsyncResult   *result;
  unsigned        available;
} Fixture;


static void
count_cb (unsigned *count)
{
  ++*count;
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->store = NEKO_TOKEN_STORE (neko_keyring_token_store_new ());
  neko_keyring_token_store_set_patience (NEKO_KEYRING_TOKEN_STORE (fixture->store), 1, 1);
  g_signal_connect_swapped (fixture->store, "available", G_CALLBACK (count_cb), &fixture->available);
}


static void
start_keyring (Fixture *fixture)
{
  secret_double_start (&fixture->keyring, g_test_dbus_get_bus_address (bus));
}


static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  secret_double_stop (&fixture->keyring);
  settle ();
  g_assert_finalize_object (fixture->store);
  secret_service_disconnect ();
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (fixture->result);
  fixture->result = g_object_ref (result);
}


static GAsyncResult *
wait_for_result (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return fixture->result;
}


/* Returns: (transfer full): the token, or what is wrong */
static char *
finish_look_up (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) token = neko_token_store_lookup_finish (fixture->store,
                                                                 wait_for_result (fixture), &error);

  g_clear_object (&fixture->result);

  if (token != NULL)
    return g_strdup (token);

  g_assert_cmpuint (error->domain, ==, NEKO_ACCOUNT_ERROR);

  return g_strdup_printf ("error %d", error->code);
}


static void
start_look_up (Fixture *fixture)
{
  neko_token_store_lookup_async (fixture->store, "a@x.org", "https://x.org", NULL, done_cb, fixture);
}


static void
assert_found (Fixture    *fixture,
              const char *expected)
{
  g_autofree char *outcome = NULL;

  start_look_up (fixture);
  outcome = finish_look_up (fixture);
  g_assert_cmpstr (outcome, ==, expected);
}


static void
assert_fails (Fixture         *fixture,
              NekoAccountError code)
{
  g_autofree char *expected = g_strdup_printf ("error %d", code);

  assert_found (fixture, expected);
}


/* Also waits for what is told only because the watch has begun. */
static void
wait_until_available (Fixture *fixture)
{
  unsigned before = fixture->available;

  while (fixture->available == before)
    g_main_context_iteration (NULL, TRUE);
}


static gboolean
unlock (Fixture *fixture,
        GError **error)
{
  gboolean is_open;

  neko_token_store_unlock_async (fixture->store, NULL, done_cb, fixture);
  is_open = neko_token_store_unlock_finish (fixture->store, wait_for_result (fixture), error);
  g_clear_object (&fixture->result);

  return is_open;
}


static void
test_absent_and_started (Fixture      *fixture,
                         gconstpointer user_data)
{
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT);
  settle ();
  g_assert_cmpuint (fixture->available, ==, 0);

  fixture->keyring.has_collection = TRUE;
  fixture->keyring.token = g_strdup ("token");
  start_keyring (fixture);
  wait_until_available (fixture);
  assert_found (fixture, "token");
  g_assert_cmpuint (fixture->keyring.prompts, ==, 0);
}


static void
test_none_and_made (Fixture      *fixture,
                    gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  start_keyring (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_NONE);
  wait_until_available (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_NONE);
  g_assert_cmpuint (fixture->keyring.prompts, ==, 0);

  g_assert_true (unlock (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->keyring.prompts, ==, 1);
  wait_until_available (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_NO_TOKEN);
}


static void
test_locked_and_unlocked (Fixture      *fixture,
                          gconstpointer user_data)
{
  fixture->keyring.has_collection = TRUE;
  fixture->keyring.is_locked = TRUE;
  fixture->keyring.token = g_strdup ("token");
  start_keyring (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_LOCKED);
  wait_until_available (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_LOCKED);
  g_assert_cmpuint (fixture->keyring.prompts, ==, 0);

  secret_double_set_locked (&fixture->keyring, FALSE);
  wait_until_available (fixture);
  assert_found (fixture, "token");
}


static void
test_unlocked_by_us (Fixture      *fixture,
                     gconstpointer user_data)
{
  fixture->keyring.has_collection = TRUE;
  fixture->keyring.is_locked = TRUE;
  fixture->keyring.token = g_strdup ("token");
  start_keyring (fixture);
  g_assert_true (unlock (fixture, NULL));
  g_assert_cmpuint (fixture->keyring.prompts, ==, 1);
  assert_found (fixture, "token");

  /* What is open already needs no prompt. */
  g_assert_true (unlock (fixture, NULL));
  g_assert_cmpuint (fixture->keyring.prompts, ==, 1);
}


static void
test_dismissed (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->keyring.has_collection = user_data != NULL;
  fixture->keyring.is_locked = TRUE;
  fixture->keyring.dismisses = TRUE;
  start_keyring (fixture);
  g_assert_false (unlock (fixture, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED);
  g_assert_cmpuint (fixture->keyring.prompts, ==, 1);
}


static void
test_unlock_without_a_keyring (Fixture      *fixture,
                               gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (unlock (fixture, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT);
}


/* Nobody waits for ever, and what comes late is not lost. */
static void
test_slow (Fixture      *fixture,
           gconstpointer user_data)
{
  unsigned before;

  fixture->keyring.has_collection = TRUE;
  fixture->keyring.is_stalling = TRUE;
  fixture->keyring.token = g_strdup ("token");
  start_keyring (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_SLOW);
  before = fixture->keyring.stalled.length;
  g_assert_cmpuint (before, >, 0);

  /* It is not asked twice. */
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_SLOW);
  g_assert_cmpuint (fixture->keyring.stalled.length, ==, before);

  secret_double_go_on (&fixture->keyring);
  wait_until_available (fixture);
  fixture->keyring.is_stalling = TRUE;
  assert_found (fixture, "token");
  g_assert_cmpuint (fixture->keyring.stalled.length, ==, 0);
}


/* Whoever asks while it is still on its way gets it. */
static void
test_slow_and_asked_again (Fixture      *fixture,
                           gconstpointer user_data)
{
  g_autofree char *outcome = NULL;

  fixture->keyring.has_collection = TRUE;
  fixture->keyring.is_stalling = TRUE;
  fixture->keyring.token = g_strdup ("token");
  start_keyring (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_SLOW);
  start_look_up (fixture);
  secret_double_go_on (&fixture->keyring);
  outcome = finish_look_up (fixture);
  g_assert_cmpstr (outcome, ==, "token");
  g_assert_cmpuint (fixture->available, ==, 0);
}


/* That there is no token is news as well, for who was told that it is slow. */
static void
test_slow_and_without_a_token (Fixture      *fixture,
                               gconstpointer user_data)
{
  fixture->keyring.has_collection = TRUE;
  fixture->keyring.is_stalling = TRUE;
  start_keyring (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_SLOW);
  secret_double_go_on (&fixture->keyring);
  wait_until_available (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_NO_TOKEN);
}


static gboolean
store_token (Fixture    *fixture,
             const char *token,
             GError    **error)
{
  gboolean is_stored;

  neko_token_store_store_async (fixture->store, "a@x.org", "https://x.org", token, NULL, done_cb, fixture);
  is_stored = neko_token_store_store_finish (fixture->store, wait_for_result (fixture), error);
  g_clear_object (&fixture->result);

  return is_stored;
}


/* A token that came late, and one that is still asked for, are not the one that was stored since. */
static void
test_stored_after_a_slow_one (Fixture      *fixture,
                              gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->keyring.has_collection = TRUE;
  fixture->keyring.is_stalling = TRUE;
  fixture->keyring.token = g_strdup ("old");
  start_keyring (fixture);
  assert_fails (fixture, NEKO_ACCOUNT_ERROR_KEYRING_SLOW);
  g_assert_false (store_token (fixture, "new", &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_SLOW);
  g_clear_error (&error);

  secret_double_go_on (&fixture->keyring);
  g_assert_true (store_token (fixture, "new", &error));
  g_assert_no_error (error);
  assert_found (fixture, "new");
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *path;
    void        (*func) (Fixture      *fixture,
                         gconstpointer user_data);
    const char *data;
  } tests[] = {
    { "/account/keyring/silent/absent-and-started", test_absent_and_started, NULL },
    { "/account/keyring/silent/locked-and-unlocked", test_locked_and_unlocked, NULL },
    { "/account/keyring/silent/unlock-without-one", test_unlock_without_a_keyring, NULL },
    { "/account/keyring/silent/slow", test_slow, NULL },
    { "/account/keyring/silent/slow-and-asked-again", test_slow_and_asked_again, NULL },
    { "/account/keyring/silent/slow-and-without-a-token", test_slow_and_without_a_token, NULL },
    { "/account/keyring/silent/stored-after-a-slow-one", test_stored_after_a_slow_one, NULL },
    { "/account/keyring/prompt/none-and-made", test_none_and_made, NULL },
    { "/account/keyring/prompt/unlocked", test_unlocked_by_us, NULL },
    { "/account/keyring/prompt/unlock-dismissed", test_dismissed, "collection" },
    { "/account/keyring/prompt/make-dismissed", test_dismissed, NULL },
  };

  int status;

  g_test_init (&argc, &argv, NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].data, set_up, tests[i].func, tear_down);

  status = g_test_run ();
  g_test_dbus_stop (bus);
  g_object_unref (bus);

  return status;
}
