/* test-pop3-server.c - POP3 over real sockets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "memory-mail.h"
#include "test-client.h"

#define FIRST "From: a@example.org\r\nSubject: one\r\n\r\nHello\r\n"
#define SECOND "Subject: two\r\n\r\n.\r\n..\r\n.x\r\n"

typedef struct {
  MemoryMail *mail;
  NekoServer *server;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->mail = memory_mail_new ();
  memory_mail_add (fixture->mail, "id-1", FIRST, -1);
  memory_mail_add (fixture->mail, "id-2", SECOND, -1);
  fixture->server = neko_server_new_pop3 (0, NEKO_AUTHENTICATOR (fixture->mail));
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  neko_server_stop (fixture->server);
  g_assert_cmpuint (neko_server_get_connections (fixture->server), ==, 0);

  /* What was under way may still hold the mail. */
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->mail);
}


static GSocketConnection *
log_in (guint16 port)
{
  GSocketConnection *connection = test_client_connect (port);

  test_client_expect (connection, "+OK");
  test_client_ask (connection, "USER " MEMORY_USER, "+OK");
  test_client_ask (connection, "PASS " MEMORY_PASSWORD, "+OK");

  return connection;
}


static void
read_all (guint16  port,
          gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  test_client_ask (connection, "STAT", "+OK 2 ");
  test_client_ask (connection, "RETR 1", "+OK");
  first = test_client_read_text (connection);
  g_assert_cmpstr (first, ==, FIRST);
  test_client_ask (connection, "RETR 2", "+OK");
  second = test_client_read_text (connection);
  g_assert_cmpstr (second, ==, SECOND);
  test_client_ask (connection, "QUIT", "+OK");
  g_assert_null (test_client_read_line (connection));
}


static void
test_read (Fixture      *fixture,
           gconstpointer user_data)
{
  test_client_run (fixture->server, read_all, NULL);
  g_assert_cmpuint (memory_mail_get_length (fixture->mail), ==, 2);
}


static void
pipeline (guint16  port,
          gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (port);
  g_autofree char *text = NULL;

  test_client_send (connection,
                    "USER " MEMORY_USER "\r\nPASS " MEMORY_PASSWORD "\r\n"
                    "RETR 1\r\nDELE 1\r\nUIDL\r\nQUIT\r\n");
  text = test_client_read_end (connection);
  g_assert_cmpstr (text, ==,
                   "+OK Neko Mail ready\r\n+OK\r\n+OK 2 messages\r\n"
                   "+OK message follows\r\n" FIRST ".\r\n"
                   "+OK marked for deletion at QUIT\r\n"
                   "+OK 1 messages\r\n2 id-2\r\n.\r\n"
                   "+OK bye, messages deleted\r\n");
}


static void
test_pipelined (Fixture      *fixture,
                gconstpointer user_data)
{
  test_client_run (fixture->server, pipeline, NULL);
  g_assert_cmpuint (memory_mail_get_length (fixture->mail), ==, 1);
}


static void
mark_and_leave (guint16  port,
                gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  test_client_ask (connection, "DELE 1", "+OK");
}


static void
test_no_quit_deletes_nothing (Fixture      *fixture,
                              gconstpointer user_data)
{
  test_client_run (fixture->server, mark_and_leave, NULL);
  g_assert_cmpuint (memory_mail_get_length (fixture->mail), ==, 2);
}


static void
two_sessions (guint16  port,
              gpointer user_data)
{
  g_autoptr (GSocketConnection) first = log_in (port);
  g_autoptr (GSocketConnection) second = log_in (port);

  test_client_ask (first, "DELE 1", "+OK");
  test_client_ask (first, "QUIT", "+OK");
  test_client_ask (second, "STAT", "+OK 2 ");
  test_client_ask (second, "RETR 1", "-ERR [SYS/PERM]");
  test_client_ask (second, "RETR 2", "+OK");
  g_free (test_client_read_text (second));
  test_client_ask (second, "QUIT", "+OK");
}


static void
test_snapshots (Fixture      *fixture,
                gconstpointer user_data)
{
  test_client_run (fixture->server, two_sessions, NULL);
}


/* Guards against the cut message that looks whole. */
static void
read_cut (guint16  port,
          gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);
  g_autofree char *rest = NULL;

  test_client_send (connection, "RETR 1\r\nNOOP\r\n");
  rest = test_client_read_end (connection);
  g_assert_true (g_str_has_prefix (rest, "+OK"));
  g_assert_null (strstr (rest, "\r\n.\r\n"));
}


static void
test_cut_is_closed (Fixture      *fixture,
                    gconstpointer user_data)
{
  memory_mail_cut (fixture->mail, "id-1", 25);
  test_client_run (fixture->server, read_cut, NULL);
}


static void
fail_everything (guint16  port,
                 gpointer user_data)
{
  static const struct {
    NekoMailError code;
    const char   *reply;
  } failures[] = {
    { NEKO_MAIL_ERROR_UNAVAILABLE, "-ERR [SYS/TEMP]" },
    { NEKO_MAIL_ERROR_THROTTLED,   "-ERR [SYS/TEMP]" },
    { NEKO_MAIL_ERROR_KEYRING,     "-ERR [SYS/TEMP]" },
    { NEKO_MAIL_ERROR_SIGN_IN,     "-ERR [SYS/PERM]" },
    { NEKO_MAIL_ERROR_DISABLED,    "-ERR [SYS/PERM]" },
    { NEKO_MAIL_ERROR_GONE,        "-ERR [SYS/PERM]" },
  };
  MemoryMail *mail = user_data;

  for (size_t i = 0; i < G_N_ELEMENTS (failures); i++) {
    g_autoptr (GSocketConnection) connection = test_client_connect (port);
    g_autoptr (GSocketConnection) other = NULL;

    test_client_expect (connection, "+OK");
    memory_mail_fail_with (mail, failures[i].code);
    test_client_ask (connection, "USER " MEMORY_USER, "+OK");
    test_client_ask (connection, "PASS " MEMORY_PASSWORD, failures[i].reply);

    memory_mail_succeed (mail);
    other = log_in (port);
    test_client_ask (other, "DELE 1", "+OK");
    memory_mail_fail_with (mail, failures[i].code);
    test_client_ask (other, "RETR 2", failures[i].reply);
    test_client_ask (other, "TOP 2 0", failures[i].reply);
    test_client_ask (other, "QUIT", failures[i].reply);
    g_assert_cmpuint (memory_mail_get_length (mail), ==, 2);
  }
}


static void
test_errors_tell_the_truth (Fixture      *fixture,
                            gconstpointer user_data)
{
  test_client_run (fixture->server, fail_everything, fixture->mail);
}


static void
guess (guint16  port,
       gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (port);

  test_client_expect (connection, "+OK");
  test_client_ask (connection, "USER " MEMORY_USER, "+OK");
  test_client_ask (connection, "PASS wrong", "-ERR [AUTH]");
  test_client_ask (connection, "PASS " MEMORY_PASSWORD, "+OK");
}


static void
test_wrong_password_can_be_mended (Fixture      *fixture,
                                   gconstpointer user_data)
{
  test_client_run (fixture->server, guess, NULL);
}


static void
speak_wrongly (guint16  port,
               gpointer user_data)
{
  g_autoptr (GSocketConnection) browser = test_client_connect (port);
  g_autoptr (GSocketConnection) tls = test_client_connect (port);
  g_autofree char *answer = NULL;

  test_client_send (browser, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  answer = test_client_read_end (browser);
  g_assert_cmpstr (answer, ==, "+OK Neko Mail ready\r\n");

  g_clear_pointer (&answer, g_free);
  test_client_send (tls, "\x16\x03\x01\x02");
  answer = test_client_read_end (tls);
  g_assert_cmpstr (answer, ==, "+OK Neko Mail ready\r\n");
}


static void
test_other_protocols (Fixture      *fixture,
                      gconstpointer user_data)
{
  test_client_run (fixture->server, speak_wrongly, NULL);
}


static void
crowd (guint16  port,
       gpointer user_data)
{
  GSocketConnection *connections[NEKO_SERVER_PEER_LIMIT];
  g_autoptr (GSocketConnection) next = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (connections); i++) {
    connections[i] = test_client_connect (port);
    test_client_expect (connections[i], "+OK");
  }

  next = test_client_connect (port);
  test_client_expect (next, "-ERR [SYS/TEMP] too many");
  g_assert_null (test_client_read_line (next));

  /* Who logs in makes room. */
  test_client_ask (connections[0], "USER " MEMORY_USER, "+OK");
  test_client_ask (connections[0], "PASS " MEMORY_PASSWORD, "+OK");
  g_clear_object (&next);
  next = test_client_connect (port);
  test_client_expect (next, "+OK");

  for (size_t i = 0; i < G_N_ELEMENTS (connections); i++)
    g_object_unref (connections[i]);
}


static void
test_connection_limit (Fixture      *fixture,
                       gconstpointer user_data)
{
  test_client_run (fixture->server, crowd, NULL);
}


static void
fall_silent (guint16  port,
             gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  test_client_ask (connection, "DELE 1", "+OK");
  g_assert_null (test_client_read_line (connection));
}


static void
test_idle_is_closed (Fixture      *fixture,
                     gconstpointer user_data)
{
  neko_server_set_idle_time (fixture->server, 1);
  test_client_run (fixture->server, fall_silent, NULL);
  g_assert_cmpuint (memory_mail_get_length (fixture->mail), ==, 2);
}


static void
read_large (guint16  port,
            gpointer user_data)
{
  const char *large = user_data;
  g_autoptr (GSocketConnection) connection = log_in (port);
  g_autofree char *text = NULL;

  test_client_ask (connection, "RETR 3", "+OK");
  text = test_client_read_text (connection);
  g_assert_cmpuint (strlen (text), ==, strlen (large));
  g_assert_true (g_str_equal (text, large));
}


static void
test_large (Fixture      *fixture,
            gconstpointer user_data)
{
  g_autoptr (GString) large = g_string_new ("Subject: large\r\n\r\n");

  while (large->len < 1024 * 1024)
    g_string_append (large, ".a line that begins with a dot\r\n");

  memory_mail_add (fixture->mail, "id-3", large->str, large->len);
  test_client_run (fixture->server, read_large, large->str);
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
    { "/server/pop3/read",                          test_read                         },
    { "/server/pop3/pipelined",                     test_pipelined                    },
    { "/server/pop3/no-quit-deletes-nothing",       test_no_quit_deletes_nothing      },
    { "/server/pop3/snapshots",                     test_snapshots                    },
    { "/server/pop3/cut-is-closed",                 test_cut_is_closed                },
    { "/server/pop3/errors-tell-the-truth",         test_errors_tell_the_truth        },
    { "/server/pop3/wrong-password-can-be-mended",  test_wrong_password_can_be_mended },
    { "/server/pop3/other-protocols",               test_other_protocols              },
    { "/server/pop3/connection-limit",              test_connection_limit             },
    { "/server/pop3/idle-is-closed",                test_idle_is_closed               },
    { "/server/pop3/large",                         test_large                        },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
