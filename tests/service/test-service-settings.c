/* test-service-settings.c - the settings, the command line above them, and what they mean together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-settings.h"

#include <glib/gstdio.h>
#include <string.h>

#include "neko-server-plan.h"

typedef struct {
  char                *folder;
  GSettings           *store;
  NekoServiceSettings *settings;
  NekoCertificate     *certificate;
  unsigned             changes;
} Fixture;


static void
count_cb (Fixture *fixture)
{
  fixture->changes++;
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  fixture->store = g_settings_new (NEKO_APPLICATION_ID);
  fixture->settings = neko_service_settings_new ();
  fixture->certificate = neko_certificate_new (fixture->folder);
  g_signal_connect_swapped (fixture->settings, "changed", G_CALLBACK (count_cb), fixture);
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autofree char *lock = g_build_filename (fixture->folder, "certificate.lock", NULL);
  g_auto (GStrv) keys = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  g_object_get (fixture->store, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);

  for (size_t i = 0; keys[i] != NULL; i++)
    g_settings_reset (fixture->store, keys[i]);

  g_remove (lock);
  g_remove (neko_certificate_get_path (fixture->certificate));
  g_assert_finalize_object (fixture->certificate);
  g_assert_finalize_object (fixture->settings);
  g_object_unref (fixture->store);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}


static void
test_defaults (Fixture      *fixture,
               gconstpointer user_data)
{
  g_autofree char *address = neko_service_settings_dup_address (fixture->settings);

  g_assert_null (address);
  g_assert_false (neko_service_settings_has_tls (fixture->settings));
  g_assert_cmpuint (neko_service_settings_get_port (fixture->settings, NEKO_SETTING_POP3_PORT), ==,
                    11110);
  g_assert_cmpuint (neko_service_settings_get_port (fixture->settings, NEKO_SETTING_SMTP_PORT), ==,
                    11587);
  g_assert_cmpuint (neko_service_settings_get_port (fixture->settings, NEKO_SETTING_POP3S_PORT), ==,
                    11995);
  g_assert_cmpuint (neko_service_settings_get_port (fixture->settings, NEKO_SETTING_SMTPS_PORT), ==,
                    11465);
  g_assert_cmpuint (neko_service_settings_get_spool_size (fixture->settings), ==, 64);
}


static void
test_changes_and_overrides (Fixture      *fixture,
                            gconstpointer user_data)
{
  g_settings_set_boolean (fixture->store, NEKO_SETTING_TLS, TRUE);
  g_assert_true (neko_service_settings_has_tls (fixture->settings));
  g_assert_cmpuint (fixture->changes, ==, 1);

  neko_service_settings_override (fixture->settings, NEKO_SETTING_POP3_PORT,
                                  g_variant_new_uint32 (2110));
  g_settings_set_uint (fixture->store, NEKO_SETTING_POP3_PORT, 3110);
  g_assert_cmpuint (neko_service_settings_get_port (fixture->settings, NEKO_SETTING_POP3_PORT), ==,
                    2110);
  g_assert_cmpuint (fixture->changes, ==, 1);

  g_settings_set_uint (fixture->store, NEKO_SETTING_SPOOL_SIZE, 0);
  g_assert_cmpuint (neko_service_settings_get_spool_size (fixture->settings), ==, 0);
  g_assert_cmpuint (fixture->changes, ==, 2);
}


static void
test_address (Fixture      *fixture,
              gconstpointer user_data)
{
  static const struct {
    const char *setting;
    const char *address;
  } addresses[] = {
    { "",               NULL            },
    { "  ",             NULL            },
    { "127.0.0.1",      NULL            },
    { "::1",            NULL            },
    { "0:0:0:0:0::1",   NULL            },
    { " 192.0.2.7 ",    "192.0.2.7"     },
    { "2001:DB8::7",    "2001:db8::7"   },
    { "0.0.0.0",        "0.0.0.0"       },
    { "localhost",      "localhost"     },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autofree char *address = NULL;

    g_settings_set_string (fixture->store, NEKO_SETTING_LISTEN_ADDRESS, addresses[i].setting);
    address = neko_service_settings_dup_address (fixture->settings);
    g_assert_cmpstr (address, ==, addresses[i].address);
  }
}


/* Without TLS nothing asks for a certificate, and none is made. */
static void
test_plan_clear (Fixture      *fixture,
                 gconstpointer user_data)
{
  g_autoptr (NekoServerPlan) plan = neko_server_plan_new (fixture->settings, fixture->certificate);
  const NekoServerSettings *pop3 = neko_server_plan_get_pop3 (plan);

  g_assert_cmpuint (pop3->port, ==, 11110);
  g_assert_false (pop3->has_tls);
  g_assert_null (pop3->certificate);
  g_assert_null (pop3->address);
  g_assert_false (g_file_test (neko_certificate_get_path (fixture->certificate),
                               G_FILE_TEST_EXISTS));
}


static void
test_plan_address (Fixture      *fixture,
                   gconstpointer user_data)
{
  g_autoptr (NekoServerPlan) plan = NULL;
  g_auto (GStrv) names = NULL;

  g_settings_set_string (fixture->store, NEKO_SETTING_LISTEN_ADDRESS, "192.0.2.7");
  plan = neko_server_plan_new (fixture->settings, fixture->certificate);
  g_assert_false (neko_server_plan_get_smtp (plan)->has_tls);
  g_assert_cmpstr (neko_server_plan_get_smtp (plan)->address, ==, "192.0.2.7");
  g_assert_nonnull (neko_server_plan_get_smtp (plan)->certificate);
  names = neko_certificate_dup_names (fixture->certificate);
  g_assert_true (g_strv_contains ((const char *const *) names, "192.0.2.7"));
}


static void
test_plan_no_address (Fixture      *fixture,
                      gconstpointer user_data)
{
  g_autoptr (NekoServerPlan) plan = NULL;

  g_settings_set_string (fixture->store, NEKO_SETTING_LISTEN_ADDRESS, "my.computer");
  plan = neko_server_plan_new (fixture->settings, fixture->certificate);
  g_assert_nonnull (strstr (neko_server_plan_get_pop3 (plan)->address_problem, "my.computer"));
  g_assert_null (neko_server_plan_get_pop3 (plan)->port_problem);
  g_assert_null (neko_server_plan_get_pop3 (plan)->certificate);
}


/* The first one gets the port. */
static void
test_plan_equal_ports (Fixture      *fixture,
                       gconstpointer user_data)
{
  g_autoptr (NekoServerPlan) plan = NULL;

  g_settings_set_uint (fixture->store, NEKO_SETTING_SMTP_PORT, 11110);
  g_settings_set_uint (fixture->store, NEKO_SETTING_SMTPS_PORT, 11110);
  plan = neko_server_plan_new (fixture->settings, fixture->certificate);
  g_assert_null (neko_server_plan_get_pop3 (plan)->port_problem);
  g_assert_nonnull (strstr (neko_server_plan_get_smtp (plan)->port_problem, "11110"));
  g_assert_null (neko_server_plan_get_smtp (plan)->tls_port_problem);

  g_clear_pointer (&plan, neko_server_plan_free);
  g_settings_set_boolean (fixture->store, NEKO_SETTING_TLS, TRUE);
  plan = neko_server_plan_new (fixture->settings, fixture->certificate);
  g_assert_nonnull (strstr (neko_server_plan_get_smtp (plan)->tls_port_problem, "POP3"));
  g_assert_null (neko_server_plan_get_pop3 (plan)->tls_port_problem);
}


static void
test_plan_without_certificate (Fixture      *fixture,
                               gconstpointer user_data)
{
  const char *path = neko_certificate_get_path (fixture->certificate);
  g_autoptr (NekoServerPlan) plan = NULL;
  const NekoServerSettings *pop3;

  g_assert_true (g_file_set_contents_full (path, "broken", -1, 0, 0600, NULL));
  g_settings_set_boolean (fixture->store, NEKO_SETTING_TLS, TRUE);
  g_settings_set_string (fixture->store, NEKO_SETTING_LISTEN_ADDRESS, "0.0.0.0");
  plan = neko_server_plan_new (fixture->settings, fixture->certificate);
  pop3 = neko_server_plan_get_pop3 (plan);
  g_assert_null (pop3->port_problem);
  g_assert_nonnull (strstr (pop3->tls_port_problem, path));
  g_assert_nonnull (strstr (pop3->address_problem, path));
  g_assert_null (pop3->certificate);
}


static void
test_log_level (Fixture      *fixture,
                gconstpointer user_data)
{
  g_assert_false (neko_service_settings_has_detailed_log (fixture->settings));
  g_settings_set_string (fixture->store, NEKO_SETTING_LOG_LEVEL, "detailed");
  g_assert_true (neko_service_settings_has_detailed_log (fixture->settings));
  g_assert_cmpuint (fixture->changes, ==, 1);
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
    { "/service/settings/defaults",                 test_defaults                 },
    { "/service/settings/changes-and-overrides",    test_changes_and_overrides    },
    { "/service/settings/address",                  test_address                  },
    { "/service/settings/log-level",                test_log_level                },
    { "/service/settings/plan/clear",               test_plan_clear               },
    { "/service/settings/plan/address",             test_plan_address             },
    { "/service/settings/plan/no-address",          test_plan_no_address          },
    { "/service/settings/plan/equal-ports",         test_plan_equal_ports         },
    { "/service/settings/plan/without-certificate", test_plan_without_certificate },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
