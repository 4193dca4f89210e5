/* test-window-launcher.c - when the window's program is started
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-window-launcher.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>

#include "private-bus.h"

#define NAME NEKO_APPLICATION_ID ".Test"

#define TICK 10 /* milliseconds */

typedef struct {
  GTestDBus          *bus;
  GDBusConnection    *connection;
  GDBusConnection    *window; /* as if it were the window's */
  char               *starts; /* a file with the ids of the processes that were started */
  NekoWindowLauncher *launcher;
  unsigned            tick;
  unsigned            shown;
  unsigned            failed;
} Fixture;


static void
count_cb (unsigned *count)
{
  (*count)++;
}


/* What other processes do wakes nobody here. */
static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->starts = g_strdup (g_getenv ("NEKO_TEST_STARTS"));
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->connection = private_bus_connect (fixture->bus);
  fixture->window = private_bus_connect (fixture->bus);
  fixture->launcher = neko_window_launcher_new (fixture->connection, NAME);
  fixture->tick = g_timeout_add (TICK, tick_cb, NULL);
  g_signal_connect_swapped (fixture->launcher, "shown", G_CALLBACK (count_cb), &fixture->shown);
  g_signal_connect_swapped (fixture->launcher, "failed", G_CALLBACK (count_cb), &fixture->failed);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  neko_window_launcher_close (fixture->launcher);
  g_object_unref (fixture->launcher);
  g_source_remove (fixture->tick);
  private_bus_disconnect (fixture->window);
  private_bus_disconnect (fixture->connection);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
  g_unlink (fixture->starts);
  g_free (fixture->starts);
}


/* Returns: the ids of the processes; the last one is empty */
static GStrv
list_starts (Fixture *fixture)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (fixture->starts, &text, NULL, NULL))
    return g_strsplit ("", "\n", -1);

  return g_strsplit (text, "\n", -1);
}


static unsigned
count_starts (Fixture *fixture)
{
  g_auto (GStrv) starts = list_starts (fixture);

  return MAX (g_strv_length (starts), 1) - 1;
}


static void
send_signal (Fixture *fixture,
             int      number)
{
  g_auto (GStrv) starts = list_starts (fixture);

  g_assert_cmpint (kill (atoi (starts[count_starts (fixture) - 1]), number), ==, 0);
}


static void
call_bus (GDBusConnection *connection,
          const char      *method,
          GVariant        *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = private_bus_call (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                  "org.freedesktop.DBus", method, parameters, &error);

  g_assert_no_error (error);
}


static void
appear (Fixture *fixture)
{
  unsigned before = fixture->shown;

  call_bus (fixture->window, "RequestName", g_variant_new ("(su)", NAME ".Window", 0));
  wait_until (fixture->shown > before);
}


/* What the bus tells everybody comes before it answers what is asked afterwards. */
static void
vanish (Fixture *fixture)
{
  call_bus (fixture->window, "ReleaseName", g_variant_new ("(s)", NAME ".Window"));
  call_bus (fixture->connection, "GetId", NULL);
}


static void
show (Fixture *fixture)
{
  neko_window_launcher_show (fixture->launcher, NULL);
  wait_until (count_starts (fixture) == 1);
  appear (fixture);
}


static void
test_wanted_while_it_ends (Fixture      *fixture,
                           gconstpointer user_data)
{
  show (fixture);
  vanish (fixture);
  neko_window_launcher_show (fixture->launcher, NULL);
  g_assert_cmpuint (count_starts (fixture), ==, 1);
  send_signal (fixture, SIGUSR1);
  wait_until (count_starts (fixture) == 2);
  g_assert_cmpuint (fixture->failed, ==, 0);
}


/* One that breaks off would do so again. */
static void
test_wanted_while_it_breaks_off (Fixture      *fixture,
                                 gconstpointer user_data)
{
  show (fixture);
  vanish (fixture);
  neko_window_launcher_show (fixture->launcher, NULL);
  send_signal (fixture, SIGKILL);
  wait_until (fixture->failed == 1);
  g_assert_cmpuint (count_starts (fixture), ==, 1);
}


int
main (int   argc,
      char *argv[])
{
  const struct {
    const char *path;
    void        (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/app/window-launcher/ends",       test_wanted_while_it_ends       },
    { "/app/window-launcher/breaks-off", test_wanted_while_it_breaks_off },
  };
  g_autofree char *folder = NULL;
  g_autofree char *starts = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  starts = g_build_filename (folder, "starts", NULL);
  g_setenv ("NEKO_TEST_STARTS", starts, TRUE);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  status = g_test_run ();
  g_rmdir (folder);

  return status;
}
