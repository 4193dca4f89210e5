/* test-tray-connection.c - the tray's own connection to a bus
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tray-connection.h"

#include "neko-tray.h"
#include "private-bus.h"
#include "watcher-double.h"

typedef struct {
  GTestDBus       *bus;
  GDBusConnection *desktop;
  GAsyncResult    *result;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->desktop = private_bus_connect (fixture->bus);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  private_bus_disconnect (fixture->desktop);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}


static GDBusConnection *
open_connection (Fixture      *fixture,
                 GCancellable *cancellable,
                 GError      **error)
{
  GDBusConnection *connection;

  neko_tray_connection_open_async (cancellable, done_cb, fixture);
  wait_until (fixture->result != NULL);
  connection = neko_tray_connection_open_finish (fixture->result, error);
  g_clear_object (&fixture->result);

  return connection;
}


static void
vanished_cb (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  *(gboolean *) user_data = TRUE;
}


/* Which is how a watcher sees that an item is gone. */
static void
test_closed (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GDBusConnection) connection = open_connection (fixture, NULL, NULL);
  NekoTray *tray = neko_tray_new (connection, "neko", "Neko");
  WatcherDouble watcher = { 0 };
  gboolean is_gone = FALSE;
  guint watch;

  g_assert_false (g_dbus_connection_get_exit_on_close (connection));
  watcher_double_start (&watcher, fixture->desktop, TRUE);
  g_assert_true (neko_tray_start (tray, NULL));
  wait_until (neko_tray_is_shown (tray));
  watch = g_bus_watch_name_on_connection (fixture->desktop, watcher.item,
                                          G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, vanished_cb, &is_gone,
                                          NULL);
  g_assert_finalize_object (tray);
  g_dbus_connection_close (connection, NULL, NULL, NULL);
  wait_until (is_gone);
  g_bus_unwatch_name (watch);
  watcher_double_stop (&watcher);
}


/* The bus ends before us. */
static void
test_bus_ends (Fixture      *fixture,
               gconstpointer user_data)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GDBusConnection) connection = NULL;
  GDBusConnection *desktop;
  WatcherDouble watcher = { 0 };
  NekoTray *tray;

  g_test_dbus_up (bus);
  desktop = private_bus_connect (bus);
  connection = open_connection (fixture, NULL, NULL);
  tray = neko_tray_new (connection, "neko", "Neko");
  watcher_double_start (&watcher, desktop, TRUE);
  g_assert_true (neko_tray_start (tray, NULL));
  wait_until (neko_tray_is_shown (tray));
  watcher_double_stop (&watcher);
  private_bus_disconnect (desktop);
  g_test_dbus_stop (bus);
  wait_until (!neko_tray_is_shown (tray) && g_dbus_connection_is_closed (connection));
  neko_tray_set_icon_name (tray, "syncing");
  neko_tray_set_tooltip (tray, "Neko", "");
  g_assert_finalize_object (tray);
}


static void
test_no_bus (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = g_strdup (g_getenv ("DBUS_SESSION_BUS_ADDRESS"));

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_assert_null (open_connection (fixture, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
}


static void
test_cancelled (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (open_connection (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
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
    { "/tray/connection/closed",    test_closed    },
    { "/tray/connection/bus-ends",  test_bus_ends  },
    { "/tray/connection/no-bus",    test_no_bus    },
    { "/tray/connection/cancelled", test_cancelled },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
