/* test-notifier.c - what the user is told of, on a desktop that shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-notifier.h"

#include <glib/gstdio.h>

#include "neko-file-token-store.h"
#include "notifications.h"

#define ALICE "alice@neko.test"
#define BOB "bob@neko.test"

/* Nobody listens there. */
#define URL "http://127.0.0.1:1"

/* Enough for what is asked at the same time, and short enough not to be waited for. */
static const NekoNotifierTiming timing = {
  .settle = 20,
  .patience = 300,
  .lately = 60 * 1000,
  .problem = 20,
  .keyring = 20,
};

typedef struct {
  char                *folder;
  char                *token_file;
  NekoAccountStore    *accounts;
  NekoTokenStore      *tokens;
  NekoServiceSettings *settings;
  NekoService         *service;
  GSettings           *user_settings;
  NekoNotifier        *notifier;
  unsigned             changes;
} Fixture;

/* There is one of each for as long as the program runs, as in life. */
static GApplication *application;
static Notifications desktop;
static unsigned opened;
static unsigned mail_opened;


static void
count_cb (unsigned *count)
{
  ++*count;
}


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  g_autoptr (NekoCertificate) certificate = NULL;

  opened = 0;
  mail_opened = 0;
  fixture->folder = g_dir_make_tmp ("neko-mail-XXXXXX", NULL);
  fixture->token_file = g_build_filename (fixture->folder, "tokens", NULL);
  certificate = neko_certificate_new (fixture->folder);
  fixture->accounts = neko_account_store_open (fixture->folder, NULL);
  fixture->tokens = NEKO_TOKEN_STORE (neko_file_token_store_new (fixture->token_file));
  fixture->settings = neko_service_settings_new ();
  neko_service_settings_override (fixture->settings, NEKO_SETTING_POP3_PORT, g_variant_new_uint32 (0));
  neko_service_settings_override (fixture->settings, NEKO_SETTING_SMTP_PORT, g_variant_new_uint32 (0));
  fixture->service = neko_service_new (fixture->accounts, fixture->tokens, fixture->settings, certificate);
  fixture->user_settings = g_settings_new (NEKO_APPLICATION_ID);
  g_assert_nonnull (neko_account_store_add (fixture->accounts, ALICE, URL, NULL));
  fixture->notifier = neko_notifier_new_full (application, fixture->service, &timing);
  g_signal_connect_swapped (fixture->notifier, "changed", G_CALLBACK (count_cb), &fixture->changes);
}


static void
remove_file (Fixture    *fixture,
             const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_remove (path);
}


static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}


/* Until exactly this is shown. */
static void
wait_for (const char *expected)
{
  while (TRUE) {
    g_autofree char *text = notifications_dup_text (&desktop);

    if (g_str_equal (text, expected)) {
      notifications_sync (&desktop, g_application_get_dbus_connection (application));
      return;
    }

    g_main_context_iteration (NULL, TRUE);
  }
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_settings_reset (fixture->user_settings, "notifications");
  g_assert_finalize_object (fixture->notifier);

  /* It takes all of it with it. */
  wait_for ("");
  notifications_clear (&desktop);
  g_assert_finalize_object (fixture->service);
  g_object_unref (fixture->user_settings);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->accounts);
  g_object_unref (fixture->tokens);
  settle ();
  remove_file (fixture, "accounts.ini");
  remove_file (fixture, "accounts.lock");
  remove_file (fixture, "tokens");
  remove_file (fixture, "tokens.lock");
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->token_file);
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
receive (Fixture    *fixture,
         const char *id,
         const char *from,
         const char *subject)
{
  g_signal_emit_by_name (get_mailbox (fixture, 0), "received", id, from, subject);
}


static void
read_message (Fixture    *fixture,
              const char *id)
{
  g_signal_emit_by_name (get_mailbox (fixture, 0), "read", id, G_GUINT64_CONSTANT (1));
}


static void
test_sender_and_subject (Fixture      *fixture,
                         gconstpointer user_data)
{
  static const struct {
    const char *from;
    const char *subject;
    const char *shown;
  } table[] = {
    { "Bob Smith <bob@x.org>", "Hello", "Bob Smith|Hello\n" },
    { "\"Smith, Bob\" <bob@x.org>", "猫", "Smith, Bob|猫\n" },
    { "<bob@x.org>", "", "bob@x.org|(No subject)\n" },
    { "bob@x.org", "R&D <b>bold</b>", "bob@x.org|R&D ‹b>bold‹/b>\n" },
    { "", "x", "Unknown sender|x\n" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    receive (fixture, "1", table[i].from, table[i].subject);
    wait_for (table[i].shown);
    neko_notifier_forget_mail (fixture->notifier);
    wait_for ("");
  }
}


static void
test_grouped (Fixture      *fixture,
              gconstpointer user_data)
{
  receive (fixture, "1", "Ann", "one");
  receive (fixture, "2", "Ann", "two");
  receive (fixture, "3", "Bob", "three");
  wait_for ("Ann|one\nAnn|two\nBob|three\n");
  receive (fixture, "4", "Bob", "four");
  receive (fixture, "5", "Bob", "five");
  wait_for ("5 New Messages|" ALICE "\n");
  receive (fixture, "6", "Bob", "six");
  wait_for ("6 New Messages|" ALICE "\n");

  /* It goes with the last one of them. */
  for (char id[] = "1"; *id < '6'; ++*id)
    read_message (fixture, id);

  settle ();
  g_assert_true (neko_notifier_has_mail (fixture->notifier));
  wait_for ("6 New Messages|" ALICE "\n");
  read_message (fixture, "6");
  wait_for ("");
  g_assert_false (neko_notifier_has_mail (fixture->notifier));
  receive (fixture, "7", "Ann", "seven");
  wait_for ("Ann|seven\n");
}


/* What the Worker said nothing of is only counted. */
static void
test_unknown_sender (Fixture      *fixture,
                     gconstpointer user_data)
{
  receive (fixture, "1", NULL, NULL);
  wait_for ("1 New Message|" ALICE "\n");
}


static void
test_setting (Fixture      *fixture,
              gconstpointer user_data)
{
  g_settings_set_string (fixture->user_settings, "notifications", "count");
  receive (fixture, "1", "Ann", "one");
  wait_for ("1 New Message|" ALICE "\n");

  /* A change takes away what should not have been shown. */
  g_settings_set_string (fixture->user_settings, "notifications", "none");
  wait_for ("");
  receive (fixture, "2", "Ann", "two");
  g_assert_true (neko_notifier_has_mail (fixture->notifier));
  g_settings_set_string (fixture->user_settings, "notifications", "count");
  receive (fixture, "3", "Ann", "three");
  wait_for ("3 New Messages|" ALICE "\n");
  g_assert_cmpuint (desktop.sent, ==, 2);
}


/* With more accounts it is said whose it is. */
static void
test_two_accounts (Fixture      *fixture,
                   gconstpointer user_data)
{
  NekoAccount *bob = neko_account_store_add (fixture->accounts, BOB, URL, NULL);

  receive (fixture, "1", "Ann", "one");
  g_signal_emit_by_name (get_mailbox (fixture, 1), "received", "1", "Eve", "two");
  wait_for ("Ann|one\n" ALICE "\nEve|two\n" BOB "\n");
  g_assert_true (neko_account_store_remove (fixture->accounts, bob, NULL));
  wait_for ("Ann|one\n" ALICE "\n");
}


static void
test_read_already (Fixture      *fixture,
                   gconstpointer user_data)
{
  /* It was shown, and is taken back. */
  receive (fixture, "1", "Ann", "one");
  wait_for ("Ann|one\n");
  read_message (fixture, "1");
  wait_for ("");
  g_assert_cmpuint (desktop.sent, ==, 1);

  /* A mail program is there that fetches it, before it is shown. */
  neko_mailbox_note_log_in (get_mailbox (fixture, 0));
  receive (fixture, "2", "Ann", "two");
  receive (fixture, "3", "Ann", "three");
  read_message (fixture, "2");
  wait_for ("Ann|three\n");
  g_assert_cmpuint (desktop.sent, ==, 2);

  /* What was there before is nobody's news. */
  read_message (fixture, "0");
  settle ();
  wait_for ("Ann|three\n");
}


static void
test_clicked (Fixture      *fixture,
              gconstpointer user_data)
{
  receive (fixture, "1", "Ann", "one");
  wait_for ("Ann|one\n");
  notifications_click (&desktop);

  while (mail_opened == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (opened, ==, 0);
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
store_token (Fixture *fixture)
{
  gboolean is_done = FALSE;

  neko_token_store_store_async (fixture->tokens, ALICE, URL, "token", NULL, stored_cb, &is_done);

  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
}


static void
test_sign_in (Fixture      *fixture,
              gconstpointer user_data)
{
  const char *expected = "Sign In Again|" ALICE " gets no mail until you sign in to it again.\n";

  neko_service_start (fixture->service);
  wait_for (expected);

  /* Once, however often it is found. */
  neko_mailbox_connect_anew (get_mailbox (fixture, 0));
  settle ();
  neko_service_set_paused (fixture->service, TRUE);
  neko_service_set_paused (fixture->service, FALSE);
  settle ();
  wait_for (expected);
  g_assert_cmpuint (desktop.sent, ==, 1);
  notifications_click (&desktop);

  while (opened == 0)
    g_main_context_iteration (NULL, TRUE);

  store_token (fixture);
  neko_mailbox_connect_anew (get_mailbox (fixture, 0));
  wait_for ("");
}


/* The file is another user's to read: that is as bad as a keyring that fails. */
static void
test_keyring (Fixture      *fixture,
              gconstpointer user_data)
{
  store_token (fixture);
  g_assert_cmpint (g_chmod (fixture->token_file, 0644), ==, 0);
  neko_service_start (fixture->service);
  wait_for ("Keyring Not Working|There is no mail until the keyring answers.\n");
  g_assert_cmpint (g_chmod (fixture->token_file, 0600), ==, 0);
  neko_token_store_tell_available (fixture->tokens);
  wait_for ("");
}


static void
test_port (Fixture      *fixture,
           gconstpointer user_data)
{
  g_autoptr (GSocketListener) other = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autofree char *expected = NULL;
  guint16 port;

  store_token (fixture);
  g_assert_true (g_socket_listener_add_address (other, address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_DEFAULT, NULL, &effective, NULL));
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  expected = g_strdup_printf ("Mail Programs Cannot Connect|Another program uses port %u, which POP3 needs.\n",
                              port);
  neko_service_settings_override (fixture->settings, NEKO_SETTING_POP3_PORT, g_variant_new_uint32 (port));
  g_signal_emit_by_name (fixture->settings, "changed");
  neko_service_start (fixture->service);
  wait_for (expected);

  /* Nothing is wrong with what is not wanted. */
  neko_service_set_paused (fixture->service, TRUE);
  wait_for ("");
  neko_service_set_paused (fixture->service, FALSE);
  wait_for (expected);
  g_settings_set_string (fixture->user_settings, "notifications", "none");
  wait_for ("");
}


static void
add_action (const char *name,
            unsigned   *count)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new (name, NULL);

  g_signal_connect_swapped (action, "activate", G_CALLBACK (count_cb), count);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (action));
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
    { "/app/notifier/sender-and-subject", test_sender_and_subject },
    { "/app/notifier/grouped",        test_grouped        },
    { "/app/notifier/unknown-sender", test_unknown_sender },
    { "/app/notifier/setting",        test_setting        },
    { "/app/notifier/two-accounts",   test_two_accounts   },
    { "/app/notifier/read-already",   test_read_already   },
    { "/app/notifier/clicked",        test_clicked        },
    { "/app/notifier/sign-in",        test_sign_in        },
    { "/app/notifier/keyring",        test_keyring        },
    { "/app/notifier/port",           test_port           },
  };
  GTestDBus *bus;
  int status;

  g_test_init (&argc, &argv, NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  notifications_start (&desktop, g_test_dbus_get_bus_address (bus));
  application = g_application_new (NEKO_APPLICATION_ID ".Test", G_APPLICATION_DEFAULT_FLAGS);
  g_assert_true (g_application_register (application, NULL, NULL));
  add_action ("open", &opened);
  add_action ("open-mail", &mail_opened);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  status = g_test_run ();
  g_object_unref (application);
  notifications_stop (&desktop);
  g_test_dbus_stop (bus);
  g_object_unref (bus);

  return status;
}
