/* test-sandboxed-keyring.c - tokens where the keyring is out of reach, and only a portal has the key to them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-keyring-token-store.h"

#include <glib/gstdio.h>

#include "portal-double.h"

#define ALICE "alice@neko.test"
#define BOB "bob@neko.test"
#define URL "https://worker.neko.test"
#define TOKEN "the token of "

/* GLib keeps its connection for as long as the program runs. */
static GTestDBus *bus;

typedef struct {
  PortalDouble   *portal;
  char           *file;
  NekoTokenStore *store;
} Fixture;


/* As another program, or this one when it is started again. */
static void
begin_anew (Fixture *fixture)
{
  NekoKeyringTokenStore *store = neko_keyring_token_store_new ();

  neko_keyring_token_store_set_sandboxed (store, TRUE);
  g_clear_object (&fixture->store);
  fixture->store = NEKO_TOKEN_STORE (store);
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->file = g_build_filename (g_get_user_data_dir (), "neko-mail", "sealed-tokens", NULL);
  fixture->portal = portal_double_new (g_test_dbus_get_bus_address (bus));
  begin_anew (fixture);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  static const char *const endings[] = { "", ".lock", ".damaged" };
  g_autofree char *folder = g_path_get_dirname (fixture->file);

  for (size_t i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = g_strconcat (fixture->file, endings[i], NULL);

    g_unlink (path);
  }

  g_rmdir (folder);
  g_clear_object (&fixture->store);
  portal_double_free (fixture->portal);
  g_free (fixture->file);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GAsyncResult **done = user_data;

  *done = g_object_ref (result);
}


static GAsyncResult *
wait_for (GAsyncResult **done)
{
  while (*done == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *done;
}


static void
wait_for_questions (Fixture *fixture,
                    unsigned count)
{
  while (portal_double_get_questions (fixture->portal) < count)
    g_main_context_iteration (NULL, TRUE);
}


static void
begin_to_look_up (Fixture       *fixture,
                  const char    *account,
                  GAsyncResult **done)
{
  neko_token_store_lookup_async (fixture->store, account, URL, NULL, done_cb, done);
}


/* Returns the code of NEKO_ACCOUNT_ERROR, -1 where the token is right. */
static int
finish_look_up (Fixture       *fixture,
                const char    *account,
                GAsyncResult **done)
{
  g_autoptr (GAsyncResult) result = wait_for (done);
  g_autofree char *wanted = g_strconcat (TOKEN, account, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) token = neko_token_store_lookup_finish (fixture->store, result, &error);

  if (error == NULL) {
    g_assert_cmpstr (token, ==, wanted);
    return -1;
  }

  g_assert_cmpuint (error->domain, ==, NEKO_ACCOUNT_ERROR);

  return error->code;
}


static int
look_up (Fixture    *fixture,
         const char *account)
{
  GAsyncResult *done = NULL;

  begin_to_look_up (fixture, account, &done);

  return finish_look_up (fixture, account, &done);
}


/* Likewise. */
static int
store (Fixture    *fixture,
       const char *account)
{
  g_autofree char *token = g_strconcat (TOKEN, account, NULL);
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  neko_token_store_store_async (fixture->store, account, URL, token, NULL, done_cb, &done);

  if (neko_token_store_store_finish (fixture->store, wait_for (&done), &error))
    return -1;

  g_assert_cmpuint (error->domain, ==, NEKO_ACCOUNT_ERROR);

  return error->code;
}


static int
unlock (Fixture *fixture)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  neko_token_store_unlock_async (fixture->store, NULL, done_cb, &done);

  return neko_token_store_unlock_finish (fixture->store, wait_for (&done), &error) ? -1 : error->code;
}


/* A desktop that has given its secret, and tokens of two accounts. */
static void
keep_tokens (Fixture *fixture)
{
  portal_double_start (fixture->portal, PORTAL_GIVES);
  g_assert_cmpint (store (fixture, ALICE), ==, -1);
  g_assert_cmpint (store (fixture, BOB), ==, -1);
  begin_anew (fixture);
}


static void
test_found_again (Fixture      *fixture,
                  gconstpointer user_data)
{
  g_autofree char *text = NULL;
  GStatBuf status;

  keep_tokens (fixture);
  g_assert_true (g_file_get_contents (fixture->file, &text, NULL, NULL));
  g_assert_null (strstr (text, TOKEN));
  g_assert_cmpint (g_stat (fixture->file, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (look_up (fixture, ALICE), ==, -1);
  g_assert_cmpint (look_up (fixture, "carol@neko.test"), ==, NEKO_ACCOUNT_ERROR_NO_TOKEN);
}


/* Each question may ask the user, too. */
static void
test_one_question_for_all (Fixture      *fixture,
                           gconstpointer user_data)
{
  GAsyncResult *alice = NULL;
  GAsyncResult *bob = NULL;
  unsigned before;

  keep_tokens (fixture);
  before = portal_double_get_questions (fixture->portal);
  portal_double_answer (fixture->portal, PORTAL_WAITS);
  begin_to_look_up (fixture, ALICE, &alice);
  begin_to_look_up (fixture, BOB, &bob);
  wait_for_questions (fixture, before + 1);
  portal_double_answer (fixture->portal, PORTAL_GIVES);
  g_assert_cmpint (finish_look_up (fixture, ALICE, &alice), ==, -1);
  g_assert_cmpint (finish_look_up (fixture, BOB, &bob), ==, -1);
  g_assert_cmpint (look_up (fixture, ALICE), ==, -1);
  g_assert_cmpuint (portal_double_get_questions (fixture->portal), ==, before + 1);
}


/* Programs look for a token again and again; a user who said no is asked when something is wanted. */
static void
test_no_is_a_no (Fixture      *fixture,
                 gconstpointer user_data)
{
  unsigned before;

  keep_tokens (fixture);
  before = portal_double_get_questions (fixture->portal);
  portal_double_answer (fixture->portal, PORTAL_CANCELS);
  g_assert_cmpint (look_up (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED);
  g_assert_cmpint (look_up (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED);
  g_assert_cmpint (look_up (fixture, BOB), ==, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED);
  g_assert_cmpuint (portal_double_get_questions (fixture->portal), ==, before + 1);

  g_assert_cmpint (unlock (fixture), ==, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED);
  g_assert_cmpuint (portal_double_get_questions (fixture->portal), ==, before + 2);

  portal_double_answer (fixture->portal, PORTAL_GIVES);
  g_assert_cmpint (unlock (fixture), ==, -1);
  g_assert_cmpint (look_up (fixture, ALICE), ==, -1);
  g_assert_cmpuint (portal_double_get_questions (fixture->portal), ==, before + 3);
}


static void
available_cb (gboolean *is_told)
{
  *is_told = TRUE;
}


/* The user thinks about it for longer than anybody waits. */
static void
test_late_no (Fixture      *fixture,
              gconstpointer user_data)
{
  gboolean is_told = FALSE;
  unsigned before;

  keep_tokens (fixture);
  before = portal_double_get_questions (fixture->portal);
  neko_keyring_token_store_set_patience (NEKO_KEYRING_TOKEN_STORE (fixture->store), 0, 0);
  g_signal_connect_swapped (fixture->store, "available", G_CALLBACK (available_cb), &is_told);
  portal_double_answer (fixture->portal, PORTAL_WAITS);
  g_assert_cmpint (look_up (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_KEYRING_SLOW);
  wait_for_questions (fixture, before + 1);
  portal_double_answer (fixture->portal, PORTAL_CANCELS);

  while (!is_told)
    g_main_context_iteration (NULL, TRUE);

  neko_keyring_token_store_set_patience (NEKO_KEYRING_TOKEN_STORE (fixture->store), NEKO_KEYRING_LOOK_UP_SECONDS,
                                         NEKO_KEYRING_STORE_SECONDS);
  g_assert_cmpint (look_up (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED);
  g_assert_cmpuint (portal_double_get_questions (fixture->portal), ==, before + 1);
}


/* Who was told that a token cannot be kept does not have one that is. */
static void
test_late_yes_to_keep (Fixture      *fixture,
                       gconstpointer user_data)
{
  portal_double_start (fixture->portal, PORTAL_WAITS);
  neko_keyring_token_store_set_patience (NEKO_KEYRING_TOKEN_STORE (fixture->store), 0, 0);
  g_assert_cmpint (store (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_KEYRING_SLOW);
  neko_keyring_token_store_set_patience (NEKO_KEYRING_TOKEN_STORE (fixture->store), NEKO_KEYRING_LOOK_UP_SECONDS,
                                         NEKO_KEYRING_STORE_SECONDS);
  wait_for_questions (fixture, 1);
  portal_double_answer (fixture->portal, PORTAL_GIVES);
  g_assert_cmpint (unlock (fixture), ==, -1);
  g_assert_cmpint (look_up (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_NO_TOKEN);
}


/* Another session may have another keyring, or an open one. */
static void
test_portal_that_starts_again (Fixture      *fixture,
                               gconstpointer user_data)
{
  int outcome;

  keep_tokens (fixture);
  portal_double_answer (fixture->portal, PORTAL_CANCELS);
  g_assert_cmpint (look_up (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED);
  portal_double_stop (fixture->portal);

  /* That it went may be heard of while a token is looked up. */
  while ((outcome = look_up (fixture, ALICE)) == NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED)
    g_main_context_iteration (NULL, FALSE);

  g_assert_cmpint (outcome, ==, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT);
  portal_double_start (fixture->portal, PORTAL_GIVES);
  g_assert_cmpint (look_up (fixture, ALICE), ==, -1);
}


static void
test_another_secret (Fixture      *fixture,
                     gconstpointer user_data)
{
  keep_tokens (fixture);
  portal_double_answer (fixture->portal, PORTAL_GIVES_ANOTHER);
  g_assert_cmpint (look_up (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_NO_TOKEN);

  /* It was looked at, and not thrown away. */
  portal_double_answer (fixture->portal, PORTAL_GIVES);
  begin_anew (fixture);
  g_assert_cmpint (look_up (fixture, ALICE), ==, -1);
}


/* Signing in again mends it, and nothing is thrown away. */
static void
test_damaged (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autofree char *aside = g_strconcat (fixture->file, ".damaged", NULL);
  g_autofree char *text = NULL;

  keep_tokens (fixture);
  g_assert_true (g_file_set_contents_full (fixture->file, "no key file", -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  g_assert_cmpint (look_up (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_FAILED);
  g_assert_cmpint (store (fixture, ALICE), ==, -1);
  g_assert_cmpint (look_up (fixture, ALICE), ==, -1);
  g_assert_true (g_file_get_contents (aside, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "no key file");
}


static void
test_no_portal (Fixture      *fixture,
                gconstpointer user_data)
{
  g_assert_cmpint (store (fixture, ALICE), ==, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT);
  g_assert_cmpint (unlock (fixture), ==, NEKO_ACCOUNT_ERROR_KEYRING_ABSENT);
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *name;
    void        (*test) (Fixture *,
                         gconstpointer);
  } cases[] = {
    { "found-again",              test_found_again              },
    { "one-question-for-all",     test_one_question_for_all     },
    { "no-is-a-no",               test_no_is_a_no               },
    { "late-no",                  test_late_no                  },
    { "late-yes-to-keep",         test_late_yes_to_keep         },
    { "portal-that-starts-again", test_portal_that_starts_again },
    { "another-secret",           test_another_secret           },
    { "damaged",                  test_damaged                  },
    { "no-portal",                test_no_portal                },
  };

  g_autofree char *folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/account/sandboxed-keyring/", cases[i].name, NULL);

    g_test_add (path, Fixture, NULL, set_up, cases[i].test, tear_down);
  }

  status = g_test_run ();
  g_test_dbus_down (bus);
  g_object_unref (bus);
  g_assert_cmpint (g_rmdir (folder), ==, 0);

  return status;
}
