/* test-statistics.c - what is counted, how long it is kept, and a file that makes no sense
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-statistics.h"

#include <glib/gstdio.h>
#include <string.h>

#include "neko-log.h"

#define DAY (24 * 60 * 60)

/* 2026-03-01 12:00 where the tests are, see main(). */
#define NOON G_GINT64_CONSTANT (1772337600)

typedef struct {
  char           *folder;
  char           *path;
  NekoStatistics *statistics;
  NekoAccount    *account;
} Fixture;

static gint64 now;


static gint64
get_time (void)
{
  return now;
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  now = NOON;
  fixture->folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "state", "statistics.ini", NULL);
  fixture->statistics = neko_statistics_new (fixture->path, get_time);
  fixture->account = neko_account_new ("alice=a@neko.test", "https://mail.neko.test", NULL);
}


static void
remove_file (Fixture    *fixture,
             const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_remove (path);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_assert_finalize_object (fixture->statistics);
  g_object_unref (fixture->account);
  remove_file (fixture, "state/statistics.ini");
  remove_file (fixture, "state/statistics.ini.corrupt");
  remove_file (fixture, "state");
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}


/* As after the program was started anew. */
static void
restart (Fixture *fixture)
{
  g_assert_finalize_object (fixture->statistics);
  fixture->statistics = neko_statistics_new (fixture->path, get_time);
}


static void
assert_logged (const char *event)
{
  g_autoptr (GPtrArray) entries = neko_log_dup_entries ();
  const NekoLogEntry *last;

  g_assert_cmpuint (entries->len, >, 0);
  last = g_ptr_array_index (entries, entries->len - 1);
  g_assert_cmpstr (last->event, ==, event);
}


static void
assert_text (GVariant   *variant,
             const char *expected)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (variant);
  g_autofree char *text = g_variant_print (owned, FALSE);

  g_assert_cmpstr (text, ==, expected);
}


static void
assert_days (Fixture    *fixture,
             const char *expected)
{
  assert_text (neko_statistics_list_days (fixture->statistics), expected);
}


static void
assert_uses (Fixture    *fixture,
             const char *expected)
{
  assert_text (neko_statistics_list_passwords (fixture->statistics, fixture->account), expected);
}


static void
add_password (Fixture    *fixture,
              const char *name)
{
  g_autoptr (NekoSecret) secret = NULL;
  NekoBridgePassword *password = neko_bridge_password_new (name, &secret, NULL);

  g_assert_true (neko_account_add_password (fixture->account, password, NULL));
}


static void
test_days (Fixture      *fixture,
           gconstpointer user_data)
{
  assert_days (fixture, "[]");
  neko_statistics_add_read (fixture->statistics, 100);
  neko_statistics_add_read (fixture->statistics, 11);
  now += DAY;
  neko_statistics_add_sent (fixture->statistics, 5);
  assert_days (fixture, "[('2026-03-01', 2, 111, 0, 0), ('2026-03-02', 0, 0, 1, 5)]");
  restart (fixture);
  assert_days (fixture, "[('2026-03-01', 2, 111, 0, 0), ('2026-03-02', 0, 0, 1, 5)]");
}


/* A day is that of the user's clock, not that of the world's. */
static void
test_local_midnight (Fixture      *fixture,
                     gconstpointer user_data)
{
  now = NOON + 12 * 60 * 60 - 1;
  neko_statistics_add_read (fixture->statistics, 1);
  now++;
  neko_statistics_add_read (fixture->statistics, 1);
  assert_days (fixture, "[('2026-03-01', 1, 1, 0, 0), ('2026-03-02', 1, 1, 0, 0)]");
}


static unsigned
count_days (Fixture *fixture)
{
  g_autoptr (GVariant) days = g_variant_ref_sink (neko_statistics_list_days (fixture->statistics));

  return g_variant_n_children (days);
}


static void
test_old_days (Fixture      *fixture,
               gconstpointer user_data)
{
  for (unsigned i = 0; i < 40; i++) {
    neko_statistics_add_read (fixture->statistics, 1);
    now += DAY;
  }

  /* The last one had nothing yet. */
  g_assert_cmpuint (count_days (fixture), ==, NEKO_STATISTICS_DAYS - 1);
  neko_statistics_add_read (fixture->statistics, 1);
  g_assert_cmpuint (count_days (fixture), ==, NEKO_STATISTICS_DAYS);
  now += (NEKO_STATISTICS_DAYS - 1) * DAY;
  g_assert_cmpuint (count_days (fixture), ==, 1);
  now += DAY;
  assert_days (fixture, "[]");
}


/* The clock was set back: what is still to come does not pile up. */
static void
test_days_to_come (Fixture      *fixture,
                   gconstpointer user_data)
{
  for (unsigned i = 0; i < 40; i++) {
    neko_statistics_add_read (fixture->statistics, 1);
    now -= DAY;
  }

  g_assert_cmpuint (count_days (fixture), <=, NEKO_STATISTICS_DAYS);
}


static void
test_passwords (Fixture      *fixture,
                gconstpointer user_data)
{
  add_password (fixture, "A [strange] name; of = 猫");
  add_password (fixture, "other");
  assert_uses (fixture, "{}");
  neko_statistics_use_password (fixture->statistics, fixture->account, "A [strange] name; of = 猫");
  assert_uses (fixture, "{'A [strange] name; of = 猫': 1772337600}");
  now += 60;
  neko_statistics_use_password (fixture->statistics, fixture->account, "A [strange] name; of = 猫");
  restart (fixture);
  assert_uses (fixture, "{'A [strange] name; of = 猫': 1772337660}");

  /* One that is made anew was never used. */
  g_assert_true (neko_account_remove_password (fixture->account, "A [strange] name; of = 猫"));
  neko_statistics_keep_passwords (fixture->statistics, fixture->account);
  add_password (fixture, "A [strange] name; of = 猫");
  assert_uses (fixture, "{}");

  neko_statistics_use_password (fixture->statistics, fixture->account, "other");
  neko_statistics_forget_account (fixture->statistics, fixture->account);
  assert_uses (fixture, "{}");
}


static void
test_corrupt (Fixture      *fixture,
              gconstpointer user_data)
{
  static const char *texts[] = {
    "no key file",
    "[traffic]\n2026-03-01=1;2;3;\n",
    "[traffic]\n2026-03-01=1;2;3;4;5;\n",
    "[traffic]\n2026-03-01=1;2;3;-4;\n",
    "[traffic]\nyesterday=1;2;3;4;\n",
    "[alice@neko.test]\npasswords=name;\n",
    "[alice@neko.test]\npasswords=-1:name;\n",
    "[traffic]\n2026-03-01=\xff;2;3;4;\n",
  };
  g_autofree char *aside = g_strconcat (fixture->path, ".corrupt", NULL);

  neko_statistics_add_read (fixture->statistics, 1);
  restart (fixture);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *kept = NULL;

    g_assert_true (g_file_set_contents (fixture->path, texts[i], -1, NULL));
    restart (fixture);
    assert_logged ("statistics-aside");
    assert_days (fixture, "[]");
    g_assert_true (g_file_get_contents (aside, &kept, NULL, NULL));
    g_assert_cmpstr (kept, ==, texts[i]);
    g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  }
}


/* Where nothing can be kept, all goes on. */
static void
test_no_folder (void)
{
  g_autoptr (NekoStatistics) statistics = neko_statistics_new ("/proc/none/statistics.ini", get_time);

  now = NOON;
  neko_statistics_add_read (statistics, 1);
  neko_statistics_save (statistics);
  assert_logged ("statistics-not-kept");
  assert_text (neko_statistics_list_days (statistics), "[('2026-03-01', 1, 1, 0, 0)]");
}


static void
test_written_only_where_changed (Fixture      *fixture,
                                 gconstpointer user_data)
{
  neko_statistics_save (fixture->statistics);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  neko_statistics_add_read (fixture->statistics, 1);
  neko_statistics_save (fixture->statistics);
  g_assert_cmpint (g_remove (fixture->path), ==, 0);
  neko_statistics_save (fixture->statistics);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
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
    { "/service/statistics/days",           test_days           },
    { "/service/statistics/local-midnight", test_local_midnight },
    { "/service/statistics/old-days",       test_old_days       },
    { "/service/statistics/days-to-come",   test_days_to_come   },
    { "/service/statistics/passwords",      test_passwords      },
    { "/service/statistics/corrupt",        test_corrupt        },
    { "/service/statistics/written-only-where-changed", test_written_only_where_changed },
  };

  g_setenv ("TZ", "CST-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  neko_log_start ();

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  g_test_add_func ("/service/statistics/no-folder", test_no_folder);

  return g_test_run ();
}
