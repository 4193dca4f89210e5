/* test-service.c - accounts at work: who may log in, and accounts that come and go meanwhile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-private.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "neko-file-token-store.h"

#define ALICE "alice@neko.test"
#define ALIAS "sales@neko.test"
#define PROFILE "{\"address\":\"" ALICE "\",\"aliases\":[\"" ALIAS "\"]}"

#define MESSAGE_ID "0123456789abcdef"
#define OTHER_ID "fedcba9876543210"

#define REFUSAL "{\"error\":{\"code\":\"unauthorized\"}}"

typedef struct {
  char                *folder;
  char                *token_file;
  SoupServer          *worker;
  char                *url;
  gboolean             is_down;
  gboolean             is_refusing; /* the token */
  gboolean             is_stalling; /* answers nothing, until it is off again */
  unsigned             requests;   /* for the profile */
  SoupServerMessage   *stalled;    /* (nullable) */
  unsigned             channels;   /* opened so far */
  GPtrArray           *sockets;    /* those of the channels */
  NekoAccountStore    *accounts;
  NekoTokenStore      *tokens;
  NekoServiceSettings *settings;
  NekoCertificate     *certificate;
  NekoService         *service;
} Fixture;


static void
answer_cb (SoupServer        *worker,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  Fixture *fixture = user_data;

  if (fixture->is_down || !g_str_equal (path, "/v1/me")) {
    soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
    return;
  }

  fixture->requests++;

  if (fixture->is_stalling) {
    fixture->stalled = message;
    soup_server_message_pause (message);
    return;
  }

  if (fixture->is_refusing) {
    soup_server_message_set_status (message, SOUP_STATUS_UNAUTHORIZED, NULL);
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, REFUSAL,
                                      sizeof REFUSAL - 1);
    return;
  }

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, PROFILE,
                                    sizeof PROFILE - 1);
}


static void
opened_cb (SoupServer              *worker,
           SoupServerMessage       *message,
           const char              *path,
           SoupWebsocketConnection *socket,
           gpointer                 user_data)
{
  Fixture *fixture = user_data;

  fixture->channels++;
  g_ptr_array_add (fixture->sockets, g_object_ref (socket));
  soup_websocket_connection_send_text (socket, "{\"type\":\"changed\",\"seq\":1}");
}


static void
start_worker (Fixture *fixture)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  GSList *uris;

  fixture->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->worker = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->worker, NULL, answer_cb, fixture, NULL);
  g_assert_true (soup_server_listen (fixture->worker, address, 0, NULL));
  uris = soup_server_get_uris (fixture->worker);
  fixture->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}


static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *is_done = user_data;

  g_assert_true (neko_token_store_store_finish (NEKO_TOKEN_STORE (source), result, NULL));
  *is_done = TRUE;
}


static void
store_token (Fixture    *fixture,
             const char *address)
{
  gboolean is_done = FALSE;

  neko_token_store_store_async (fixture->tokens, address, fixture->url, "token", NULL, stored_cb,
                                &is_done);

  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  fixture->token_file = g_build_filename (fixture->folder, "tokens", NULL);
  start_worker (fixture);
  fixture->accounts = neko_account_store_open (fixture->folder, NULL);
  fixture->tokens = NEKO_TOKEN_STORE (neko_file_token_store_new (fixture->token_file));
  store_token (fixture, ALICE);
  fixture->settings = neko_service_settings_new ();
  neko_service_settings_override (fixture->settings, NEKO_SETTING_POP3_PORT,
                                  g_variant_new_uint32 (0));
  neko_service_settings_override (fixture->settings, NEKO_SETTING_SMTP_PORT,
                                  g_variant_new_uint32 (0));
  fixture->certificate = neko_certificate_new (fixture->folder);
  fixture->service = neko_service_new (fixture->accounts, fixture->tokens, fixture->settings,
                                       fixture->certificate);
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
  g_clear_object (&fixture->service);
  g_object_unref (fixture->accounts);
  g_object_unref (fixture->tokens);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->certificate);
  soup_server_disconnect (fixture->worker);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_object_unref (fixture->worker);
  g_ptr_array_unref (fixture->sockets);
  remove_file (fixture, "accounts.ini");
  remove_file (fixture, "accounts.lock");
  remove_file (fixture, "certificate.lock");
  remove_file (fixture, "certificate.pem");
  remove_file (fixture, "tokens");
  remove_file (fixture, "tokens.lock");
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->token_file);
  g_free (fixture->url);
}


static NekoSecret *
add_account (Fixture    *fixture,
             const char *address)
{
  NekoAccount *account = neko_account_store_add (fixture->accounts, address, fixture->url, NULL);

  return neko_account_store_add_password (fixture->accounts, account, "tests", NULL);
}


static NekoMailbox *
get_mailbox (Fixture *fixture,
             guint    position)
{
  g_autoptr (NekoMailbox) mailbox = g_list_model_get_item (
    neko_service_get_mailboxes (fixture->service), position);

  return mailbox;
}


static void
wait_for_state (Fixture         *fixture,
                NekoMailboxState state)
{
  while (neko_mailbox_get_state (get_mailbox (fixture, 0)) != state)
    g_main_context_iteration (NULL, TRUE);
}


/* Returns the code of NEKO_MAIL_ERROR, -1 where the log-in is right. */
static int
log_in (Fixture    *fixture,
        const char *user,
        const char *password)
{
  g_autoptr (NekoMaildrop) maildrop = NULL;
  g_autoptr (NekoOutbox) outbox = NULL;
  g_autoptr (GError) error = NULL;

  if (neko_authenticator_log_in (NEKO_AUTHENTICATOR (fixture->service), user, password, &maildrop,
                                 &outbox, NULL, &error)) {
    g_assert_true (maildrop == neko_mailbox_get_maildrop (get_mailbox (fixture, 0)));
    g_assert_true (outbox == neko_mailbox_get_outbox (get_mailbox (fixture, 0)));
    return -1;
  }

  g_assert_cmpuint (error->domain, ==, NEKO_MAIL_ERROR);

  return error->code;
}


static void
test_log_in_by_alias (Fixture      *fixture,
                      gconstpointer user_data)
{
  g_autoptr (NekoSecret) password = add_account (fixture, ALICE);
  g_autoptr (NekoSecret) of_bob = add_account (fixture, "bob@neko.test");
  NekoAccount *account = neko_mailbox_get_account (get_mailbox (fixture, 0));
  g_autoptr (NekoSecret) second = neko_account_store_add_password (fixture->accounts, account, "second", NULL);

  neko_service_start (fixture->service);
  wait_for_state (fixture, NEKO_MAILBOX_READY);
  g_assert_cmpint (log_in (fixture, ALICE, password), ==, -1);
  g_assert_cmpint (log_in (fixture, ALICE, second), ==, -1);
  g_assert_cmpint (log_in (fixture, ALIAS, password), ==, -1);
  g_assert_cmpint (log_in (fixture, "SALES@neko.test", second), ==, -1);

  g_assert_cmpint (log_in (fixture, ALICE, "wrong"), ==, NEKO_MAIL_ERROR_PASSWORD);
  g_assert_cmpint (log_in (fixture, ALICE, of_bob), ==, NEKO_MAIL_ERROR_PASSWORD);
  g_assert_cmpint (log_in (fixture, ALIAS, "wrong"), ==, NEKO_MAIL_ERROR_PASSWORD);
  g_assert_cmpint (log_in (fixture, "other@neko.test", password), ==, NEKO_MAIL_ERROR_PASSWORD);
  g_assert_cmpint (log_in (fixture, "alice+tag@neko.test", password), ==, NEKO_MAIL_ERROR_PASSWORD);
}


/* While the Worker has not named the aliases yet, nobody is told that a right password is wrong. */
static void
test_alias_not_known_yet (Fixture      *fixture,
                          gconstpointer user_data)
{
  g_autoptr (NekoSecret) password = add_account (fixture, ALICE);

  fixture->is_down = TRUE;
  neko_service_start (fixture->service);
  wait_for_state (fixture, NEKO_MAILBOX_OFFLINE);
  g_assert_cmpint (log_in (fixture, ALICE, password), ==, -1);
  wait_for_state (fixture, NEKO_MAILBOX_OFFLINE);
  g_assert_cmpint (log_in (fixture, ALIAS, password), ==, NEKO_MAIL_ERROR_UNAVAILABLE);
  g_assert_cmpint (log_in (fixture, ALIAS, "wrong"), ==, NEKO_MAIL_ERROR_PASSWORD);

  /* Trying again asks the Worker again. */
  fixture->is_down = FALSE;

  while (log_in (fixture, ALIAS, password) == NEKO_MAIL_ERROR_UNAVAILABLE)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (log_in (fixture, ALIAS, password), ==, -1);
}


static void
open_events (Fixture *fixture)
{
  soup_server_add_websocket_handler (fixture->worker, "/v1/events", NULL, NULL, opened_cb, fixture,
                                     NULL);
}


static void
cut_events (Fixture *fixture)
{
  SoupWebsocketConnection *last = g_ptr_array_index (fixture->sockets, fixture->sockets->len - 1);

  soup_websocket_connection_close (last, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
}


/* Nobody logs in here: what the channel sees is enough. */
static void
test_state_follows_the_channel (Fixture      *fixture,
                                gconstpointer user_data)
{
  g_autoptr (NekoSecret) password = add_account (fixture, ALICE);
  NekoMailbox *mailbox = get_mailbox (fixture, 0);
  gint64 before = g_get_real_time ();

  open_events (fixture);
  neko_service_start (fixture->service);
  wait_for_state (fixture, NEKO_MAILBOX_READY);

  while (fixture->channels == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_null (neko_mailbox_get_problem (mailbox));
  g_assert_cmpint (neko_mailbox_get_since (mailbox), >=, before);

  fixture->is_down = TRUE;
  soup_server_remove_handler (fixture->worker, "/v1/events");
  cut_events (fixture);
  wait_for_state (fixture, NEKO_MAILBOX_OFFLINE);
  g_assert_nonnull (neko_mailbox_get_problem (mailbox));

  /* One for the start, and one for the return. */
  g_assert_cmpuint (fixture->channels, ==, 1);
  fixture->is_down = FALSE;
  open_events (fixture);
  wait_for_state (fixture, NEKO_MAILBOX_READY);
  g_assert_cmpuint (fixture->channels, ==, 2);
}


/* The channel is back before the request that its end caused has failed, on a connection that hangs. */
static void
test_channel_comes_back_meanwhile (Fixture      *fixture,
                                   gconstpointer user_data)
{
  g_autoptr (NekoSecret) password = add_account (fixture, ALICE);

  open_events (fixture);
  neko_service_start (fixture->service);
  wait_for_state (fixture, NEKO_MAILBOX_READY);

  while (fixture->channels == 0)
    g_main_context_iteration (NULL, TRUE);

  fixture->is_stalling = TRUE;
  cut_events (fixture);

  while (fixture->stalled == NULL || fixture->channels < 2 ||
         !neko_mailbox_is_sure (get_mailbox (fixture, 0)))
    g_main_context_iteration (NULL, TRUE);

  fixture->is_stalling = FALSE;
  soup_server_message_set_status (fixture->stalled, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
  soup_server_message_unpause (fixture->stalled);
  wait_for_state (fixture, NEKO_MAILBOX_OFFLINE);
  wait_for_state (fixture, NEKO_MAILBOX_READY);
}


/* A Worker that takes a token for events alone is not asked again and again. */
static void
test_token_for_events_alone (Fixture      *fixture,
                             gconstpointer user_data)
{
  g_autoptr (NekoSecret) password = add_account (fixture, ALICE);

  fixture->is_refusing = TRUE;
  open_events (fixture);
  neko_service_start (fixture->service);
  wait_for_state (fixture, NEKO_MAILBOX_SIGN_IN);

  while (fixture->channels == 0)
    g_main_context_iteration (NULL, TRUE);

  /* When the third one is there, what the second one caused has been seen. */
  for (unsigned i = 2; i <= 3; i++) {
    cut_events (fixture);

    while (fixture->channels < i)
      g_main_context_iteration (NULL, TRUE);
  }

  g_assert_cmpuint (fixture->requests, ==, 1);

  /* Who logs in has it looked for again. */
  fixture->is_refusing = FALSE;
  g_assert_cmpint (log_in (fixture, ALICE, password), ==, -1);
  wait_for_state (fixture, NEKO_MAILBOX_READY);
}


/* Where no WebSocket gets through, nobody tells of a token that is revoked. */
static void
test_revoked_without_a_channel (Fixture      *fixture,
                                gconstpointer user_data)
{
  g_autoptr (NekoSecret) password = add_account (fixture, ALICE);

  neko_service_start (fixture->service);
  wait_for_state (fixture, NEKO_MAILBOX_READY);
  fixture->is_refusing = TRUE;
  g_assert_cmpint (log_in (fixture, ALICE, password), ==, -1);
  wait_for_state (fixture, NEKO_MAILBOX_SIGN_IN);
}


static void
received_cb (GString    *heard,
             const char *id,
             const char *from,
             const char *subject)
{
  g_string_append_printf (heard, "%s|%s|%s\n", id, from, subject);
}


/* News are told of once, in words that can be shown, and what was there before is none. */
static void
test_received (Fixture      *fixture,
               gconstpointer user_data)
{
  static const char *events[] = {
    "{\"type\":\"changed\",\"seq\":2}",
    "{\"type\":\"changed\",\"seq\":3,\"id\":\"" MESSAGE_ID "\",\"from\":\"B\\u202eob\\n <b@x.org>\","
    "\"subject\":\"Hi\"}",
    "{\"type\":\"changed\",\"seq\":3,\"id\":\"" MESSAGE_ID "\",\"from\":\"Bob\",\"subject\":\"Hi\"}",
    "{\"type\":\"changed\",\"seq\":4,\"id\":\"" OTHER_ID "\"}",
  };
  g_autoptr (NekoSecret) password = add_account (fixture, ALICE);
  g_autoptr (GString) heard = g_string_new (NULL);

  g_signal_connect_swapped (get_mailbox (fixture, 0), "received", G_CALLBACK (received_cb), heard);
  open_events (fixture);
  neko_service_start (fixture->service);
  wait_for_state (fixture, NEKO_MAILBOX_READY);

  while (fixture->channels == 0)
    g_main_context_iteration (NULL, TRUE);

  for (size_t i = 0; i < G_N_ELEMENTS (events); i++)
    soup_websocket_connection_send_text (g_ptr_array_index (fixture->sockets, 0), events[i]);

  while (strstr (heard->str, OTHER_ID) == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpstr (heard->str, ==, MESSAGE_ID "|B???ob? <b@x.org>|Hi\n" OTHER_ID "|(null)|(null)\n");
}


/* The channel is made anew. */
static void
test_resumed (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (NekoSecret) password = add_account (fixture, ALICE);

  open_events (fixture);
  neko_service_start (fixture->service);
  wait_for_state (fixture, NEKO_MAILBOX_READY);

  while (fixture->channels == 0)
    g_main_context_iteration (NULL, TRUE);

  neko_sleep_watch_compare (fixture->service->sleep, G_MAXINT64 / 2);

  while (fixture->channels == 1)
    g_main_context_iteration (NULL, TRUE);

  wait_for_state (fixture, NEKO_MAILBOX_READY);
}


/* As neko-maild account and neko-maild password do, beside a program that runs. */
static void
test_changes_by_another (Fixture      *fixture,
                         gconstpointer user_data)
{
  g_autoptr (NekoAccountStore) other = NULL;
  g_autoptr (NekoSecret) password = NULL;
  g_autoptr (NekoMailbox) removed = NULL;
  GListModel *mailboxes = neko_service_get_mailboxes (fixture->service);
  NekoAccount *account;

  neko_service_start (fixture->service);
  other = neko_account_store_open (fixture->folder, NULL);
  account = neko_account_store_add (other, ALICE, fixture->url, NULL);
  password = neko_account_store_add_password (other, account, "tests", NULL);

  while (g_list_model_get_n_items (mailboxes) == 0)
    g_main_context_iteration (NULL, TRUE);

  wait_for_state (fixture, NEKO_MAILBOX_READY);

  while (log_in (fixture, ALICE, password) != -1)
    g_main_context_iteration (NULL, TRUE);

  removed = g_object_ref (get_mailbox (fixture, 0));
  g_assert_true (neko_account_store_remove_password (other, account, "tests", NULL));

  while (log_in (fixture, ALICE, password) == -1)
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (get_mailbox (fixture, 0) == removed);
  g_assert_true (neko_account_store_remove (other, account, NULL));

  while (g_list_model_get_n_items (mailboxes) > 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_finalize_object (g_steal_pointer (&removed));
}


/* Settings take effect at once, and only where they changed. */
static void
test_settings_while_it_runs (Fixture      *fixture,
                             gconstpointer user_data)
{
  g_autoptr (GSettings) store = g_settings_new (NEKO_APPLICATION_ID);
  NekoServer *pop3 = neko_service_get_pop3 (fixture->service);
  NekoListener *clear = neko_server_get_listener (pop3);

  /* Any that are free. */
  neko_service_settings_override (fixture->settings, NEKO_SETTING_POP3S_PORT,
                                  g_variant_new_uint32 (0));
  neko_service_settings_override (fixture->settings, NEKO_SETTING_SMTPS_PORT,
                                  g_variant_new_uint32 (0));
  neko_service_start (fixture->service);
  g_assert_cmpuint (neko_server_get_listeners (pop3)->len, ==, 1);

  g_settings_set_boolean (store, NEKO_SETTING_TLS, TRUE);
  g_assert_cmpuint (neko_server_get_listeners (pop3)->len, ==, 2);
  g_assert_true (neko_server_get_listener (pop3) == clear);
  g_assert_true (neko_listener_is_listening (clear));
  g_assert_true (neko_listener_is_listening (g_ptr_array_index (neko_server_get_listeners (pop3), 1)));
  g_assert_false (neko_server_has_problem (neko_service_get_smtp (fixture->service)));
  g_assert_nonnull (neko_certificate_get_tls (neko_service_get_certificate (fixture->service)));

  g_assert_cmpuint (neko_service_get_spool_size (fixture->service), ==, 64);
  g_settings_set_boolean (store, NEKO_SETTING_TLS, FALSE);
  g_assert_cmpuint (neko_server_get_listeners (pop3)->len, ==, 1);
  g_settings_set_uint (store, NEKO_SETTING_SPOOL_SIZE, 0);
  g_assert_cmpuint (neko_service_get_spool_size (fixture->service), ==, 0);

  /* What cannot be is a problem that is seen, and the rest works. */
  g_settings_set_string (store, NEKO_SETTING_LISTEN_ADDRESS, "my.computer");
  g_assert_true (neko_server_has_problem (pop3));
  g_assert_true (neko_listener_is_listening (clear));
  g_settings_reset (store, NEKO_SETTING_LISTEN_ADDRESS);
  g_assert_false (neko_server_has_problem (pop3));
  g_settings_reset (store, NEKO_SETTING_SPOOL_SIZE);
  g_settings_reset (store, NEKO_SETTING_TLS);
}


/* Another program shows the password as soon as it is written, and whoever uses it at once is not told that it is
 * wrong: a mail program would forget it. */
static void
test_passwords_come_and_go_at_once (Fixture      *fixture,
                                    gconstpointer user_data)
{
  g_autoptr (NekoSecret) password = add_account (fixture, ALICE);
  g_autoptr (NekoAccountStore) other = neko_account_store_open (fixture->folder, NULL);
  g_autoptr (NekoSecret) second = NULL;

  neko_service_start (fixture->service);
  second = neko_account_store_add_password (other, neko_account_store_find (other, ALICE), "another", NULL);
  g_assert_nonnull (second);

  /* The main loop, by which the file is watched, has not run. */
  g_assert_cmpint (log_in (fixture, ALICE, second), ==, -1);

  g_assert_true (neko_account_store_remove_password (other, neko_account_store_find (other, ALICE), "another", NULL));
  g_assert_cmpint (log_in (fixture, ALICE, second), ==, NEKO_MAIL_ERROR_PASSWORD);
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
    { "/service/service/log-in-by-alias",     test_log_in_by_alias     },
    { "/service/service/alias-not-known-yet", test_alias_not_known_yet },
    { "/service/service/settings-while-it-runs", test_settings_while_it_runs },
    { "/service/service/received",            test_received            },
    { "/service/service/resumed",             test_resumed             },
    { "/service/service/changes-by-another",  test_changes_by_another  },
    { "/service/service/passwords-come-and-go-at-once", test_passwords_come_and_go_at_once },
    { "/service/service/state-follows-the-channel", test_state_follows_the_channel },
    { "/service/service/channel-comes-back-meanwhile", test_channel_comes_back_meanwhile },
    { "/service/service/token-for-events-alone", test_token_for_events_alone },
    { "/service/service/revoked-without-a-channel", test_revoked_without_a_channel },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
