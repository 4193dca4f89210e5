/* test-service-control.c - a service asked over a real bus
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-control.h"

#include <glib/gstdio.h>

#include "neko-control-bus.h"
#include "neko-file-token-store.h"
#include "neko-log.h"

#define ALICE "alice@neko.test"

typedef struct {
  char                *folder;
  GTestDBus           *bus;
  GDBusConnection     *connection;
  NekoControl         *proxy;
  NekoAccountStore    *accounts;
  NekoServiceSettings *settings;
  NekoService         *service;
  NekoServiceControl  *control;
  GAsyncResult        *result;
  GString             *heard;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = NULL;
  g_autoptr (NekoTokenStore) tokens = NULL;
  g_autofree char *token_file = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  fixture->heard = g_string_new (NULL);
  fixture->settings = neko_service_settings_new ();
  neko_service_settings_override (fixture->settings, NEKO_SETTING_POP3_PORT, g_variant_new_uint32 (0));
  neko_service_settings_override (fixture->settings, NEKO_SETTING_SMTP_PORT, g_variant_new_uint32 (0));
  token_file = g_build_filename (fixture->folder, "tokens", NULL);
  tokens = NEKO_TOKEN_STORE (neko_file_token_store_new (token_file));
  certificate = neko_certificate_new (fixture->folder);
  fixture->accounts = neko_account_store_open (fixture->folder, NULL);
  fixture->service = neko_service_new (fixture->accounts, tokens, fixture->settings, certificate);
  fixture->control = neko_service_control_new (fixture->service, "/tokens");

  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (fixture->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (neko_service_control_export (fixture->control, fixture->connection, &error));
  g_assert_no_error (error);
  fixture->proxy = neko_control_proxy_new_sync (
    fixture->connection, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
    g_dbus_connection_get_unique_name (fixture->connection), NEKO_CONTROL_PATH, NULL, &error);
  g_assert_no_error (error);
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
  g_clear_object (&fixture->control);
  g_assert_finalize_object (fixture->service);
  g_object_unref (fixture->accounts);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->proxy);
  g_dbus_connection_close_sync (fixture->connection, NULL, NULL);
  g_object_unref (fixture->connection);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
  remove_file (fixture, "accounts.ini");
  remove_file (fixture, "accounts.lock");
  remove_file (fixture, "certificate.pem");
  remove_file (fixture, "certificate.lock");
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_string_free (fixture->heard, TRUE);
}


static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}


static GAsyncResult *
wait_for_result (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return fixture->result;
}


static GVariant *
get_status (Fixture *fixture)
{
  GVariant *status = NULL;
  g_autoptr (GError) error = NULL;

  neko_control_call_get_status (fixture->proxy, NULL, done_cb, fixture);
  neko_control_call_get_status_finish (fixture->proxy, &status, wait_for_result (fixture), &error);
  g_assert_no_error (error);
  g_clear_object (&fixture->result);

  return status;
}


static void
test_status (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GVariant) empty = get_status (fixture);
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GVariant) accounts = NULL;
  g_autoptr (GVariant) account = NULL;
  const char *text;
  guint64 started;

  g_assert_true (g_variant_lookup (empty, "program", "&s", &text));
  g_assert_cmpstr (text, ==, g_get_prgname ());
  g_assert_true (g_variant_lookup (empty, "tokenFile", "&s", &text));
  g_assert_cmpstr (text, ==, "/tokens");
  g_assert_true (g_variant_lookup (empty, "started", "t", &started));
  g_assert_cmpuint (started, <=, g_get_real_time () / G_USEC_PER_SEC);
  accounts = g_variant_lookup_value (empty, "accounts", G_VARIANT_TYPE ("aa{sv}"));
  g_assert_cmpuint (g_variant_n_children (accounts), ==, 0);
  g_clear_pointer (&accounts, g_variant_unref);

  g_assert_nonnull (neko_account_store_add (fixture->accounts, ALICE, "https://mail.neko.test", NULL));
  status = get_status (fixture);
  accounts = g_variant_lookup_value (status, "accounts", G_VARIANT_TYPE ("aa{sv}"));
  g_assert_cmpuint (g_variant_n_children (accounts), ==, 1);
  account = g_variant_get_child_value (accounts, 0);
  g_assert_true (g_variant_lookup (account, "address", "&s", &text));
  g_assert_cmpstr (text, ==, ALICE);
  g_assert_true (g_variant_lookup (account, "state", "&s", &text));
  g_assert_cmpstr (text, ==, "connecting");
  g_assert_false (g_variant_lookup (account, "lastError", "&s", &text));
}


static void
test_tray (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autoptr (GVariant) before = get_status (fixture);
  g_autoptr (GVariant) after = NULL;
  gboolean is_shown;

  g_assert_true (g_variant_lookup (before, "trayShown", "b", &is_shown));
  g_assert_false (is_shown);
  neko_service_control_set_tray_shown (fixture->control, TRUE);
  after = get_status (fixture);
  g_assert_true (g_variant_lookup (after, "trayShown", "b", &is_shown));
  g_assert_true (is_shown);
}


static void
test_overrides (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GVariant) status = get_status (fixture);
  g_autofree const char **keys = NULL;

  g_assert_true (g_variant_lookup (status, "overrides", "^a&s", &keys));
  g_assert_cmpstrv (keys, ((const char *[]) { NEKO_SETTING_POP3_PORT, NEKO_SETTING_SMTP_PORT, NULL }));
}


static void
test_certificate (Fixture      *fixture,
                  gconstpointer user_data)
{
  NekoCertificate *certificate = neko_service_get_certificate (fixture->service);
  g_autoptr (GVariant) before = get_status (fixture);
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GVariant) shown = NULL;
  g_autofree char *fingerprint = NULL;
  const char *text;
  guint64 end;

  g_assert_null (g_variant_lookup_value (before, "certificate", NULL));
  g_assert_true (neko_certificate_open (certificate, NULL, NULL));
  neko_certificate_keep (certificate, TRUE);
  status = get_status (fixture);
  shown = g_variant_lookup_value (status, "certificate", G_VARIANT_TYPE_VARDICT);
  g_assert_nonnull (shown);
  fingerprint = neko_certificate_dup_fingerprint (certificate);
  g_assert_true (g_variant_lookup (shown, "fingerprint", "&s", &text));
  g_assert_cmpstr (text, ==, fingerprint);
  g_assert_true (g_variant_lookup (shown, "path", "&s", &text));
  g_assert_cmpstr (text, ==, neko_certificate_get_path (certificate));
  g_assert_true (g_variant_lookup (shown, "expires", "t", &end));
  g_assert_cmpuint (end, >, g_get_real_time () / G_USEC_PER_SEC);
}


static void
logged_cb (Fixture           *fixture,
           guint64            number,
           gint64             time,
           guint              level,
           const char        *text,
           const char        *event,
           const char *const *arguments)
{
  g_autofree char *joined = g_strjoinv ("|", (char **) arguments);

  g_assert_cmpint (time, <=, g_get_real_time ());
  g_string_append_printf (fixture->heard, "%u %s %s %s\n", level, text, event, joined);
}


static void
test_log (Fixture      *fixture,
          gconstpointer user_data)
{
  g_autoptr (GVariant) entries = NULL;
  g_autoptr (GVariant) last = NULL;
  g_auto (GStrv) arguments = NULL;
  const char *text;
  const char *event;
  guint64 number;

  neko_log_event (G_LOG_LEVEL_MESSAGE, "before", "%s", "before");

  while (g_main_context_iteration (NULL, FALSE))
    ;

  neko_control_call_get_log (fixture->proxy, NULL, done_cb, fixture);
  g_assert_true (neko_control_call_get_log_finish (fixture->proxy, &entries,
                                                   wait_for_result (fixture), NULL));
  g_clear_object (&fixture->result);
  last = g_variant_get_child_value (entries, g_variant_n_children (entries) - 1);
  g_variant_get (last, "(txu&s&s^as)", &number, NULL, NULL, &text, &event, &arguments);
  g_assert_cmpuint (number, >, 0);
  g_assert_cmpstr (text, ==, "before");
  g_assert_cmpstr (event, ==, "before");
  g_assert_cmpstr (arguments[0], ==, "before");

  g_signal_connect_swapped (fixture->proxy, "logged", G_CALLBACK (logged_cb), fixture);
  g_message ("a line");
  neko_log_event (G_LOG_LEVEL_INFO, "paused", "%s is %s", "It", "paused");

  while (strchr (fixture->heard->str, 'I') == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpstr (fixture->heard->str, ==, "32 a line  \n64 It is paused paused It|paused\n");
}


static void
test_connect (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GVariant) accounts = NULL;
  g_autoptr (GVariant) account = NULL;
  const char *state = "";

  g_assert_nonnull (neko_account_store_add (fixture->accounts, ALICE, "https://mail.neko.test", NULL));
  neko_control_call_connect (fixture->proxy, "nobody@neko.test", NULL, done_cb, fixture);
  g_assert_true (neko_control_call_connect_finish (fixture->proxy, wait_for_result (fixture), NULL));
  g_clear_object (&fixture->result);
  neko_control_call_connect (fixture->proxy, ALICE, NULL, done_cb, fixture);
  g_assert_true (neko_control_call_connect_finish (fixture->proxy, wait_for_result (fixture), NULL));
  g_clear_object (&fixture->result);

  /* There is no token for it, which is what it then says. */
  while (!g_str_equal (state, "sign-in")) {
    g_clear_pointer (&account, g_variant_unref);
    g_clear_pointer (&accounts, g_variant_unref);
    g_clear_pointer (&status, g_variant_unref);
    status = get_status (fixture);
    accounts = g_variant_lookup_value (status, "accounts", G_VARIANT_TYPE ("aa{sv}"));
    account = g_variant_get_child_value (accounts, 0);
    g_assert_true (g_variant_lookup (account, "state", "&s", &state));
  }

  g_assert_true (g_variant_lookup (account, "lastError", "&s", &state));
}


static void
count_cb (unsigned *count)
{
  ++*count;
}


/* Runs the loop until there were @wanted, and then as long as anything is due at once. */
static void
wait_for_count (unsigned *count,
                unsigned  wanted)
{
  while (*count < wanted)
    g_main_context_iteration (NULL, TRUE);

  while (g_main_context_iteration (NULL, FALSE))
    ;
}


static void
test_changed (Fixture      *fixture,
              gconstpointer user_data)
{
  unsigned count = 0;
  gint64 started;
  NekoAccount *account;
  g_autoptr (NekoSecret) secret = NULL;

  g_signal_connect_swapped (fixture->proxy, "changed", G_CALLBACK (count_cb), &count);
  account = neko_account_store_add (fixture->accounts, ALICE, "https://mail.neko.test", NULL);
  g_assert_nonnull (account);
  started = g_get_monotonic_time ();
  wait_for_count (&count, 1);
  g_assert_cmpuint (count, ==, 1);

  /* Many changes at once are told of once. */
  for (unsigned i = 0; i < 10; i++) {
    g_autofree char *name = g_strdup_printf ("program %u", i);
    g_autoptr (NekoSecret) password = neko_account_store_add_password (fixture->accounts, account, name,
                                                                       NULL);

    g_assert_nonnull (password);
  }

  wait_for_count (&count, 2);
  g_assert_cmpuint (count, ==, 2);
  g_assert_cmpint (g_get_monotonic_time () - started, >, 100 * 1000);

  /* After the last one it rests, and then tells at once again. */
  g_assert_true (neko_account_store_remove_password (fixture->accounts, account, "program 0", NULL));
  wait_for_count (&count, 3);
  g_assert_true (neko_account_store_remove (fixture->accounts, account, NULL));
  wait_for_count (&count, 4);
  g_assert_cmpuint (count, ==, 4);
}


static GVariant *
call (Fixture    *fixture,
      const char *method,
      GVariant   *arguments)
{
  GVariant *answer;
  g_autoptr (GError) error = NULL;

  g_dbus_proxy_call (G_DBUS_PROXY (fixture->proxy), method, arguments, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                     done_cb, fixture);
  answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (fixture->proxy), wait_for_result (fixture), &error);
  g_assert_no_error (error);
  g_clear_object (&fixture->result);

  return answer;
}


static gboolean
is_paused (Fixture *fixture)
{
  g_autoptr (GVariant) status = get_status (fixture);
  gboolean paused;

  g_assert_true (g_variant_lookup (status, "paused", "b", &paused));

  return paused;
}


static void
set_paused (Fixture *fixture,
            gboolean paused)
{
  g_autoptr (GVariant) answer = call (fixture, "SetPaused", g_variant_new ("(b)", paused));

  g_assert_nonnull (answer);
}


static void
test_paused (Fixture      *fixture,
             gconstpointer user_data)
{
  NekoListener *pop3 = neko_server_get_listener (neko_service_get_pop3 (fixture->service));
  NekoListener *smtp = neko_server_get_listener (neko_service_get_smtp (fixture->service));

  /* There is nothing to pause yet. */
  set_paused (fixture, TRUE);
  g_assert_false (is_paused (fixture));

  neko_service_start (fixture->service);
  g_assert_true (neko_listener_is_listening (pop3));
  set_paused (fixture, TRUE);
  g_assert_true (is_paused (fixture));
  g_assert_cmpint (neko_listener_get_state (pop3), ==, NEKO_LISTENER_STOPPED);
  g_assert_cmpint (neko_listener_get_state (smtp), ==, NEKO_LISTENER_STOPPED);
  set_paused (fixture, TRUE);
  set_paused (fixture, FALSE);
  g_assert_false (is_paused (fixture));
  g_assert_true (neko_listener_is_listening (pop3));
  g_assert_true (neko_listener_is_listening (smtp));

  /* It stops as it would have, cannot be resumed then, and is not paused when it starts again. */
  set_paused (fixture, TRUE);
  neko_service_stop_async (fixture->service, NULL, done_cb, fixture);
  g_assert_true (neko_service_stop_finish (fixture->service, wait_for_result (fixture), NULL));
  g_clear_object (&fixture->result);
  set_paused (fixture, FALSE);
  g_assert_false (neko_listener_is_listening (pop3));
  neko_service_start (fixture->service);
  g_assert_true (neko_listener_is_listening (pop3));
  g_assert_false (is_paused (fixture));
}


/* What a setting changes while it is paused comes to be when it goes on. */
static void
test_configured_while_paused (Fixture      *fixture,
                              gconstpointer user_data)
{
  /* Held, or the next one might get its memory. */
  g_autoptr (NekoListener) before = g_object_ref (neko_server_get_listener (neko_service_get_pop3 (fixture->service)));
  NekoListener *after;

  neko_service_start (fixture->service);
  set_paused (fixture, TRUE);
  neko_service_settings_override (fixture->settings, NEKO_SETTING_POP3_PORT, g_variant_new_uint32 (1));
  g_signal_emit_by_name (fixture->settings, "changed");
  neko_service_settings_override (fixture->settings, NEKO_SETTING_POP3_PORT, g_variant_new_uint32 (0));
  g_signal_emit_by_name (fixture->settings, "changed");
  after = neko_server_get_listener (neko_service_get_pop3 (fixture->service));
  g_assert_true (before != after);
  g_assert_cmpint (neko_listener_get_state (after), ==, NEKO_LISTENER_STOPPED);
  set_paused (fixture, FALSE);
  g_assert_true (neko_listener_is_listening (after));
}


static void
test_quit (Fixture      *fixture,
           gconstpointer user_data)
{
  unsigned count = 0;
  g_autoptr (GVariant) answer = NULL;

  g_signal_connect_swapped (fixture->control, "quit", G_CALLBACK (count_cb), &count);
  answer = call (fixture, "Quit", NULL);
  g_assert_cmpuint (count, ==, 1);
}


static void
test_small_ones (Fixture      *fixture,
                 gconstpointer user_data)
{
  g_autoptr (GVariant) checked = call (fixture, "Check", NULL);
  g_autoptr (GVariant) emptied = call (fixture, "EmptySpool", NULL);
  g_autoptr (GVariant) traffic = call (fixture, "GetTraffic", NULL);

  g_assert_true (g_variant_is_of_type (traffic, G_VARIANT_TYPE ("(a(stttt))")));
}


/* As where there is no bus. */
static void
test_without_a_bus (Fixture      *fixture,
                    gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->control));
  fixture->control = neko_service_control_new (fixture->service, "/tokens");
  g_assert_finalize_object (g_steal_pointer (&fixture->control));
}


/* A service that is gone answers nobody, and is told of nothing. */
static void
test_gone (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_finalize_object (g_steal_pointer (&fixture->control));
  g_message ("nobody is told");
  neko_control_call_get_status (fixture->proxy, NULL, done_cb, fixture);
  g_assert_false (neko_control_call_get_status_finish (fixture->proxy, NULL,
                                                       wait_for_result (fixture), &error));
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
  g_clear_object (&fixture->result);
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
    { "/service/control/status",  test_status  },
    { "/service/control/status/tray", test_tray },
    { "/service/control/status/overrides", test_overrides },
    { "/service/control/status/certificate", test_certificate },
    { "/service/control/log",     test_log     },
    { "/service/control/connect", test_connect },
    { "/service/control/changed", test_changed },
    { "/service/control/paused",  test_paused },
    { "/service/control/configured-while-paused", test_configured_while_paused },
    { "/service/control/quit",    test_quit },
    { "/service/control/small-ones", test_small_ones },
    { "/service/control/without-a-bus", test_without_a_bus },
    { "/service/control/gone",    test_gone    },
  };

  g_test_init (&argc, &argv, NULL);
  neko_log_start ();

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
