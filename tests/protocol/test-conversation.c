/* test-conversation.c - what a detailed log has of a conversation, and what not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-log.h"
#include "neko-pop3-session.h"
#include "neko-smtp-session.h"

#include <string.h>


/* Returns: verbs and codes of the last conversation that was logged, one a line */
static char *
dup_conversation (guint64 first)
{
  g_autoptr (GPtrArray) entries = neko_log_dup_entries ();
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++) {
    const NekoLogEntry *entry = g_ptr_array_index (entries, i);

    if (entry->number > first) {
      g_assert_cmpstr (entry->event, ==, "conversation");
      g_assert_cmpuint (g_strv_length (entry->arguments), ==, 4);
      g_string_append_printf (lines, "%s %s %s\n", entry->arguments[0], entry->arguments[2], entry->arguments[3]);
    }
  }

  return g_string_free (lines, FALSE);
}


static guint64
count_lines (void)
{
  g_autoptr (GPtrArray) entries = neko_log_dup_entries ();

  return entries->len > 0 ? ((NekoLogEntry *) g_ptr_array_index (entries, entries->len - 1))->number : 0;
}


static NekoPop3Action
feed_pop3 (NekoPop3Session *session,
           const char      *text)
{
  const uint8_t *data = (const uint8_t *) text;
  size_t length = strlen (text);

  g_string_truncate (neko_pop3_session_get_output (session), 0);

  return neko_pop3_session_feed (session, &data, &length);
}


static NekoSmtpAction
feed_smtp (NekoSmtpSession *session,
           const char      *text)
{
  const uint8_t *data = (const uint8_t *) text;
  size_t length = strlen (text);

  return neko_smtp_session_feed (session, &data, &length);
}


static void
test_pop3 (void)
{
  guint64 before = count_lines ();
  NekoPop3Session *session = neko_pop3_session_new ();
  NekoPop3Listing listing = { 0 };
  g_autofree char *lines = NULL;

  feed_pop3 (session, "CAPA\r\n");
  feed_pop3 (session, "a password by mistake\r\n");
  feed_pop3 (session, "AUTH LOGIN\r\n");
  feed_pop3 (session, "*\r\n");
  feed_pop3 (session, "USER alice\r\n");
  g_assert_cmpint (feed_pop3 (session, "PASS hunter2\r\n"), ==, NEKO_POP3_LOG_IN);
  neko_pop3_session_fail (session, NEKO_POP3_FAILURE_AUTHENTICATION, "no such password");
  feed_pop3 (session, "USER alice\r\n");
  feed_pop3 (session, "PASS hunter3\r\n");
  neko_pop3_session_logged_in (session, &listing);
  feed_pop3 (session, "STAT\r\n");
  feed_pop3 (session, "QUIT\r\n");
  neko_pop3_session_free (session);

  lines = dup_conversation (before);
  g_assert_cmpstr (lines, ==,
                   "POP3 CAPA +OK\n" "POP3 ? -ERR\n" "POP3 AUTH +\n" "POP3 AUTH -ERR\n" "POP3 USER +OK\n"
                   "POP3 PASS -ERR [AUTH]\n" "POP3 USER +OK\n" "POP3 PASS +OK\n" "POP3 STAT +OK\n" "POP3 QUIT +OK\n");
}


static void
test_smtp (void)
{
  guint64 before = count_lines ();
  NekoSmtpSession *session = neko_smtp_session_new ();
  g_autofree char *lines = NULL;

  feed_smtp (session, "EHLO [127.0.0.1]\r\n");
  feed_smtp (session, "AUTH LOGIN\r\n");
  feed_smtp (session, "YWxpY2U=\r\n");
  g_assert_cmpint (feed_smtp (session, "aHVudGVyMg==\r\n"), ==, NEKO_SMTP_LOG_IN);
  neko_smtp_session_logged_in (session, 1000);
  g_assert_cmpint (feed_smtp (session, "MAIL FROM:<alice@neko.test>\r\n"), ==, NEKO_SMTP_CHECK_SENDER);
  neko_smtp_session_sender_checked (session, TRUE);
  feed_smtp (session, "RCPT TO:<carol@neko.test>\r\nDATA\r\nSubject: secret\r\n");
  feed_smtp (session, "\r\nbody\r\n.\r\n");
  neko_smtp_session_fail (session, NEKO_SMTP_FAILURE_REFUSED, "carol@neko.test does not like it");
  feed_smtp (session, "QUIT\r\n");
  neko_smtp_session_free (session);

  lines = dup_conversation (before);
  g_assert_cmpstr (lines, ==,
                   "SMTP EHLO 250\n" "SMTP AUTH 334\n" "SMTP AUTH 334\n" "SMTP AUTH 235 2.7.0\n"
                   "SMTP MAIL 250 2.1.0\n" "SMTP RCPT 250 2.1.5\n" "SMTP DATA 354\n" "SMTP DATA 550 5.7.1\n"
                   "SMTP QUIT 221 2.0.0\n");
}


static void
test_off (void)
{
  guint64 before = count_lines ();
  NekoPop3Session *session = neko_pop3_session_new ();

  neko_log_set_detailed (FALSE);
  feed_pop3 (session, "CAPA\r\n");
  neko_pop3_session_free (session);
  neko_log_set_detailed (TRUE);
  g_assert_cmpuint (count_lines (), ==, before);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  neko_log_start ();
  neko_log_set_detailed (TRUE);

  g_test_add_func ("/protocol/conversation/pop3", test_pop3);
  g_test_add_func ("/protocol/conversation/smtp", test_smtp);
  g_test_add_func ("/protocol/conversation/off", test_off);

  return g_test_run ();
}
