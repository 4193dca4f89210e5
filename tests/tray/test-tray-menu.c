/* test-tray-menu.c - a menu as a host sees it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-tray-menu.h"

#include <string.h>

#include "private-bus.h"

#define INTERFACE "com.canonical.dbusmenu"
#define PATH "/MenuBar"

typedef struct {
  GTestDBus          *bus;
  GDBusConnection    *connection;
  GDBusConnection    *desktop;
  GMenu              *model;
  GMenu              *accounts; /* a section of it */
  GSimpleActionGroup *actions;
  NekoTrayMenu       *menu;
  GString            *heard;    /* signals */
  GString            *done;     /* actions */
} Fixture;


static void
action_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *text = parameter != NULL ? g_variant_print (parameter, FALSE) : g_strdup ("");

  g_string_append_printf (fixture->done, "%s %s\n", g_action_get_name (G_ACTION (action)), text);
}


/* What the test of the whole menu shows. */
static void
build_model (Fixture *fixture)
{
  g_autoptr (GMenu) first = g_menu_new ();
  g_autoptr (GMenu) empty = g_menu_new ();
  g_autoptr (GMenu) more = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();
  g_autoptr (GMenuItem) debug = g_menu_item_new ("Debug", "debug");

  g_menu_append (first, "_Open", "open");
  g_menu_append (first, "Pause", "pause");
  g_menu_append (fixture->accounts, "alice__b@neko.test: in step", NULL);
  g_menu_append (more, "Show alice", "show('alice')");
  g_menu_append (more, "Wrong", "show");
  g_menu_item_set_attribute (debug, "hidden-when", "s", "action-missing");
  g_menu_append_item (last, debug);
  g_menu_append (last, "Quit", "quit");
  g_menu_append_section (fixture->model, NULL, G_MENU_MODEL (first));
  g_menu_append_section (fixture->model, NULL, G_MENU_MODEL (empty));
  g_menu_append_section (fixture->model, NULL, G_MENU_MODEL (fixture->accounts));
  g_menu_append_submenu (fixture->model, "More", G_MENU_MODEL (more));
  g_menu_append_section (fixture->model, NULL, G_MENU_MODEL (last));
}


static void
build_actions (Fixture *fixture)
{
  const GActionEntry entries[] = {
    { "open", action_cb, NULL, NULL, NULL },
    { "show", action_cb, "s", NULL, NULL },
    { "quit", action_cb, NULL, NULL, NULL },
    { "pause", NULL, NULL, "false", NULL },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (fixture->actions), entries, G_N_ELEMENTS (entries),
                                   fixture);
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->connection = private_bus_connect (fixture->bus);
  fixture->desktop = private_bus_connect (fixture->bus);
  fixture->heard = g_string_new (NULL);
  fixture->done = g_string_new (NULL);
  fixture->model = g_menu_new ();
  fixture->accounts = g_menu_new ();
  fixture->actions = g_simple_action_group_new ();
  build_model (fixture);
  build_actions (fixture);
  fixture->menu = neko_tray_menu_new ();
  neko_tray_menu_set_model (fixture->menu, G_MENU_MODEL (fixture->model),
                            G_ACTION_GROUP (fixture->actions));
  g_assert_true (neko_tray_menu_export (fixture->menu, fixture->connection, PATH, &error));
  g_assert_no_error (error);
  private_bus_hear (fixture->desktop, INTERFACE, PATH, fixture->heard);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_assert_finalize_object (fixture->menu);
  g_assert_finalize_object (fixture->model);
  g_assert_finalize_object (fixture->accounts);
  g_assert_finalize_object (fixture->actions);
  private_bus_disconnect (fixture->connection);
  private_bus_disconnect (fixture->desktop);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
  g_string_free (fixture->heard, TRUE);
  g_string_free (fixture->done, TRUE);
}


static GVariant *
call (Fixture    *fixture,
      const char *method,
      const char *parameters,
      GError    **error)
{
  return private_bus_call (fixture->desktop,
                           g_dbus_connection_get_unique_name (fixture->connection), PATH,
                           INTERFACE, method, g_variant_new_parsed (parameters), error);
}


static void
assert_answer (Fixture    *fixture,
               const char *method,
               const char *parameters,
               const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (fixture, method, parameters, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = g_variant_print (answer, FALSE);
  g_assert_cmpstr (text, ==, expected);
}


static void
assert_refused (Fixture    *fixture,
                const char *method,
                const char *parameters)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (call (fixture, method, parameters, &error));
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
}


/* Shows the menu to a host, and forgets what was told of it before. */
static void
open_menu (Fixture *fixture)
{
  g_autoptr (GVariant) answer = call (fixture, "AboutToShow", "(0,)", NULL);

  g_assert_nonnull (answer);
  answer = (g_variant_unref (answer), call (fixture, "AboutToShow", "(0,)", NULL));
  g_string_truncate (fixture->heard, 0);
}


static void
assert_heard (Fixture    *fixture,
              const char *expected)
{
  wait_until (fixture->heard->len >= strlen (expected));
  g_assert_cmpstr (fixture->heard->str, ==, expected);
  g_string_truncate (fixture->heard, 0);
}


static void
print_node (GString  *text,
            GVariant *node,
            int       depth)
{
  g_autoptr (GVariant) properties = g_variant_get_child_value (node, 1);
  g_autoptr (GVariant) children = g_variant_get_child_value (node, 2);
  const char *label = "";
  const char *type = "";
  gboolean is_enabled = TRUE;
  int id;
  int state = -1;

  g_variant_get_child (node, 0, "i", &id);
  g_variant_lookup (properties, "label", "&s", &label);
  g_variant_lookup (properties, "type", "&s", &type);
  g_variant_lookup (properties, "enabled", "b", &is_enabled);
  g_variant_lookup (properties, "toggle-state", "i", &state);
  g_string_append_printf (text, "%*s%d %s%s%s%s\n", depth, "", id, type, label,
                          is_enabled ? "" : " off", state < 0 ? "" : state == 0 ? " [ ]" : " [x]");

  for (size_t i = 0; i < g_variant_n_children (children); i++) {
    g_autoptr (GVariant) boxed = g_variant_get_child_value (children, i);
    g_autoptr (GVariant) child = g_variant_get_variant (boxed);

    print_node (text, child, depth + 2);
  }
}


static void
assert_layout (Fixture    *fixture,
               const char *parameters,
               const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (fixture, "GetLayout", parameters, &error);
  g_autoptr (GVariant) root = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  root = g_variant_get_child_value (answer, 1);
  print_node (text, root, 0);
  g_assert_cmpstr (text->str, ==, expected);
}


#define FIRST_ITEMS \
  "  1 _Open\n" \
  "  2 Pause [ ]\n" \
  "  3 separator\n" \
  "  4 alice__b@neko.test: in step off\n" \
  "  5 separator\n"


static void
test_layout (Fixture      *fixture,
             gconstpointer user_data)
{
  assert_layout (fixture, "(0, -1, @as [])",
                 "0 \n"
                 FIRST_ITEMS
                 "  6 More\n"
                 "    7 Show alice\n"
                 "    8 Wrong off\n"
                 "  9 separator\n"
                 "  10 Quit\n");
  assert_layout (fixture, "(0, 0, @as [])", "0 \n");
  assert_layout (fixture, "(0, 1, @as [])",
                 "0 \n" FIRST_ITEMS "  6 More\n  9 separator\n  10 Quit\n");
  assert_layout (fixture, "(6, -2147483648, ['type', 'toggle-state'])", "6 \n  7 \n  8 \n");
  assert_layout (fixture, "(10, 2147483647, @as [])", "10 Quit\n");
}


static void
test_properties (Fixture      *fixture,
                 gconstpointer user_data)
{
  static const char *const names[] = { "Version", "TextDirection", "Status", "IconThemePath" };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GVariant) answer = private_bus_call (
      fixture->desktop, g_dbus_connection_get_unique_name (fixture->connection), PATH,
      "org.freedesktop.DBus.Properties", "Get", g_variant_new ("(ss)", INTERFACE, names[i]), NULL);

    g_assert_nonnull (answer);
  }

  open_menu (fixture);
  assert_answer (fixture, "GetGroupProperties", "([1, 4, 99, 3], @as [])",
                 "([(1, {'label': <'_Open'>}), "
                 "(4, {'label': <'alice__b@neko.test: in step'>, 'enabled': <false>}), "
                 "(3, {'type': <'separator'>})],)");
  assert_answer (fixture, "GetGroupProperties", "([2, 0], ['toggle-state', 'children-display'])",
                 "([(2, {'toggle-state': <0>}), (0, {'children-display': <'submenu'>})],)");
  assert_answer (fixture, "GetProperty", "(1, 'label')", "(<'_Open'>,)");
  assert_answer (fixture, "GetProperty", "(1, 'enabled')", "(<true>,)");
  assert_answer (fixture, "GetProperty", "(4, 'enabled')", "(<false>,)");
  assert_answer (fixture, "GetProperty", "(4, 'toggle-state')", "(<-1>,)");
}


static void
test_all_properties (Fixture      *fixture,
                     gconstpointer user_data)
{
  g_autoptr (GVariant) answer = call (fixture, "GetGroupProperties", "(@ai [], @as [])", NULL);
  g_autoptr (GVariant) rows = g_variant_get_child_value (answer, 0);

  g_assert_cmpuint (g_variant_n_children (rows), ==, 11);
}


static void
test_clicks (Fixture      *fixture,
             gconstpointer user_data)
{
  static const struct {
    const char *event;
    const char *done;
  } events[] = {
    { "(1, 'clicked', <0>, uint32 0)",           "open \n"        },
    { "(7, 'clicked', <''>, uint32 0)",          "show 'alice'\n" },
    { "(10, 'clicked', <0>, uint32 4294967295)", "quit \n"        },
    { "(1, 'hovered', <0>, uint32 0)",           ""               },
    { "(1, '', <0>, uint32 0)",                  ""               },
    { "(0, 'opened', <0>, uint32 0)",            ""               },
    { "(0, 'clicked', <0>, uint32 0)",           ""               },
    { "(3, 'clicked', <0>, uint32 0)",           ""               },
    { "(4, 'clicked', <0>, uint32 0)",           ""               },
    { "(6, 'clicked', <0>, uint32 0)",           ""               },
    { "(8, 'clicked', <0>, uint32 0)",           ""               },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (events); i++) {
    assert_answer (fixture, "Event", events[i].event, "()");
    g_assert_cmpstr (fixture->done->str, ==, events[i].done);
    g_string_truncate (fixture->done, 0);
  }

  assert_answer (fixture, "EventGroup",
                 "([(10, 'clicked', <0>, uint32 0), (77, 'clicked', <0>, 0), (1, 'clicked', <0>, 0)],)",
                 "([77],)");
  g_assert_cmpstr (fixture->done->str, ==, "quit \nopen \n");
}


static void
test_toggle (Fixture      *fixture,
             gconstpointer user_data)
{
  open_menu (fixture);
  assert_answer (fixture, "Event", "(2, 'clicked', <0>, uint32 0)", "()");
  assert_heard (fixture,
                "ItemsPropertiesUpdated ([(2, {'label': <'Pause'>, 'toggle-type': <'checkmark'>, "
                "'toggle-state': <1>})], [])\n");
  assert_answer (fixture, "GetProperty", "(2, 'toggle-state')", "(<1>,)");
}


static void
enable (Fixture    *fixture,
        const char *name,
        gboolean    is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (fixture->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}


static void
test_enabled (Fixture      *fixture,
              gconstpointer user_data)
{
  open_menu (fixture);
  enable (fixture, "open", FALSE);
  assert_heard (fixture, "ItemsPropertiesUpdated "
                "([(1, {'label': <'_Open'>, 'enabled': <false>})], [])\n");
  assert_answer (fixture, "Event", "(1, 'clicked', <0>, uint32 0)", "()");
  g_assert_cmpstr (fixture->done->str, ==, "");
  enable (fixture, "open", TRUE);
  assert_heard (fixture, "ItemsPropertiesUpdated "
                "([(1, {'label': <'_Open'>})], [(1, ['enabled'])])\n");

  /* Nothing is told that was taken back at once, though it was looked at. */
  enable (fixture, "open", FALSE);
  enable (fixture, "open", TRUE);
  assert_answer (fixture, "AboutToShow", "(0,)", "(false,)");
  enable (fixture, "quit", FALSE);
  assert_heard (fixture, "ItemsPropertiesUpdated "
                "([(10, {'label': <'Quit'>, 'enabled': <false>})], [])\n");
}


static void
test_hidden (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GSimpleAction) debug = g_simple_action_new ("debug", NULL);

  open_menu (fixture);
  g_action_map_add_action (G_ACTION_MAP (fixture->actions), G_ACTION (debug));
  assert_heard (fixture, "LayoutUpdated (2, 0)\n");
  assert_answer (fixture, "GetProperty", "(11, 'label')", "(<'Debug'>,)");
  g_action_map_remove_action (G_ACTION_MAP (fixture->actions), "debug");
  assert_heard (fixture, "LayoutUpdated (3, 0)\n");
  assert_refused (fixture, "GetProperty", "(11, 'label')");
}


/* An account's line has another text now: the same item. Another account has an item of its own. */
static void
test_model (Fixture      *fixture,
            gconstpointer user_data)
{
  open_menu (fixture);
  g_menu_remove (fixture->accounts, 0);
  g_menu_append (fixture->accounts, "alice: offline", NULL);
  assert_heard (fixture, "ItemsPropertiesUpdated "
                "([(4, {'label': <'alice: offline'>, 'enabled': <false>})], [])\n");
  g_menu_append (fixture->accounts, "bob: in step", NULL);
  assert_heard (fixture, "LayoutUpdated (2, 0)\n");
  assert_answer (fixture, "GetProperty", "(11, 'label')", "(<'bob: in step'>,)");
  g_menu_remove_all (fixture->accounts);
  assert_heard (fixture, "LayoutUpdated (3, 0)\n");
  assert_answer (fixture, "AboutToShow", "(0,)", "(false,)");
  assert_refused (fixture, "Event", "(11, 'clicked', <0>, uint32 0)");
}


/* An id that was given away stays what it was, even if another menu is shown in the meantime. */
static void
test_other_model (Fixture      *fixture,
                  gconstpointer user_data)
{
  g_autoptr (GMenu) other = g_menu_new ();

  open_menu (fixture);
  neko_tray_menu_set_model (fixture->menu, NULL, NULL);
  assert_heard (fixture, "LayoutUpdated (2, 0)\n");
  assert_layout (fixture, "(0, -1, @as [])", "0 \n");
  assert_refused (fixture, "Event", "(1, 'clicked', <0>, uint32 0)");
  g_menu_append (other, "Quit", "quit");
  neko_tray_menu_set_model (fixture->menu, G_MENU_MODEL (other), G_ACTION_GROUP (fixture->actions));
  assert_layout (fixture, "(0, -1, @as [])", "0 \n  11 Quit\n");
  assert_refused (fixture, "Event", "(10, 'clicked', <0>, uint32 0)");
  assert_answer (fixture, "AboutToShowGroup", "([0, 10],)", "([], [10])");
  g_assert_cmpstr (fixture->done->str, ==, "");

  /* The old one is not followed any more. */
  g_assert_false (g_signal_has_handler_pending (
                    fixture->model, g_signal_lookup ("items-changed", G_TYPE_MENU_MODEL), 0, TRUE));
}


static void
test_bad_ids (Fixture      *fixture,
              gconstpointer user_data)
{
  static const char *const ids[] = { "-1", "11", "2147483647", "-2147483648" };

  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autofree char *layout = g_strdup_printf ("(%s, -1, @as [])", ids[i]);
    g_autofree char *property = g_strdup_printf ("(%s, 'label')", ids[i]);
    g_autofree char *event = g_strdup_printf ("(%s, 'clicked', <0>, uint32 0)", ids[i]);
    g_autofree char *events = g_strdup_printf ("([%s],)", event);
    g_autofree char *id = g_strdup_printf ("(%s,)", ids[i]);
    g_autofree char *group = g_strdup_printf ("([%s],)", ids[i]);

    assert_refused (fixture, "GetLayout", layout);
    assert_refused (fixture, "GetProperty", property);
    assert_refused (fixture, "Event", event);
    assert_refused (fixture, "EventGroup", events);
    assert_refused (fixture, "AboutToShow", id);
    assert_refused (fixture, "AboutToShowGroup", group);
  }

  assert_refused (fixture, "GetProperty", "(1, 'no-such-property')");
  assert_answer (fixture, "EventGroup", "(@a(isvu) [],)", "([],)");
  assert_answer (fixture, "AboutToShowGroup", "(@ai [],)", "([], [])");
  g_assert_cmpstr (fixture->done->str, ==, "");
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
    { "/tray/menu/layout",         test_layout         },
    { "/tray/menu/properties",     test_properties     },
    { "/tray/menu/all-properties", test_all_properties },
    { "/tray/menu/clicks",         test_clicks         },
    { "/tray/menu/toggle",         test_toggle         },
    { "/tray/menu/enabled",        test_enabled        },
    { "/tray/menu/hidden",         test_hidden         },
    { "/tray/menu/model",          test_model          },
    { "/tray/menu/other-model",    test_other_model    },
    { "/tray/menu/bad-ids",        test_bad_ids        },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
