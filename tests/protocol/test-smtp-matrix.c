/* test-smtp-matrix.c - every command of SMTP in every state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "smtp-owner.h"

/* A chunk comes with its octets, which must never be taken for a command. */
static const char *const commands[] = {
  "EHLO me", "HELO me", "STARTTLS", "AUTH PLAIN AGEAYg==", "MAIL FROM:<me@x.org>",
  "RCPT TO:<b@y.org>", "DATA", "BDAT 6\r\nQUIT", "BDAT 6 LAST\r\nQUIT", "RSET", "NOOP", "HELP",
  "VRFY b", "EXPN b", "WHAT", "QUIT",
};

typedef struct {
  const char  *name;
  NekoSecurity security;
  const char  *input;
  unsigned     replies[G_N_ELEMENTS (commands)]; /* first reply to each command; 0 for none */
} State;

/* In an exchange each line is a response. Words of four and eight letters are base64, and so a user's name. */
static const State states[] = {
  /*                                       EHLO HELO  TLS AUTH MAIL RCPT DATA BDAT LAST RSET NOOP HELP VRFY EXPN WHAT QUIT */
  { "connected", NEKO_SECURITY_CLEAR, "",
    { 250, 250, 502, 503, 530, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "connected-offered", NEKO_SECURITY_OFFERED, "",
    { 250, 250, 220, 503, 530, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "connected-required", NEKO_SECURITY_REQUIRED, "",
    { 250, 250, 220, 530, 530, 530, 530, 530, 530, 250, 250, 214, 530, 530, 500, 221 } },
  { "connected-tls", NEKO_SECURITY_TLS, "",
    { 250, 250, 503, 503, 530, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "greeted", NEKO_SECURITY_CLEAR, SMTP_OWNER_HELO,
    { 250, 250, 502, 235, 530, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "greeted-offered", NEKO_SECURITY_OFFERED, SMTP_OWNER_HELO,
    { 250, 250, 220, 235, 530, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "greeted-required", NEKO_SECURITY_REQUIRED, SMTP_OWNER_HELO,
    { 250, 250, 220, 530, 530, 530, 530, 530, 530, 250, 250, 214, 530, 530, 500, 221 } },
  { "greeted-tls", NEKO_SECURITY_TLS, SMTP_OWNER_HELO,
    { 250, 250, 503, 235, 530, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "after-starttls", NEKO_SECURITY_REQUIRED, SMTP_OWNER_HELO "STARTTLS\r\n",
    { 250, 250, 503, 503, 530, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "exchange", NEKO_SECURITY_CLEAR, SMTP_OWNER_HELO "AUTH LOGIN\r\n",
    { 501, 501, 334, 501, 501, 501, 334, 501, 501, 334, 334, 334, 501, 501, 334, 334 } },
  { "ready", NEKO_SECURITY_CLEAR, SMTP_OWNER_LOG_IN,
    { 250, 250, 502, 503, 250, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "ready-offered", NEKO_SECURITY_OFFERED, SMTP_OWNER_LOG_IN,
    { 250, 250, 503, 503, 250, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "ready-tls", NEKO_SECURITY_TLS, SMTP_OWNER_LOG_IN,
    { 250, 250, 503, 503, 250, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "transaction", NEKO_SECURITY_CLEAR, SMTP_OWNER_MAIL,
    { 250, 250, 502, 503, 503, 250, 554, 554, 554, 250, 250, 214, 252, 502, 500, 221 } },
  { "recipient", NEKO_SECURITY_CLEAR, SMTP_OWNER_RCPT,
    { 250, 250, 502, 503, 503, 250, 354, 250, 250, 250, 250, 214, 252, 502, 500, 221 } },
  { "recipient-offered", NEKO_SECURITY_OFFERED, SMTP_OWNER_RCPT,
    { 250, 250, 503, 503, 503, 250, 354, 250, 250, 250, 250, 214, 252, 502, 500, 221 } },
  { "data", NEKO_SECURITY_CLEAR, SMTP_OWNER_RCPT "DATA\r\n",
    { 0 } },
  { "chunk", NEKO_SECURITY_CLEAR, SMTP_OWNER_RCPT "BDAT 99\r\n",
    { 0 } },
  { "refused-chunk", NEKO_SECURITY_CLEAR, SMTP_OWNER_LOG_IN "BDAT 99\r\n",
    { 0 } },
  { "chunks", NEKO_SECURITY_CLEAR, SMTP_OWNER_RCPT "BDAT 1\r\nx",
    { 250, 250, 502, 503, 503, 503, 503, 250, 250, 250, 250, 214, 252, 502, 500, 221 } },
  { "failed-chunks", NEKO_SECURITY_CLEAR, SMTP_OWNER_RCPT "BDAT 1\r\n\n",
    { 250, 250, 502, 503, 503, 503, 503, 550, 550, 250, 250, 214, 252, 502, 500, 221 } },
  { "behind-data", NEKO_SECURITY_CLEAR, SMTP_OWNER_RCPT "DATA\r\n.\r\n",
    { 250, 250, 502, 503, 250, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "behind-bdat", NEKO_SECURITY_CLEAR, SMTP_OWNER_RCPT "BDAT 0 LAST\r\n",
    { 250, 250, 502, 503, 250, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
  { "behind-rset", NEKO_SECURITY_CLEAR, SMTP_OWNER_RCPT "BDAT 1\r\nxRSET\r\n",
    { 250, 250, 502, 503, 250, 503, 503, 503, 503, 250, 250, 214, 252, 502, 500, 221 } },
};


static void
test_state (gconstpointer user_data)
{
  const State *state = user_data;

  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autoptr (SmtpOwner) owner = smtp_owner_new (state->security);
    g_autofree char *line = g_strconcat (commands[i], "\r\n", NULL);
    size_t before;

    smtp_owner_say (owner, state->input);
    g_assert_true (owner->is_open);
    before = owner->output->len;
    smtp_owner_say (owner, line);
    g_test_message ("%s: %s", commands[i], owner->output->str + before);
    g_assert_cmpuint (g_ascii_strtoull (owner->output->str + before, NULL, 10), ==,
                      state->replies[i]);

    /* The QUIT in a chunk ends a session only where BDAT itself was a response. */
    if (!g_str_equal (state->name, "exchange"))
      g_assert_cmpint (owner->is_open, ==, state->replies[i] != 221);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (states); i++) {
    g_autofree char *path = g_strconcat ("/protocol/smtp-matrix/", states[i].name, NULL);

    g_test_add_data_func (path, &states[i], test_state);
  }

  return g_test_run ();
}
