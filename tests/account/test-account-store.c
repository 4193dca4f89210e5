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
  g_autofree char *lock = g_build_filename (fixture->folder, "accounts.lock", NULL);

  g_remove (lock);
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
test_url_by_other_spellings (Fixture      *fixture,
                             gconstpointer user_data)
{
  static const struct {
    const char *first;
    const char *second;
    gboolean    is_same;
  } urls[] = {
    { "https://x.org",         "https://x.org/",           TRUE  },
    { "https://x.org/mail//",  "https://x.org/mail",       TRUE  },
    { "https://x.org",         "HTTPS://X.ORG:443",        TRUE  },
    { "http://localhost:80/",  "http://localhost",         TRUE  },
    { "https://x.org",         "https://y.org",            FALSE },
    { "https://x.org",         "https://x.org:8443",       FALSE },
    { "https://x.org/mail",    "https://x.org/Mail",       FALSE },
    { "https://x.org/mail",    "https://x.org/mail2",      FALSE },
    { "http://localhost",      "https://localhost",        FALSE },
    { "https://x.org",         "not an address",           FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_autoptr (NekoAccount) account = neko_account_new ("a@x.org", urls[i].first, NULL);

    g_assert_cmpint (neko_account_is_at (account, urls[i].second), ==, urls[i].is_same);
  }
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
    "[alice@neko.test]\nurl=https://x.org/\npasswords=\\q\n",
    "[alice@neko.test]\nurl=https://x.org/\\q\n",
    "[alice@neko.test]\nurl=https://x.org/\\q\\\n",
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
  g_autoptr (NekoSecret) revoked = NULL;
  g_autoptr (NekoSecret) made = NULL;
  g_autoptr (GError) error = NULL;
  NekoAccount *account = neko_account_store_add (first, ADDRESS, URL, NULL);

  revoked = neko_account_store_add_password (first, account, "one", NULL);
  second = open_store (fixture);
  g_assert_nonnull (neko_account_store_add (second, "bob@neko.test", URL, NULL));
  g_assert_true (neko_account_store_remove_password (second,
                                                     neko_account_store_find (second, ADDRESS),
                                                     "one", NULL));

  made = neko_account_store_add_password (first, account, "two", &error);
  g_assert_no_error (error);
  g_assert_true (neko_account_store_find (first, ADDRESS) == account);
  g_assert_false (neko_account_verify_password (account, revoked));
  g_assert_true (neko_account_verify_password (account, made));
  g_assert_nonnull (neko_account_store_find (first, "bob@neko.test"));

  g_assert_true (neko_account_store_remove (second, neko_account_store_find (second, ADDRESS), NULL));
  g_object_ref (account);
  g_clear_pointer (&made, neko_secret_free);
  made = neko_account_store_add_password (first, account, "three", &error);
  g_assert_null (made);
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID);
  g_assert_null (neko_account_store_find (first, ADDRESS));
  g_assert_true (neko_account_store_remove (first, account, NULL));
  g_object_unref (account);
}


/* Neither is what was broken in between written over. */
static void
test_broken_by_another (Fixture      *fixture,
                        gconstpointer user_data)
{
  g_autoptr (NekoAccountStore) store = open_store (fixture);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (neko_account_store_add (store, ADDRESS, URL, NULL));
  g_assert_true (g_file_set_contents (fixture->path, "no key file", -1, NULL));
  g_assert_null (neko_account_store_add (store, "bob@neko.test", URL, &error));
  g_assert_error (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_CORRUPT);
  g_assert_nonnull (neko_account_store_find (store, ADDRESS));
  g_assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, "no key file");
}


static void
test_watched (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (NekoAccountStore) store = open_store (fixture);
  g_autoptr (NekoAccountStore) other = open_store (fixture);
  g_autoptr (NekoSecret) password = NULL;
  NekoAccount *account;

  neko_account_store_watch (store);
  account = neko_account_store_add (other, ADDRESS, URL, NULL);
  password = neko_account_store_add_password (other, account, "one", NULL);

  while (neko_account_store_find (store, ADDRESS) == NULL ||
         !neko_account_verify_password (neko_account_store_find (store, ADDRESS), password))
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (neko_account_store_remove_password (other, account, "one", NULL));

  while (neko_account_verify_password (neko_account_store_find (store, ADDRESS), password))
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (neko_account_store_remove (other, account, NULL));

  while (neko_account_store_find (store, ADDRESS) != NULL)
    g_main_context_iteration (NULL, TRUE);
}


#define WRITER_ACCOUNTS 15


/* What one of several programs does: adds accounts with a password each, and takes every third away. */
static int
write_accounts (const char *folder,
                const char *name)
{
  g_autoptr (NekoAccountStore) store = neko_account_store_open (folder, NULL);

  for (unsigned i = 0; i < WRITER_ACCOUNTS; i++) {
    g_autofree char *address = g_strdup_printf ("%s%u@neko.test", name, i);
    NekoAccount *account = neko_account_store_add (store, address, URL, NULL);
    g_autoptr (NekoSecret) password = neko_account_store_add_password (store, account, name, NULL);

    g_assert_nonnull (password);

    if (i % 3 == 0)
      g_assert_true (neko_account_store_remove (store, account, NULL));
  }

  return 0;
}


static void
test_two_writers (Fixture      *fixture,
                  gconstpointer user_data)
{
  static const char *const names[] = { "anna", "bert" };
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (NekoAccountStore) after = NULL;
  GSubprocess *writers[G_N_ELEMENTS (names)];

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    writers[i] = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, program, "--write",
                                   fixture->folder, names[i], NULL);
    g_assert_nonnull (writers[i]);
  }

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    g_assert_true (g_subprocess_wait_check (writers[i], NULL, NULL));
    g_object_unref (writers[i]);
  }

  after = open_store (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (neko_account_store_get_accounts (after)), ==,
                    G_N_ELEMENTS (names) * WRITER_ACCOUNTS * 2 / 3);

  for (unsigned i = 0; i < G_N_ELEMENTS (names) * WRITER_ACCOUNTS; i++) {
    const char *name = names[i / WRITER_ACCOUNTS];
    g_autofree char *address = g_strdup_printf ("%s%u@neko.test", name, i % WRITER_ACCOUNTS);
    NekoAccount *account = neko_account_store_find (after, address);

    g_assert_true ((account == NULL) == (i % WRITER_ACCOUNTS % 3 == 0));

    if (account != NULL)
      g_assert_cmpuint (neko_account_get_passwords (account)->len, ==, 1);
  }
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
    { "/account/store/url-by-other-spellings",       test_url_by_other_spellings       },
    { "/account/store/what-cannot-be",               test_what_cannot_be               },
    { "/account/store/limits",                       test_limits                       },
    { "/account/store/corrupt-is-left-alone",        test_corrupt_is_left_alone        },
    { "/account/store/changed-by-another",           test_changed_by_another           },
    { "/account/store/broken-by-another",            test_broken_by_another            },
    { "/account/store/watched",                      test_watched                      },
    { "/account/store/two-writers",                  test_two_writers                  },
    { "/account/store/failed-write-changes-nothing", test_failed_write_changes_nothing },
  };

  if (argc == 4 && g_str_equal (argv[1], "--write"))
    return write_accounts (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
