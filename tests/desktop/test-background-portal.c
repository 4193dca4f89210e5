/* test-background-portal.c - the desktop's portal says yes, no, something else, or nothing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-background-portal.h"

#include "portal-double.h"
#include "private-bus.h"

typedef struct {
  GTestDBus       *bus;
  GDBusConnection *connection;
  GDBusConnection *desktop;
  PortalDouble     portal;
  GCancellable    *cancellable;
  GAsyncResult    *result;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->connection = private_bus_connect (fixture->bus);
  fixture->desktop = private_bus_connect (fixture->bus);
  fixture->cancellable = g_cancellable_new ();
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  portal_double_stop (&fixture->portal);
  g_clear_object (&fixture->result);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  private_bus_disconnect (fixture->connection);
  private_bus_disconnect (fixture->desktop);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
  g_assert_finalize_object (fixture->cancellable);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}


static void
request (Fixture *fixture,
         gboolean is_wanted)
{
  static const char *const command[] = { "neko-mail", "--background", NULL };

  neko_background_portal_request_async (fixture->connection, "x11:1", "Why not", is_wanted, command,
                                        fixture->cancellable, done_cb, fixture);
}


/* Returns: %TRUE, or %FALSE with @error set */
static gboolean
finish (Fixture *fixture,
        GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wait_until (fixture->result != NULL);
  result = g_steal_pointer (&fixture->result);

  return neko_background_portal_request_finish (result, error);
}


static void
test_granted (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  portal_double_start (&fixture->portal, fixture->desktop, GPOINTER_TO_INT (user_data));
  request (fixture, TRUE);
  g_assert_true (finish (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->portal.asked, ==,
                   "x11:1, Why not, on: neko-mail --background");
  request (fixture, FALSE);
  g_assert_true (finish (fixture, &error));
  g_assert_no_error (error);
}


static void
test_denied (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  portal_double_start (&fixture->portal, fixture->desktop, GPOINTER_TO_INT (user_data));
  request (fixture, TRUE);
  g_assert_false (finish (fixture, &error));
  g_assert_error (error, NEKO_AUTOSTART_ERROR, NEKO_AUTOSTART_ERROR_DENIED);
}


static void
test_failed (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  portal_double_start (&fixture->portal, fixture->desktop, PORTAL_FAILS);
  request (fixture, TRUE);
  g_assert_false (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}


static void
test_refused (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  portal_double_start (&fixture->portal, fixture->desktop, PORTAL_REFUSES);
  request (fixture, TRUE);
  g_assert_false (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_DBUS_ERROR);
}


/* A desktop without any portal, and Debian's for GTK, which has others only. */
static void
test_no_portal (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GError) no_name = NULL;
  g_autoptr (GError) no_interface = NULL;

  request (fixture, TRUE);
  g_assert_false (finish (fixture, &no_name));
  g_assert_error (no_name, NEKO_AUTOSTART_ERROR, NEKO_AUTOSTART_ERROR_NO_PORTAL);
  portal_double_start (&fixture->portal, fixture->desktop, PORTAL_GRANTS);
  g_dbus_connection_unregister_object (fixture->desktop, fixture->portal.object);
  fixture->portal.object = 0;
  request (fixture, TRUE);
  g_assert_false (finish (fixture, &no_interface));
  g_assert_error (no_interface, NEKO_AUTOSTART_ERROR, NEKO_AUTOSTART_ERROR_NO_PORTAL);
}


/* Waits until it waits for an answer. */
static void
request_and_wait (Fixture *fixture)
{
  portal_double_start (&fixture->portal, fixture->desktop, PORTAL_WAITS);
  request (fixture, TRUE);
  wait_until (fixture->portal.asked != NULL);

  /* What was replied before is here before what is asked for now. */
  g_variant_unref (private_bus_call (fixture->connection,
                                     g_dbus_connection_get_unique_name (fixture->desktop), "/",
                                     "org.freedesktop.DBus.Peer", "Ping", NULL, NULL));
  g_assert_null (fixture->result);
}


static void
test_vanished (Fixture      *fixture,
               gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  request_and_wait (fixture);
  portal_double_stop (&fixture->portal);
  g_assert_false (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}


static void
test_cancelled (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  request_and_wait (fixture);
  g_cancellable_cancel (fixture->cancellable);
  g_assert_false (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_until (fixture->portal.is_closed);
}


static void
test_cancelled_early (Fixture      *fixture,
                      gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  portal_double_start (&fixture->portal, fixture->desktop, PORTAL_GRANTS);
  request (fixture, TRUE);
  g_cancellable_cancel (fixture->cancellable);
  g_assert_false (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}


int
main (int   argc,
      char *argv[])
{
  static const struct {
    const char  *path;
    PortalAnswer answer;
    void         (*func) (Fixture      *fixture,
                          gconstpointer user_data);
  } tests[] = {
    { "/desktop/background-portal/granted",         PORTAL_GRANTS,   test_granted         },
    { "/desktop/background-portal/granted-before",  PORTAL_IS_EARLY, test_granted         },
    { "/desktop/background-portal/denied",          PORTAL_DENIES,   test_denied          },
    { "/desktop/background-portal/denied-by-user",  PORTAL_CANCELS,  test_denied          },
    { "/desktop/background-portal/failed",          PORTAL_FAILS,    test_failed          },
    { "/desktop/background-portal/refused",         PORTAL_REFUSES,  test_refused         },
    { "/desktop/background-portal/no-portal",       PORTAL_GRANTS,   test_no_portal       },
    { "/desktop/background-portal/vanished",        PORTAL_WAITS,    test_vanished        },
    { "/desktop/background-portal/cancelled",       PORTAL_WAITS,    test_cancelled       },
    { "/desktop/background-portal/cancelled-early", PORTAL_GRANTS,   test_cancelled_early },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GINT_TO_POINTER (tests[i].answer), set_up, tests[i].func,
                tear_down);

  return g_test_run ();
}
