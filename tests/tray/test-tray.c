/* test-tray.c - an item in the tray of a desktop that comes and goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tray.h"

#include <string.h>

#include "private-bus.h"
#include "watcher-double.h"

#define ITEM "org.kde.StatusNotifierItem"
#define ITEM_PATH "/StatusNotifierItem"

typedef struct {
  GTestDBus       *bus;
  GDBusConnection *connection; /* the tray's */
  GDBusConnection *desktop;
  WatcherDouble    watcher;
  NekoTray        *tray;
  GString         *heard;      /* signals of the item, and what it was activated with */
} Fixture;


static void
activated_cb (NekoTray   *tray,
              const char *token,
              Fixture    *fixture)
{
  g_string_append_printf (fixture->heard, "activated %s\n", token != NULL ? token : "without");
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->connection = private_bus_connect (fixture->bus);
  fixture->desktop = private_bus_connect (fixture->bus);
  fixture->heard = g_string_new (NULL);
  private_bus_hear (fixture->desktop, ITEM, ITEM_PATH, fixture->heard);
  fixture->tray = neko_tray_new (fixture->connection, "neko", "Neko");
  g_signal_connect (fixture->tray, "activated", G_CALLBACK (activated_cb), fixture);
  g_assert_true (neko_tray_start (fixture->tray, NULL));
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  watcher_double_stop (&fixture->watcher);

  if (fixture->tray != NULL)
    g_assert_finalize_object (fixture->tray);

  private_bus_disconnect (fixture->connection);
  private_bus_disconnect (fixture->desktop);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
  g_string_free (fixture->heard, TRUE);
}


static GVariant *
call (Fixture    *fixture,
      const char *interface,
      const char *method,
      GVariant   *parameters,
      GError    **error)
{
  return private_bus_call (fixture->desktop,
                           g_dbus_connection_get_unique_name (fixture->connection), ITEM_PATH,
                           interface, method, parameters, error);
}


static GVariant *
get_properties (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (fixture, "org.freedesktop.DBus.Properties", "GetAll",
                                      g_variant_new ("(s)", ITEM), &error);

  g_assert_no_error (error);

  return g_variant_get_child_value (answer, 0);
}


static void
test_nobody (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GVariant) properties = get_properties (fixture);

  g_assert_false (neko_tray_is_shown (fixture->tray));
}


static void
test_registration (Fixture      *fixture,
                   gconstpointer user_data)
{
  gboolean is_shown;

  watcher_double_start (&fixture->watcher, fixture->desktop, TRUE);
  wait_until (neko_tray_is_shown (fixture->tray));
  g_object_get (fixture->tray, "is-shown", &is_shown, NULL);
  g_assert_true (is_shown);
  g_assert_cmpstr (fixture->watcher.item, ==,
                   g_dbus_connection_get_unique_name (fixture->connection));
  g_assert_cmpuint (fixture->watcher.count, ==, 1);
}


static void
count_cb (unsigned *count)
{
  ++*count;
}


/* It was there before us, too. */
static void
test_late (Fixture      *fixture,
           gconstpointer user_data)
{
  unsigned count = 0;

  g_assert_finalize_object (g_steal_pointer (&fixture->tray));
  watcher_double_start (&fixture->watcher, fixture->desktop, TRUE);
  fixture->tray = neko_tray_new (fixture->connection, "neko", "Neko");
  g_signal_connect_swapped (fixture->tray, "notify::is-shown", G_CALLBACK (count_cb), &count);
  g_assert_true (neko_tray_start (fixture->tray, NULL));
  wait_until (count > 0);
  g_assert_true (neko_tray_is_shown (fixture->tray));
}


static void
test_next_watcher (Fixture      *fixture,
                   gconstpointer user_data)
{
  GDBusConnection *other_desktop = private_bus_connect (fixture->bus);
  WatcherDouble other = { 0 };

  watcher_double_start (&fixture->watcher, fixture->desktop, TRUE);
  wait_until (neko_tray_is_shown (fixture->tray));

  watcher_double_start (&other, other_desktop, TRUE);
  wait_until (other.item != NULL);
  wait_until (neko_tray_is_shown (fixture->tray));
  g_assert_cmpuint (other.count, ==, 1);
  g_assert_cmpuint (fixture->watcher.count, ==, 1);

  /* It waits for its turn and gets the name back. */
  watcher_double_stop (&other);
  wait_until (fixture->watcher.count == 2);
  wait_until (neko_tray_is_shown (fixture->tray));

  watcher_double_stop (&fixture->watcher);
  wait_until (!neko_tray_is_shown (fixture->tray));

  watcher_double_start (&fixture->watcher, fixture->desktop, TRUE);
  wait_until (neko_tray_is_shown (fixture->tray));
  g_assert_cmpuint (fixture->watcher.count, ==, 3);
  private_bus_disconnect (other_desktop);
}


static void
test_hosts (Fixture      *fixture,
            gconstpointer user_data)
{
  watcher_double_start (&fixture->watcher, fixture->desktop, FALSE);
  wait_until (fixture->watcher.item != NULL);
  g_assert_false (neko_tray_is_shown (fixture->tray));
  watcher_double_set_host (&fixture->watcher, TRUE);
  wait_until (neko_tray_is_shown (fixture->tray));
  watcher_double_set_host (&fixture->watcher, FALSE);
  wait_until (!neko_tray_is_shown (fixture->tray));
  watcher_double_set_host (&fixture->watcher, TRUE);
  wait_until (neko_tray_is_shown (fixture->tray));
  g_assert_cmpuint (fixture->watcher.count, ==, 1);
}


static GLogWriterOutput
count_logged (GLogLevelFlags   level,
              const GLogField *fields,
              size_t           count,
              gpointer         user_data)
{
  if ((level & G_LOG_LEVEL_MESSAGE) != 0)
    ++*(unsigned *) user_data;

  return G_LOG_WRITER_HANDLED;
}


/* Whoever says no leaves us without a tray, and says why. */
static void
test_refused (Fixture      *fixture,
              gconstpointer user_data)
{
  static unsigned count;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed ();
    return;
  }

  g_log_set_writer_func (count_logged, &count, NULL);
  fixture->watcher.is_refusing = TRUE;
  watcher_double_start (&fixture->watcher, fixture->desktop, TRUE);
  wait_until (count > 0);
  g_assert_false (neko_tray_is_shown (fixture->tray));
}


/* xfce4-panel and KDE ask for each of them. */
static void
test_properties (Fixture      *fixture,
                 gconstpointer user_data)
{
  static const struct {
    const char *name;
    const char *value;
  } expected[] = {
    { "Category",            "'Communications'" },
    { "Id",                  "'neko'" },
    { "Title",               "'Neko'" },
    { "Status",              "'Active'" },
    { "WindowId",            "0" },
    { "IconThemePath",       "''" },
    { "Menu",                "objectpath '/MenuBar'" },
    { "ItemIsMenu",          "false" },
    { "IconName",            "'idle'" },
    { "IconPixmap",          "@a(iiay) []" },
    { "OverlayIconName",     "''" },
    { "OverlayIconPixmap",   "@a(iiay) []" },
    { "AttentionIconName",   "'alert'" },
    { "AttentionIconPixmap", "@a(iiay) []" },
    { "AttentionMovieName",  "''" },
    { "ToolTip",             "('', @a(iiay) [], '3 < 4', '3 &lt; 4')" },
  };
  g_autoptr (GVariant) properties = NULL;

  neko_tray_set_icon_name (fixture->tray, "idle");
  neko_tray_set_attention_icon_name (fixture->tray, "alert");
  neko_tray_set_tooltip (fixture->tray, "3 < 4", "3 < 4");
  properties = get_properties (fixture);
  g_assert_cmpuint (g_variant_n_children (properties), ==, G_N_ELEMENTS (expected));

  for (size_t i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autoptr (GVariant) value = g_variant_lookup_value (properties, expected[i].name, NULL);
    g_autofree char *text = value != NULL ? g_variant_print (value, TRUE) : NULL;

    g_assert_cmpstr (text, ==, expected[i].value);
  }
}


static void
wait_for (Fixture    *fixture,
          const char *expected)
{
  wait_until (fixture->heard->len >= strlen (expected));
  g_assert_cmpstr (fixture->heard->str, ==, expected);
  g_string_truncate (fixture->heard, 0);
}


/* What stays as it was is not told again. */
static void
test_changes (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (GVariant) properties = get_properties (fixture);

  g_string_truncate (fixture->heard, 0);
  neko_tray_set_status (fixture->tray, NEKO_TRAY_ACTIVE);
  neko_tray_set_icon_name (fixture->tray, "");
  neko_tray_set_attention_icon_name (fixture->tray, "");
  neko_tray_set_status (fixture->tray, NEKO_TRAY_NEEDS_ATTENTION);
  wait_for (fixture, "NewStatus ('NeedsAttention',)\n");
  neko_tray_set_status (fixture->tray, NEKO_TRAY_PASSIVE);
  wait_for (fixture, "NewStatus ('Passive',)\n");
  neko_tray_set_icon_name (fixture->tray, "syncing");
  wait_for (fixture, "NewIcon ()\n");
  neko_tray_set_attention_icon_name (fixture->tray, "new-mail");
  wait_for (fixture, "NewAttentionIcon ()\n");
  neko_tray_set_tooltip (fixture->tray, "Neko", "2 messages");
  wait_for (fixture, "NewToolTip ()\n");
}


static void
test_activation (Fixture      *fixture,
                 gconstpointer user_data)
{
  static const struct {
    const char *method;
    const char *parameters;
    const char *heard;
  } calls[] = {
    { "Activate",                  "(10, 20)",           "activated without\n" },
    { "ProvideXdgActivationToken", "('token-1',)",       ""                    },
    { "Activate",                  "(10, 20)",           "activated token-1\n" },
    { "Activate",                  "(10, 20)",           "activated without\n" },
    { "ProvideXdgActivationToken", "('token-2',)",       ""                    },
    { "ProvideXdgActivationToken", "('',)",              ""                    },
    { "SecondaryActivate",         "(-1, 2147483647)",   "activated without\n" },
    { "ContextMenu",               "(0, 0)",             ""                    },
    { "Scroll",                    "(120, 'vertical')",  ""                    },
  };
  g_autoptr (GVariant) properties = get_properties (fixture);

  g_string_truncate (fixture->heard, 0);

  for (size_t i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GVariant) answer = call (fixture, ITEM, calls[i].method,
                                        g_variant_new_parsed (calls[i].parameters), &error);

    g_assert_no_error (error);
    g_assert_cmpstr (fixture->heard->str, ==, calls[i].heard);
    g_string_truncate (fixture->heard, 0);
  }
}


static void
test_gone (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  watcher_double_start (&fixture->watcher, fixture->desktop, TRUE);
  wait_until (neko_tray_is_shown (fixture->tray));
  g_assert_finalize_object (g_steal_pointer (&fixture->tray));
  g_assert_null (call (fixture, ITEM, "Activate", g_variant_new ("(ii)", 0, 0), &error));
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
}


/* Between the question and the answer. */
static void
test_gone_early (Fixture      *fixture,
                 gconstpointer user_data)
{
  watcher_double_start (&fixture->watcher, fixture->desktop, TRUE);
  wait_until (fixture->watcher.count > 0);
  g_object_unref (g_steal_pointer (&fixture->tray));

  while (g_main_context_iteration (NULL, FALSE))
    ;
}


/* There is one item on a connection. */
static void
test_second (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (NekoTray) second = neko_tray_new (fixture->connection, "neko-2", "Neko");
  g_autoptr (GError) error = NULL;

  g_assert_false (neko_tray_start (second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_false (neko_tray_is_shown (second));
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
    { "/tray/nobody",       test_nobody       },
    { "/tray/registration", test_registration },
    { "/tray/late",         test_late         },
    { "/tray/next-watcher", test_next_watcher },
    { "/tray/hosts",        test_hosts        },
    { "/tray/refused",      test_refused      },
    { "/tray/properties",   test_properties   },
    { "/tray/changes",      test_changes      },
    { "/tray/activation",   test_activation   },
    { "/tray/gone",         test_gone         },
    { "/tray/gone-early",   test_gone_early   },
    { "/tray/second",       test_second       },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
