/* test-file-token-store.c - tokens in a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <unistd.h>

#include "neko-file-token-store.h"

typedef struct {
  char *folder;
  char *path;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "tokens", NULL);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autofree char *lock = g_strconcat (fixture->path, ".lock", NULL);

  g_remove (lock);
  g_remove (fixture->path);
  g_remove (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}


static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}


static NekoSecret *
look_up (Fixture    *fixture,
         const char *account,
         const char *url,
         GError    **error)
{
  g_autoptr (NekoTokenStore) store = NEKO_TOKEN_STORE (neko_file_token_store_new (fixture->path));
  g_autoptr (GAsyncResult) result = NULL;

  neko_token_store_lookup_async (store, account, url, NULL, done_cb, &result);

  return neko_token_store_lookup_finish (store, wait_for (&result), error);
}


static gboolean
keep (Fixture    *fixture,
      const char *account,
      const char *token,
      GError    **error)
{
  g_autoptr (NekoTokenStore) store = NEKO_TOKEN_STORE (neko_file_token_store_new (fixture->path));
  g_autoptr (GAsyncResult) result = NULL;

  neko_token_store_store_async (store, account, "https://x.org/", token, NULL, done_cb, &result);

  return neko_token_store_store_finish (store, wait_for (&result), error);
}


static void
test_comes_back (Fixture      *fixture,
                 gconstpointer user_data)
{
  g_autoptr (NekoSecret) first = NULL;
  g_autoptr (NekoSecret) second = NULL;
  GError *error = NULL;
  GStatBuf status;

  g_assert_true (keep (fixture, "a@x.org", "nm1.old", &error));
  g_assert_true (keep (fixture, "b@x.org", "nm1.b", &error));
  g_assert_true (keep (fixture, "a@x.org", "nm1.a", &error));
  g_assert_no_error (error);
  first = look_up (fixture, "a@x.org", "https://x.org/", NULL);
  second = look_up (fixture, "b@x.org", "https://x.org/", NULL);
  g_assert_cmpstr (first, ==, "nm1.a");
  g_assert_cmpstr (second, ==, "nm1.b");
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}


static void
test_forgotten (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (NekoSecret) first = NULL;
  g_autoptr (NekoSecret) second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (keep (fixture, "a@x.org", "nm1.a", NULL));
  g_assert_true (keep (fixture, "b@x.org", "nm1.b", NULL));
  g_assert_true (keep (fixture, "a@x.org", NULL, &error));
  g_assert_no_error (error);
  g_assert_true (keep (fixture, "a@x.org", NULL, &error));
  g_assert_no_error (error);
  first = look_up (fixture, "a@x.org", "https://x.org/", &error);
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN);
  second = look_up (fixture, "b@x.org", "https://x.org/", NULL);
  g_assert_cmpstr (second, ==, "nm1.b");
}


/* A token is not shown to another Worker than the one that made it. */
static void
test_not_there (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (look_up (fixture, "a@x.org", "https://x.org/", &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN);
  g_clear_error (&error);

  g_assert_true (keep (fixture, "a@x.org", "nm1.a", NULL));
  g_assert_null (look_up (fixture, "a@x.org", "https://evil.org/", &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN);
}


static void
test_folder_not_there (Fixture      *fixture,
                       gconstpointer user_data)
{
  g_autofree char *parent = g_build_filename (fixture->folder, "not-there", NULL);
  g_autofree char *folder = g_build_filename (parent, "yet", NULL);
  g_autoptr (NekoSecret) token = NULL;
  g_autofree char *lock = NULL;
  GError *error = NULL;
  GStatBuf status;

  g_free (fixture->path);
  fixture->path = g_build_filename (folder, "tokens", NULL);
  g_assert_true (keep (fixture, "a@x.org", "nm1.a", &error));
  g_assert_no_error (error);
  token = look_up (fixture, "a@x.org", "https://x.org/", NULL);
  g_assert_cmpstr (token, ==, "nm1.a");
  g_assert_cmpint (g_stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);

  lock = g_strconcat (fixture->path, ".lock", NULL);
  g_assert_cmpint (g_remove (lock) + g_remove (fixture->path) + g_remove (folder) + g_remove (parent), ==, 0);
}


static void
test_folder_that_cannot_be_made (Fixture      *fixture,
                                 gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strdup (fixture->path);

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_free (fixture->path);
  fixture->path = g_build_filename (file, "tokens", NULL);
  g_assert_false (keep (fixture, "a@x.org", "nm1.a", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  g_assert_cmpint (g_remove (file), ==, 0);
}


static void
test_readable_by_others (Fixture      *fixture,
                         gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (keep (fixture, "a@x.org", "nm1.a", NULL));
  g_assert_cmpint (g_chmod (fixture->path, 0640), ==, 0);
  g_assert_null (look_up (fixture, "a@x.org", "https://x.org/", &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (keep (fixture, "a@x.org", "nm1.b", &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED);
}


/* systemd gives each service a copy that nobody can write; to a service of the system as a file of root's. */
static void
test_credential (Fixture      *fixture,
                 gconstpointer user_data)
{
  g_autoptr (NekoSecret) own = NULL;
  g_autoptr (NekoSecret) lent = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (keep (fixture, "a@x.org", "nm1.a", NULL));
  g_assert_cmpint (g_chmod (fixture->path, 0400), ==, 0);
  own = look_up (fixture, "a@x.org", "https://x.org/", NULL);
  g_assert_cmpstr (own, ==, "nm1.a");

  g_assert_cmpint (g_chmod (fixture->path, 0440), ==, 0);
  lent = look_up (fixture, "a@x.org", "https://x.org/", &error);

  if (geteuid () == 0 && getegid () == 0)
    g_assert_cmpstr (lent, ==, "nm1.a");
  else
    g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED);

  g_clear_error (&error);
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  g_assert_null (look_up (fixture, "a@x.org", "https://x.org/", &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_FAILED);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/account/token-file/comes-back", Fixture, NULL, set_up, test_comes_back, tear_down);
  g_test_add ("/account/token-file/folder-not-there", Fixture, NULL, set_up, test_folder_not_there,
              tear_down);
  g_test_add ("/account/token-file/folder-that-cannot-be-made", Fixture, NULL, set_up,
              test_folder_that_cannot_be_made, tear_down);
  g_test_add ("/account/token-file/forgotten", Fixture, NULL, set_up, test_forgotten, tear_down);
  g_test_add ("/account/token-file/not-there", Fixture, NULL, set_up, test_not_there, tear_down);
  g_test_add ("/account/token-file/readable-by-others", Fixture, NULL, set_up,
              test_readable_by_others, tear_down);
  g_test_add ("/account/token-file/credential", Fixture, NULL, set_up, test_credential, tear_down);

  return g_test_run ();
}
