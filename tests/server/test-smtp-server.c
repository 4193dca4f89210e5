/* test-smtp-server.c - submission over real sockets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "memory-mail.h"
#include "neko-throttle.h"
#include "test-client.h"

/* "\0alice@neko.test\0correct horse" */
#define AUTH "AUTH PLAIN AGFsaWNlQG5la28udGVzdABjb3JyZWN0IGhvcnNl"

typedef struct {
  MemoryMail *mail;
  NekoServer *server;
} Fixture;


static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  fixture->mail = memory_mail_new ();
  fixture->server = neko_server_new_smtp (0, NEKO_AUTHENTICATOR (fixture->mail));
}


static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  neko_server_stop (fixture->server);

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

  test_client_expect (connection, "220");
  test_client_ask (connection, "HELO test", "250");
  test_client_ask (connection, AUTH, "235 2.7.0");

  return connection;
}


static void
begin (GSocketConnection *connection,
       const char        *recipient)
{
  g_autofree char *command = g_strdup_printf ("RCPT TO:<%s>", recipient);

  test_client_ask (connection, "MAIL FROM:<" MEMORY_USER ">", "250 2.1.0");
  test_client_ask (connection, command, "250 2.1.5");
  test_client_ask (connection, "DATA", "354");
}


static void
send_one (guint16  port,
          gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  begin (connection, "bob@example.org");
  test_client_ask (connection, "Subject: x\r\n\r\n..\r\n.\xe9\r\n.", "250 2.0.0");
  test_client_ask (connection, "QUIT", "221");
  g_assert_null (test_client_read_line (connection));
}


static void
assert_submitted (MemoryMail *mail,
                  const char *text)
{
  GBytes *bytes = memory_mail_get_submitted (mail);
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  g_assert_cmpuint (memory_mail_count_submitted (mail), ==, 1);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
  g_assert_cmpstr (memory_mail_get_submission (mail)->sha256, ==, sha256);
  g_assert_cmpuint (memory_mail_get_submission (mail)->size, ==, strlen (text));
}


static void
test_send (Fixture      *fixture,
           gconstpointer user_data)
{
  const NekoSubmission *submission;

  test_client_run (fixture->server, send_one, NULL);
  submission = memory_mail_get_submission (fixture->mail);
  g_assert_cmpstr (submission->sender, ==, MEMORY_USER);
  g_assert_cmpuint (submission->recipients->len, ==, 1);
  assert_submitted (fixture->mail, "Subject: x\r\n\r\n.\r\n\xe9\r\n");
}


static void
send_large (guint16  port,
            gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  begin (connection, "bob@example.org");
  test_client_send (connection, user_data);
  test_client_ask (connection, ".", "250 2.0.0");
}


/* Goes through the file. */
static void
test_large (Fixture      *fixture,
            gconstpointer user_data)
{
  g_autoptr (GString) large = g_string_new ("Subject: large\r\n\r\n");

  while (large->len < 3 * 1024 * 1024)
    g_string_append (large, "a line of a message that does not fit into memory\r\n");

  test_client_run (fixture->server, send_large, large->str);
  assert_submitted (fixture->mail, large->str);
}


static void
send_chunks (guint16  port,
             gpointer user_data)
{
  const GString *large = user_data;
  g_autoptr (GSocketConnection) connection = log_in (port);
  g_autofree char *first = g_strdup_printf ("BDAT %" G_GSIZE_FORMAT, large->len);

  /* A chunk that was given up must not come before the message that follows. */
  test_client_ask (connection, "MAIL FROM:<" MEMORY_USER ">", "250 2.1.0");
  test_client_ask (connection, "RCPT TO:<bob@example.org>", "250 2.1.5");
  test_client_send (connection, "BDAT 4\r\nhalfRSET\r\nMAIL FROM:<" MEMORY_USER ">\r\n"
                    "RCPT TO:<bob@example.org>\r\n");
  test_client_expect (connection, "250 2.0.0 4 octets received");
  test_client_expect (connection, "250 2.0.0");
  test_client_expect (connection, "250 2.1.0");
  test_client_expect (connection, "250 2.1.5");

  test_client_send (connection, first);
  test_client_send (connection, "\r\n");
  test_client_send (connection, large->str);
  test_client_expect (connection, "250 2.0.0");
  test_client_send (connection, "BDAT 5\r\n.\r\n.xBDAT 0 LAST\r\n");
  test_client_expect (connection, "250 2.0.0 5 octets received");
  test_client_expect (connection, "250 2.0.0 message accepted");
}


static void
test_chunks (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GString) large = g_string_new ("Subject: large\r\n\r\n");

  while (large->len < 1024 * 1024)
    g_string_append (large, "a line of a message that does not fit into memory\r\n");

  test_client_run (fixture->server, send_chunks, large);
  g_string_append (large, ".\r\n.x");
  assert_submitted (fixture->mail, large->str);
}


static void
send_too_large (guint16  port,
                gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  begin (connection, "bob@example.org");
  test_client_send (connection, user_data);
  test_client_ask (connection, ".", "552 5.3.4");
  begin (connection, "bob@example.org");
  test_client_ask (connection, "small\r\n.", "250 2.0.0");
}


static void
test_too_large (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GString) large = g_string_new ("\r\n");

  while (large->len <= 8 * 1024 * 1024)
    g_string_append (large, "a line of a message that is larger than the Worker takes\r\n");

  test_client_run (fixture->server, send_too_large, large->str);
  assert_submitted (fixture->mail, "small\r\n");
}


static void
leave_in_data (guint16  port,
               gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  begin (connection, "bob@example.org");
  test_client_send (connection, "Subject: half\r\n\r\nno end\r\n");
}


static void
test_half_is_not_sent (Fixture      *fixture,
                       gconstpointer user_data)
{
  test_client_run (fixture->server, leave_in_data, NULL);
  g_assert_cmpuint (memory_mail_count_submitted (fixture->mail), ==, 0);
}


static void
fail_everything (guint16  port,
                 gpointer user_data)
{
  static const struct {
    NekoMailError code;
    const char   *reply;
  } failures[] = {
    { NEKO_MAIL_ERROR_UNAVAILABLE, "451 4.4.1" },
    { NEKO_MAIL_ERROR_THROTTLED,   "451 4.7.1" },
    { NEKO_MAIL_ERROR_KEYRING,     "454 4.7.0" },
    { NEKO_MAIL_ERROR_SIGN_IN,     "454 4.7.0" },
    { NEKO_MAIL_ERROR_DISABLED,    "550 5.7.1" },
    { NEKO_MAIL_ERROR_TOO_LARGE,   "552 5.3.4" },
    { NEKO_MAIL_ERROR_QUOTA,       "452 4.2.2" },
    { NEKO_MAIL_ERROR_REFUSED,     "550 5.7.1" },
  };
  MemoryMail *mail = user_data;
  g_autoptr (GSocketConnection) connection = log_in (port);

  for (size_t i = 0; i < G_N_ELEMENTS (failures); i++) {
    memory_mail_fail_with (mail, failures[i].code);
    begin (connection, "bob@example.org");
    test_client_ask (connection, "x\r\n.", failures[i].reply);
  }

  memory_mail_succeed (mail);
  begin (connection, "nobody@neko.test");
  test_client_ask (connection, "x\r\n.", "550 5.1.1 no such user");
}


static void
test_errors_tell_the_truth (Fixture      *fixture,
                            gconstpointer user_data)
{
  test_client_run (fixture->server, fail_everything, fixture->mail);
}


static void
send_partly (guint16  port,
             gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  test_client_ask (connection, "MAIL FROM:<" MEMORY_USER ">", "250");
  test_client_ask (connection, "RCPT TO:<nobody@neko.test>", "250");
  test_client_ask (connection, "RCPT TO:<bob@neko.test>", "250");
  test_client_ask (connection, "DATA", "354");
  test_client_ask (connection, "x\r\n.", "250 2.0.0");
}


static void
test_some_refused (Fixture      *fixture,
                   gconstpointer user_data)
{
  test_client_run (fixture->server, send_partly, NULL);
}


static void
use_other_sender (guint16  port,
                  gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  test_client_ask (connection, "MAIL FROM:<mallory@neko.test>", "550 5.7.1");
  test_client_ask (connection, "RCPT TO:<bob@neko.test>", "503");
}


static void
test_other_sender (Fixture      *fixture,
                   gconstpointer user_data)
{
  test_client_run (fixture->server, use_other_sender, NULL);
}


static void
fall_silent (guint16  port,
             gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  test_client_expect (connection, "421 4.4.2");
  g_assert_null (test_client_read_line (connection));
}


static void
test_idle_is_told (Fixture      *fixture,
                   gconstpointer user_data)
{
  neko_server_set_idle_time (fixture->server, 1);
  test_client_run (fixture->server, fall_silent, NULL);
}


static gboolean
stop_cb (gpointer user_data)
{
  neko_server_stop (user_data);

  return G_SOURCE_REMOVE;
}


static void
see_the_end (guint16  port,
             gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = log_in (port);

  begin (connection, "bob@example.org");
  test_client_send (connection, "Subject: half\r\n");
  g_idle_add (stop_cb, user_data);
  test_client_expect (connection, "421 4.3.2");
  g_assert_null (test_client_read_line (connection));
}


static void
test_stop_in_data (Fixture      *fixture,
                   gconstpointer user_data)
{
  test_client_run (fixture->server, see_the_end, fixture->server);
  g_assert_cmpuint (memory_mail_count_submitted (fixture->mail), ==, 0);
}


static void
keep_guessing (guint16  port,
               gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = test_client_connect (port);
  gint64 start;

  test_client_expect (connection, "220");
  test_client_ask (connection, "HELO test", "250");

  for (unsigned i = 0; i < NEKO_THROTTLE_FREE_FAILURES; i++)
    test_client_ask (connection, "AUTH PLAIN AGEAYg==", "535 5.7.8");

  start = g_get_monotonic_time ();
  test_client_ask (connection, AUTH, "235");
  g_assert_cmpint (g_get_monotonic_time () - start, >, G_USEC_PER_SEC / 2);
}


static void
test_guessing_is_slow (Fixture      *fixture,
                       gconstpointer user_data)
{
  test_client_run (fixture->server, keep_guessing, NULL);
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
    { "/server/smtp/send",                  test_send                  },
    { "/server/smtp/large",                 test_large                 },
    { "/server/smtp/chunks",                test_chunks                },
    { "/server/smtp/too-large",             test_too_large             },
    { "/server/smtp/half-is-not-sent",      test_half_is_not_sent      },
    { "/server/smtp/errors-tell-the-truth", test_errors_tell_the_truth },
    { "/server/smtp/some-refused",          test_some_refused          },
    { "/server/smtp/other-sender",          test_other_sender          },
    { "/server/smtp/idle-is-told",          test_idle_is_told          },
    { "/server/smtp/stop-in-data",          test_stop_in_data          },
    { "/server/smtp/guessing-is-slow",      test_guessing_is_slow      },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
