/* test-account-store.c - accounts on the disk
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "neko-account-store.h"

#define ADDRESS "alice@neko.test"
#define URL "https://mail.neko.test/"

typedef struct {
  char *parent;
  char *folder;
  char *path;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->parent = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  fixture->folder = g_build_filename (fixture->parent, "neko-mail", NULL);
  fixture->path = g_build_filename (fixture->folder, "accounts.ini", NULL);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_remove (fixture->path);
  g_remove (fixture->folder);
  g_remove (fixture->parent);
  g_free (fixture->parent);
  g_free (fixture->folder);
  g_free (fixture->path);
}


static NekoAccountStore *
open_store (Fixture *fixture)
{
  GError *error = NULL;
  NekoAccountStore *store = neko_account_store_open (fixture->folder, &error);

  g_assert_no_error (error);

  return store;
}


static void
test_comes_back (Fixture      *fixture,
                 gconstpointer user_data)
{
  g_autoptr (NekoAccountStore) store = open_store (fixture);
  g_autoptr (NekoAccountStore) again = NULL;
  g_autoptr (NekoSecret) password = NULL;
  NekoAccount *account;
  GError *error = NULL;
  GStatBuf status;

  account = neko_account_store_add (store, "Alice@neko.test", URL, &error);
  g_assert_no_error (error);
  password = neko_account_store_add_password (store, account, "Thunderbird; at home: 1", &error);
  g_assert_no_error (error);

  again = open_store (fixture);
  account = neko_account_store_find (again, "ALICE@neko.test");
  g_assert_nonnull (account);
  g_assert_cmpstr (neko_account_get_url (account), ==, URL);
  g_assert_true (neko_account_verify_password (account, password));
  g_assert_false (neko_account_verify_password (account, "wrong"));

  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (fixture->folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
}


static void
test_revoked_password (Fixture      *fixture,
                       gconstpointer user_data)
{
  g_autoptr (NekoAccountStore) store = open_store (fixture);
  NekoAccount *account = neko_account_store_add (store, ADDRESS, URL, NULL);
  g_autoptr (NekoSecret) first = neko_account_store_add_password (store, account, "one", NULL);
  g_autoptr (NekoSecret) second = neko_account_store_add_password (store, account, "two", NULL);
  GError *error = NULL;

  g_assert_true (neko_account_store_remove_password (store, account, "one", &error));
  g_assert_false (neko_account_verify_password (account, first));
  g_assert_true (neko_account_verify_password (account, second));
  g_assert_false (neko_account_store_remove_password (store, account, "one", &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID);
  g_clear_error (&error);
}


static void
test_what_cannot_be (Fixture      *fixture,
                     gconstpointer user_data)
{
  static const struct {
    const char *address;
    const char *url;
  } accounts[] = {
    { "",                 URL                      },
    { "alice",            URL                      },
    { "@neko.test",       URL                      },
    { "alice@",           URL                      },
    { "a\nb@neko.test",   URL                      },
    { "a]@neko.test",     URL                      },
    { ADDRESS,            "http://mail.neko.test/" },
    { ADDRESS,            "ftp://mail.neko.test/"  },
    { ADDRESS,            "https://u:p@neko.test/" },
    { ADDRESS,            "mail.neko.test"         },
  };
  g_autoptr (NekoAccountStore) store = open_store (fixture);

  for (size_t i = 0; i < G_N_ELEMENTS (accounts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (neko_account_store_add (store, accounts[i].address, accounts[i].url, &error));
    g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID);
  }

  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}


static void
test_limits (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (NekoAccountStore) store = open_store (fixture);
  NekoAccount *account = NULL;
  g_autoptr (GError) error = NULL;

  for (unsigned i = 0; i < NEKO_ACCOUNT_STORE_LIMIT; i++) {
    g_autofree char *address = g_strdup_printf ("user%u@neko.test", i);

    account = neko_account_store_add (store, address, URL, NULL);
    g_assert_nonnull (account);
  }

  g_assert_null (neko_account_store_add (store, ADDRESS, URL, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (neko_account_store_add (store, "USER1@neko.test", URL, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_EXISTS);
}


static void
test_corrupt_is_left_alone (Fixture      *fixture,
                            gconstpointer user_data)
{
  static const char *const texts[] = {
    "no key file",
    "[alice@neko.test]\n",
    "[alice@neko.test]\nurl=https://x.org/\npasswords=malformed;\n",
    "[alice]\nurl=https://x.org/\n",
  };

  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *after = NULL;

    g_assert_true (g_file_set_contents (fixture->path, texts[i], -1, NULL));
    g_assert_null (neko_account_store_open (fixture->folder, &error));
    g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_CORRUPT);
    g_assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
    g_assert_cmpstr (after, ==, texts[i]);
  }
}


/* Two programs that write in turn must not undo each other's changes. */
static void
test_changed_by_another (Fixture      *fixture,
                         gconstpointer user_data)
{
  g_autoptr (NekoAccountStore) first = open_store (fixture);
  g_autoptr (NekoAccountStore) second = NULL;
  g_autoptr (NekoAccountStore) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (neko_account_store_add (first, ADDRESS, URL, NULL));
  second = open_store (fixture);
  g_assert_nonnull (neko_account_store_add (second, "bob@neko.test", URL, NULL));
  g_assert_null (neko_account_store_add (first, "carol@neko.test", URL, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_CHANGED);
  g_assert_null (neko_account_store_find (first, "carol@neko.test"));
  after = open_store (fixture);
  g_assert_nonnull (neko_account_store_find (after, "bob@neko.test"));
}


/* A file stands where the folder should be, so nothing can be written, not even by root. */
static void
test_failed_write_changes_nothing (Fixture      *fixture,
                                   gconstpointer user_data)
{
  g_autoptr (NekoAccountStore) store = open_store (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->folder, "", -1, NULL));
  g_assert_null (neko_account_store_add (store, ADDRESS, URL, &error));
  g_assert_nonnull (error);
  g_assert_null (neko_account_store_find (store, ADDRESS));
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char *path;
    void        (*func) (Fixture      *fixture,
                         gconstpointer user_data);
  } tests[] = {
    { "/account/store/comes-back",                   test_comes_back                   },
    { "/account/store/revoked-password",             test_revoked_password             },
    { "/account/store/what-cannot-be",               test_what_cannot_be               },
    { "/account/store/limits",                       test_limits                       },
    { "/account/store/corrupt-is-left-alone",        test_corrupt_is_left_alone        },
    { "/account/store/changed-by-another",           test_changed_by_another           },
    { "/account/store/failed-write-changes-nothing", test_failed_write_changes_nothing },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
