/* test-pop3-limits.c - each limit of a POP3 session, and one octet beyond it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-pop3-session.h"
#include "neko-sasl.h"

#define TOO_LONG "-ERR line too long\r\n"


/* Sends a line of @length octets with its CRLF: @start and then letters that are base64. */
static NekoPop3Action
send_line (NekoPop3Session *session,
           const char      *start,
           size_t           length)
{
  g_autofree char *filler = g_strnfill (length - strlen (start) - strlen ("\r\n"), 'A');
  g_autofree char *line = g_strconcat (start, filler, "\r\n", NULL);
  const uint8_t *data = (const uint8_t *) line;

  g_assert_cmpuint (strlen (line), ==, length);
  g_string_truncate (neko_pop3_session_get_output (session), 0);

  return neko_pop3_session_feed (session, &data, &length);
}


static void
assert_output (NekoPop3Session *session,
               const char      *expected)
{
  g_assert_cmpstr (neko_pop3_session_get_output (session)->str, ==, expected);
}


static void
test_command_line (void)
{
  g_autoptr (NekoPop3Session) session = neko_pop3_session_new ();

  g_assert_cmpint (send_line (session, "USER ", NEKO_POP3_LINE_LIMIT), ==, NEKO_POP3_CONTINUE);
  assert_output (session, "+OK\r\n");
  g_assert_cmpint (send_line (session, "USER ", NEKO_POP3_LINE_LIMIT + 1), ==, NEKO_POP3_CONTINUE);
  assert_output (session, TOO_LONG);
  g_assert_cmpint (send_line (session, "USER ", 1000000), ==, NEKO_POP3_CONTINUE);
  assert_output (session, TOO_LONG);
  g_assert_cmpint (send_line (session, "PASS ", NEKO_POP3_LINE_LIMIT), ==, NEKO_POP3_LOG_IN);
}


/* NULs are all that "A" says in base64; so such a response is too long or malformed, which tells them
 * apart. */
static void
test_authentication_line (void)
{
  g_autoptr (NekoPop3Session) session = neko_pop3_session_new ();

  send_line (session, "AUTH PLAIN ", NEKO_SASL_LINE_LIMIT);
  assert_output (session, "-ERR malformed authentication response\r\n");
  send_line (session, "AUTH PLAIN ", NEKO_SASL_LINE_LIMIT + 1);
  assert_output (session, TOO_LONG);
  send_line (session, "AUTH LOGIN", strlen ("AUTH LOGIN\r\n"));
  send_line (session, "", NEKO_SASL_LINE_LIMIT);
  assert_output (session, "-ERR malformed authentication response\r\n");
  send_line (session, "AUTH LOGIN", strlen ("AUTH LOGIN\r\n"));
  send_line (session, "", NEKO_SASL_LINE_LIMIT + 1);
  assert_output (session, TOO_LONG);

  /* It ended the exchange. */
  send_line (session, "UTF8", strlen ("UTF8\r\n"));
  assert_output (session, "+OK\r\n");
}


static void
test_long_response (void)
{
  g_autoptr (NekoPop3Session) session = neko_pop3_session_new ();
  g_autofree char *password = g_strnfill (9000, 'p');
  g_autofree char *message = g_strconcat ("_a_", password, NULL);
  g_autofree char *response = NULL;
  g_autofree char *line = NULL;
  const uint8_t *data;
  size_t length;

  message[0] = message[2] = '\0';
  response = g_base64_encode ((const guint8 *) message, 3 + strlen (password));
  line = g_strconcat ("AUTH PLAIN ", response, "\r\n", NULL);
  data = (const uint8_t *) line;
  length = strlen (line);
  g_assert_cmpint (neko_pop3_session_feed (session, &data, &length), ==, NEKO_POP3_LOG_IN);
  g_assert_cmpstr (neko_pop3_session_get_user (session), ==, "a");
  g_assert_cmpstr (neko_pop3_session_get_password (session), ==, password);
}


static void
test_bad_commands (void)
{
  static const char *const bad[] = { "WHAT", "NOOP", "USER", "UTF8 x" };

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (NekoPop3Session) session = neko_pop3_session_new ();
    size_t length = strlen (bad[i]) + strlen ("\r\n");

    for (unsigned n = 0; n < 9; n++)
      g_assert_cmpint (send_line (session, bad[i], length), ==, NEKO_POP3_CONTINUE);

    send_line (session, "UTF8", strlen ("UTF8\r\n"));

    for (unsigned n = 0; n < 9; n++)
      g_assert_cmpint (send_line (session, bad[i], length), ==, NEKO_POP3_CONTINUE);

    g_assert_cmpint (send_line (session, bad[i], length), ==, NEKO_POP3_CLOSE);
    assert_output (session, "-ERR too many bad commands\r\n");
    g_assert_true (neko_pop3_session_is_closed (session));
  }
}


static void
test_http (void)
{
  static const char *const lines[] = { "GET / HTTP/1.1", "POST / HTTP/1.1" };

  for (size_t i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (NekoPop3Session) first = neko_pop3_session_new ();
    g_autoptr (NekoPop3Session) second = neko_pop3_session_new ();
    size_t length = strlen (lines[i]) + strlen ("\r\n");

    g_assert_cmpint (send_line (first, lines[i], length), ==, NEKO_POP3_CLOSE);
    assert_output (first, "");
    send_line (second, "UTF8", strlen ("UTF8\r\n"));
    g_assert_cmpint (send_line (second, lines[i], length), ==, NEKO_POP3_CONTINUE);
    assert_output (second, "-ERR unknown command\r\n");
  }
}


/* Commands without end are not all answered before the answers are sent. */
static void
test_output (void)
{
  g_autoptr (NekoPop3Session) session = neko_pop3_session_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  const uint8_t *data;
  size_t length;

  for (unsigned i = 0; i < 1000; i++)
    g_string_append (text, "CAPA\r\n");

  data = (const uint8_t *) text->str;
  length = text->len;
  g_assert_cmpint (neko_pop3_session_feed (session, &data, &length), ==, NEKO_POP3_CONTINUE);
  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (neko_pop3_session_get_output (session)->len, <, 16384 + 512);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/protocol/pop3-limits/command-line", test_command_line);
  g_test_add_func ("/protocol/pop3-limits/authentication-line", test_authentication_line);
  g_test_add_func ("/protocol/pop3-limits/long-response", test_long_response);
  g_test_add_func ("/protocol/pop3-limits/bad-commands", test_bad_commands);
  g_test_add_func ("/protocol/pop3-limits/http", test_http);
  g_test_add_func ("/protocol/pop3-limits/output", test_output);

  return g_test_run ();
}
