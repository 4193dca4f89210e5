/* test-smtp-bodies.c - messages come out of DATA and BDAT as they went in, however they are cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "smtp-owner.h"

typedef struct {
  const char *name;
  const char *text;
  size_t      filler; /* octets of a long line behind it */
} Body;

static const Body bodies[] = {
  { "latin1",        "Subject: \xe9\r\n\r\nna\xefve \xff\x80\r\n", 0 },
  { "utf8",          "Subject: \xc3\xa9\r\n\r\n\xe7\x8c\xab\r\n",  0 },
  { "long-line",     "Subject: x\r\n\r\n",                         10000 },
  { "no-final-crlf", "Subject: x\r\n\r\nno end",                   0 },
  { "empty",         "",                                           0 },
  { "headers-only",  "Subject: x\r\nTo: y\r\n",                    0 },
  { "only-crlf",     "\r\n",                                       0 },
  { "dot",           "\r\n.\r\n",                                  0 },
  { "dots",          "\r\n..\r\n...\r\n",                          0 },
  { "dot-x",         "\r\n.x\r\n",                                 0 },
  { "dot-first",     ".\r\n\r\n.\r\nQUIT\r\n",                     0 },
  { "commands",      "RSET\r\nQUIT\r\nBDAT 1 LAST\r\n",            0 },
};


static GString *
create_body (const Body *body)
{
  GString *text = g_string_new (body->text);

  for (size_t i = 0; i < body->filler; i++)
    g_string_append_c (text, 'a' + i % 26);

  return text;
}


/* What a client does, RFC 5321 section 4.5.2: it doubles dots, and ends the last line. */
static GString *
to_data (const GString *body)
{
  GString *input = g_string_new (SMTP_OWNER_RCPT "DATA\r\n");

  for (size_t i = 0; i < body->len; i++) {
    if (body->str[i] == '.' && (i == 0 || body->str[i - 1] == '\n'))
      g_string_append_c (input, '.');

    g_string_append_c (input, body->str[i]);
  }

  if (body->len > 0 && body->str[body->len - 1] != '\n')
    g_string_append (input, "\r\n");

  g_string_append (input, ".\r\n");

  return input;
}


static GString *
to_chunks (const GString *body,
           size_t         cut)
{
  GString *input = g_string_new (SMTP_OWNER_RCPT);

  g_string_append_printf (input, "BDAT %" G_GSIZE_FORMAT "\r\n", cut);
  g_string_append_len (input, body->str, cut);
  g_string_append_printf (input, "BDAT %" G_GSIZE_FORMAT " LAST\r\n", body->len - cut);
  g_string_append_len (input, body->str + cut, body->len - cut);

  return input;
}


static void
assert_passes (const GString *input,
               size_t         cut,
               const char    *sha256)
{
  g_autoptr (SmtpOwner) owner = smtp_owner_new (NEKO_SECURITY_CLEAR);
  g_autofree char *digest = NULL;

  smtp_owner_feed (owner, input->str, cut);
  smtp_owner_feed (owner, input->str + cut, input->len - cut);
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) owner->submitted->str,
                                        owner->submitted->len);
  g_assert_cmpuint (owner->submissions, ==, 1);
  g_assert_cmpstr (digest, ==, sha256);
  g_assert_true (g_str_has_suffix (owner->output->str, "250 2.0.0 message accepted\r\n"));

  smtp_owner_say (owner, "NOOP\r\n");
  g_assert_true (g_str_has_suffix (owner->output->str, "250 2.0.0 ok\r\n"));
}


static void
test_data (gconstpointer user_data)
{
  g_autoptr (GString) body = create_body (user_data);
  g_autoptr (GString) input = to_data (body);
  g_autofree char *sha256 = NULL;

  if (body->len > 0 && body->str[body->len - 1] != '\n')
    g_string_append (body, "\r\n");

  sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body->str, body->len);

  for (size_t cut = 0; cut <= input->len; cut++)
    assert_passes (input, cut, sha256);
}


/* The input is cut at every offset, and so is the message into chunks. */
static void
test_bdat (gconstpointer user_data)
{
  g_autoptr (GString) body = create_body (user_data);
  g_autoptr (GString) input = to_chunks (body, body->len / 2);
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body->str, body->len);

  for (size_t cut = 0; cut <= input->len; cut++)
    assert_passes (input, cut, sha256);

  for (size_t cut = 0; cut <= body->len; cut++) {
    g_autoptr (GString) chunks = to_chunks (body, cut);

    assert_passes (chunks, chunks->len / 2, sha256);
  }
}


/* All octets but NUL pass; CR and LF stand together. */
static void
test_all_octets (void)
{
  g_autoptr (GString) body = g_string_new (NULL);
  g_autoptr (GString) chunks = NULL;
  g_autoptr (GString) data = NULL;
  g_autofree char *sha256 = NULL;

  for (int octet = 1; octet < 256; octet++) {
    if (octet != '\r' && octet != '\n')
      g_string_append_c (body, octet);
  }

  g_string_append (body, "\r\n");
  sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body->str, body->len);
  chunks = to_chunks (body, 7);
  assert_passes (chunks, 0, sha256);
  data = to_data (body);
  assert_passes (data, 0, sha256);
}


/* What the session holds for its owner is never more than what was fed. */
static void
test_streams (void)
{
  g_autoptr (NekoSmtpSession) session = neko_smtp_session_new ();
  g_autofree char *part = g_strnfill (4096, 'x');
  const char *input = SMTP_OWNER_RCPT "BDAT 26214400 LAST\r\n";
  const uint8_t *data = (const uint8_t *) input;
  size_t length = strlen (input);
  NekoSmtpAction action = NEKO_SMTP_CONTINUE;

  while (length > 0) {
    action = neko_smtp_session_feed (session, &data, &length);

    if (action == NEKO_SMTP_LOG_IN)
      neko_smtp_session_logged_in (session, 26214400);
    else if (action == NEKO_SMTP_CHECK_SENDER)
      neko_smtp_session_sender_checked (session, TRUE);
  }

  for (size_t sent = 0; sent < 26214400; sent += 4096) {
    data = (const uint8_t *) part;
    length = 4096;
    action = neko_smtp_session_feed (session, &data, &length);
    g_assert_cmpuint (length, ==, 0);
    g_assert_cmpuint (neko_smtp_session_get_body (session)->len, ==, 4096);
  }

  g_assert_cmpint (action, ==, NEKO_SMTP_SUBMIT);
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autofree char *data = g_strconcat ("/protocol/smtp-bodies/data/", bodies[i].name, NULL);
    g_autofree char *bdat = g_strconcat ("/protocol/smtp-bodies/bdat/", bodies[i].name, NULL);

    g_test_add_data_func (data, &bodies[i], test_data);
    g_test_add_data_func (bdat, &bodies[i], test_bdat);
  }

  g_test_add_func ("/protocol/smtp-bodies/all-octets", test_all_octets);
  g_test_add_func ("/protocol/smtp-bodies/streams", test_streams);

  return g_test_run ();
}
