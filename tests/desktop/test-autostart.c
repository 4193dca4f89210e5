/* test-autostart.c - what the desktop does at login, told and changed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-autostart.h"

#include <glib/gstdio.h>

#include "portal-double.h"
#include "private-bus.h"

#define FILE_NAME "io.github.nekomail.NekoMail.desktop"
#define ON "[Desktop Entry]\nType=Application\nName=Neko Mail\nExec=neko-mail --background\n"
#define OFF ON "Hidden=true\n"

/* GLib asks for the folders once, so they are the same for all tests. Each test makes and removes what is in it. */
static char *folder;

typedef struct {
  char          *own;    /* the user's file */
  char          *system; /* the system's */
  NekoAutostart *autostart;
  GAsyncResult  *result;
} Fixture;


static char *
build_path (const char *of_whom)
{
  return g_build_filename (folder, of_whom, "autostart", FILE_NAME, NULL);
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->own = build_path ("home/config");
  fixture->system = build_path ("system");
  fixture->autostart = neko_autostart_new (NULL);
}


static void
remove_all (const char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);

  for (const char *name = entries != NULL ? g_dir_read_name (entries) : NULL; name != NULL;
       name = g_dir_read_name (entries)) {
    g_autofree char *inside = g_build_filename (path, name, NULL);

    remove_all (inside);
  }

  g_remove (path);
}


static void
make_folders (void)
{
  g_autofree char *home = g_build_filename (folder, "home", NULL);

  g_assert_cmpint (g_mkdir_with_parents (home, 0700), ==, 0);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_assert_finalize_object (fixture->autostart);
  g_free (fixture->own);
  g_free (fixture->system);
  remove_all (folder);
  make_folders ();
}


static void
write_file (const char *path,
            const char *text)
{
  g_autofree char *its_folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (its_folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
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


static gboolean
query (Fixture *fixture,
       GError **error)
{
  gboolean is_on;

  neko_autostart_query_async (fixture->autostart, NULL, done_cb, fixture);
  wait_until (fixture->result != NULL);
  is_on = neko_autostart_query_finish (fixture->autostart, fixture->result, error);
  g_clear_object (&fixture->result);

  return is_on;
}


static void
assert_query (Fixture *fixture,
              gboolean is_on)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (query (fixture, &error), ==, is_on);
  g_assert_no_error (error);
}


static gboolean
set (Fixture      *fixture,
     gboolean      is_wanted,
     GCancellable *cancellable,
     GError      **error)
{
  gboolean is_done;

  neko_autostart_set_async (fixture->autostart, is_wanted, "", "Why not", cancellable, done_cb,
                            fixture);
  wait_until (fixture->result != NULL);
  is_done = neko_autostart_set_finish (fixture->autostart, fixture->result, error);
  g_clear_object (&fixture->result);

  return is_done;
}


static void
must_set (Fixture *fixture,
          gboolean is_wanted)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (set (fixture, is_wanted, NULL, &error));
  g_assert_no_error (error);
  assert_query (fixture, is_wanted);
}


static void
assert_own (Fixture    *fixture,
            const char *expected)
{
  g_autofree char *text = NULL;

  g_file_get_contents (fixture->own, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}


static void
test_on_and_off (Fixture      *fixture,
                 gconstpointer user_data)
{
  assert_query (fixture, FALSE);
  must_set (fixture, FALSE);
  assert_own (fixture, NULL);
  must_set (fixture, TRUE);
  assert_own (fixture, ON "Icon=io.github.nekomail.NekoMail\n");
  must_set (fixture, TRUE);
  must_set (fixture, FALSE);
  assert_own (fixture, NULL);
}


/* Somebody else changes it, in GNOME's Tweaks for example, and gets it back as it was. */
static void
test_others (Fixture      *fixture,
             gconstpointer user_data)
{
  write_file (fixture->own, ON "X-GNOME-Autostart-enabled=false\nX-Note=mine\n");
  assert_query (fixture, FALSE);
  must_set (fixture, FALSE);
  assert_own (fixture, ON "X-GNOME-Autostart-enabled=false\nX-Note=mine\n");
  must_set (fixture, TRUE);
  assert_own (fixture, ON "X-Note=mine\nIcon=io.github.nekomail.NekoMail\n");
  must_set (fixture, FALSE);
  assert_own (fixture, ON "X-Note=mine\nIcon=io.github.nekomail.NekoMail\nHidden=true\n");
}


static void
test_system (Fixture      *fixture,
             gconstpointer user_data)
{
  write_file (fixture->system, ON);
  assert_query (fixture, TRUE);
  must_set (fixture, FALSE);
  assert_own (fixture, "[Desktop Entry]\nHidden=true\n");
  must_set (fixture, TRUE);
  must_set (fixture, FALSE);
  write_file (fixture->system, OFF);
  must_set (fixture, TRUE);
  must_set (fixture, FALSE);
  assert_own (fixture, NULL);
}


/* The user's file counts, whatever the system's says. */
static void
test_own_first (Fixture      *fixture,
                gconstpointer user_data)
{
  write_file (fixture->system, ON);
  write_file (fixture->own, OFF);
  assert_query (fixture, FALSE);
}


/* A folder that cannot be, as root may write to all that can. */
static void
test_no_folder (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autofree char *its_folder = g_path_get_dirname (fixture->own);
  g_autoptr (GError) error = NULL;

  write_file (its_folder, "a file");
  assert_query (fixture, FALSE);
  g_assert_false (set (fixture, TRUE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  assert_query (fixture, FALSE);
}


static void
test_not_a_file (Fixture      *fixture,
                 gconstpointer user_data)
{
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) failure = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fixture->own, 0700), ==, 0);
  g_assert_false (query (fixture, &unknown));
  g_assert_error (unknown, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_false (set (fixture, TRUE, NULL, &failure));
  g_assert_error (failure, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}


static void
test_cancelled (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (set (fixture, TRUE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_own (fixture, NULL);
  must_set (fixture, TRUE);
}


static void
finished_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  gboolean *is_done = user_data;

  g_assert_true (neko_autostart_set_finish (NEKO_AUTOSTART (source), result, NULL));
  *is_done = TRUE;
}


static void
test_two_at_once (Fixture      *fixture,
                  gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_done = FALSE;

  neko_autostart_set_async (fixture->autostart, TRUE, "", "", NULL, finished_cb, &is_done);
  g_assert_false (set (fixture, FALSE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  wait_until (is_done);
  assert_query (fixture, TRUE);
}


/* The portal's answers are remembered, and what the system has is not looked at. */
static void
test_sandbox (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GError) denial = NULL;
  g_autoptr (GError) failure = NULL;
  g_autoptr (GError) absence = NULL;
  GDBusConnection *connection;
  PortalDouble portal = { 0 };

  g_test_dbus_up (bus);
  connection = private_bus_connect (bus);
  portal_double_start (&portal, connection, PORTAL_GRANTS);
  write_file (fixture->system, ON);
  g_set_object (&fixture->autostart, NULL);
  fixture->autostart = neko_autostart_new_for_sandbox (connection);

  assert_query (fixture, FALSE);
  must_set (fixture, TRUE);
  must_set (fixture, FALSE);
  must_set (fixture, TRUE);
  portal.answer = PORTAL_FAILS;
  g_assert_false (set (fixture, FALSE, NULL, &failure));
  g_assert_error (failure, G_IO_ERROR, G_IO_ERROR_FAILED);
  assert_query (fixture, TRUE);
  portal.answer = PORTAL_DENIES;
  g_assert_false (set (fixture, TRUE, NULL, &denial));
  g_assert_error (denial, NEKO_AUTOSTART_ERROR, NEKO_AUTOSTART_ERROR_DENIED);
  assert_query (fixture, FALSE);

  portal_double_stop (&portal);
  g_assert_false (set (fixture, TRUE, NULL, &absence));
  g_assert_error (absence, NEKO_AUTOSTART_ERROR, NEKO_AUTOSTART_ERROR_NO_PORTAL);
  assert_query (fixture, FALSE);

  g_assert_finalize_object (g_steal_pointer (&fixture->autostart));
  private_bus_disconnect (connection);
  g_test_dbus_down (bus);
  fixture->autostart = neko_autostart_new (NULL);
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
    { "/desktop/autostart/on-and-off",  test_on_and_off  },
    { "/desktop/autostart/others",      test_others      },
    { "/desktop/autostart/system",      test_system      },
    { "/desktop/autostart/own-first",   test_own_first   },
    { "/desktop/autostart/no-folder",   test_no_folder   },
    { "/desktop/autostart/not-a-file",  test_not_a_file  },
    { "/desktop/autostart/cancelled",   test_cancelled   },
    { "/desktop/autostart/two-at-once", test_two_at_once },
    { "/desktop/autostart/sandbox",     test_sandbox     },
  };
  g_autofree char *config = NULL;
  g_autofree char *system = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  config = g_build_filename (folder, "home", "config", NULL);
  system = g_build_filename (folder, "system", NULL);
  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_setenv ("XDG_CONFIG_DIRS", system, TRUE);
  make_folders ();

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  status = g_test_run ();
  remove_all (folder);
  g_free (folder);

  return status;
}
