/* test-smtp-limits.c - every limit of SMTP, at it and one beyond
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-sasl.h"
#include "neko-smtp-parameters.h"
#include "neko-smtp-path.h"
#include "smtp-owner.h"

/* Of one octet each, in front of a number of them and behind. */
typedef struct {
  const char *name;
  const char *input;
  const char *prefix;
  const char *suffix;
  size_t      limit;  /* octets of @prefix from @counted_from on, filler and @suffix */
  size_t      counted_from;
  const char *within;
  const char *beyond;
} Limit;

static const Limit limits[] = {
  { "line", "", "NOOP ", "\r\n", NEKO_SMTP_LINE_LIMIT, 0, "250 2.0.0", "500 5.5.6" },
  { "unknown-line", "", "a", "\r\n", NEKO_SMTP_LINE_LIMIT, 0, "500 5.5.2", "500 5.5.6" },
  { "mail-line", SMTP_OWNER_LOG_IN, "MAIL FROM:<a@x.org> AUTH=", "\r\n", NEKO_SMTP_LINE_LIMIT, 0,
    "250 2.1.0", "500 5.5.6" },
  { "auth-line", SMTP_OWNER_HELO, "AUTH X", "\r\n", NEKO_SASL_LINE_LIMIT, 0, "504 5.5.4",
    "500 5.5.6" },
  { "auth-response", SMTP_OWNER_HELO "AUTH PLAIN\r\n", "-", "\r\n", NEKO_SASL_LINE_LIMIT, 0,
    "501 5.5.2", "500 5.5.6" },
  { "sender", SMTP_OWNER_LOG_IN, "MAIL FROM:<", "@x.org>\r\n", NEKO_SMTP_PATH_LIMIT + 3, 11,
    "250 2.1.0", "501 5.1.7" },
  { "recipient", SMTP_OWNER_MAIL, "RCPT TO:<", "@x.org>\r\n", NEKO_SMTP_PATH_LIMIT + 3, 9,
    "250 2.1.5", "501 5.1.3" },
  { "envelope-id", SMTP_OWNER_LOG_IN, "MAIL FROM:<a@x.org> ENVID=", "\r\n",
    NEKO_SMTP_ENVELOPE_ID_LIMIT + 2, 26, "250 2.1.0", "501 5.5.4" },
  { "original-recipient", SMTP_OWNER_MAIL, "RCPT TO:<a@x.org> ORCPT=x;", "\r\n",
    NEKO_SMTP_ORIGINAL_LIMIT + 2, 24, "250 2.1.5", "501 5.5.4" },
};


static void
assert_reply (const Limit *limit,
              size_t       length,
              const char  *reply)
{
  g_autoptr (SmtpOwner) owner = smtp_owner_new (NEKO_SECURITY_CLEAR);
  size_t fixed = strlen (limit->prefix) - limit->counted_from + strlen (limit->suffix);
  g_autofree char *filler = g_strnfill (length - fixed, 'a');
  g_autofree char *line = g_strconcat (limit->prefix, filler, limit->suffix, NULL);
  size_t before;

  smtp_owner_say (owner, limit->input);
  before = owner->output->len;
  smtp_owner_say (owner, line);
  g_assert_true (g_str_has_prefix (owner->output->str + before, reply));

  /* The session goes on behind it. */
  smtp_owner_say (owner, "NOOP\r\n");
  g_assert_true (g_str_has_suffix (owner->output->str, "250 2.0.0 ok\r\n"));
}


static void
test_limit (gconstpointer user_data)
{
  const Limit *limit = user_data;

  assert_reply (limit, limit->limit, limit->within);
  assert_reply (limit, limit->limit + 1, limit->beyond);
}


static void
test_recipients (void)
{
  g_autoptr (SmtpOwner) owner = smtp_owner_new (NEKO_SECURITY_CLEAR);

  smtp_owner_say (owner, SMTP_OWNER_MAIL);

  for (unsigned i = 0; i < NEKO_SMTP_RECIPIENT_LIMIT; i++) {
    g_autofree char *line = g_strdup_printf ("RCPT TO:<u%u@x.org>\r\n", i);

    smtp_owner_say (owner, line);
    g_assert_true (g_str_has_suffix (owner->output->str, "250 2.1.5 recipient ok\r\n"));
  }

  smtp_owner_say (owner, "RCPT TO:<one-more@x.org>\r\n");
  g_assert_true (g_str_has_suffix (owner->output->str, "452 4.5.3 too many recipients\r\n"));

  /* One that is there already makes none more. */
  smtp_owner_say (owner, "RCPT TO:<U0@x.org>\r\n");
  g_assert_true (g_str_has_suffix (owner->output->str, "250 2.1.5 recipient ok\r\n"));
  g_assert_cmpuint (neko_smtp_session_get_submission (owner->session)->recipients->len, ==,
                    NEKO_SMTP_RECIPIENT_LIMIT);
}


static void
test_bad_commands (void)
{
  g_autoptr (SmtpOwner) owner = smtp_owner_new (NEKO_SECURITY_OFFERED);

  /* They count in a row, and a session begins anew behind STARTTLS. */
  for (unsigned i = 0; i < 9; i++)
    smtp_owner_say (owner, "WHAT\r\n");

  smtp_owner_say (owner, "STARTTLS\r\n");

  for (unsigned i = 0; i < 9; i++)
    smtp_owner_say (owner, "BDAT 1\r\nx");

  g_assert_true (owner->is_open);
  smtp_owner_say (owner, "BDAT 6\r\nQUIT\r\n");
  g_assert_false (owner->is_open);
  g_assert_true (g_str_has_suffix (owner->output->str, "421 4.7.0 too many bad commands\r\n"));
}


static void
send_body (size_t      length,
           gboolean    is_chunk,
           const char *reply)
{
  g_autoptr (SmtpOwner) owner = smtp_owner_new (NEKO_SECURITY_CLEAR);
  g_autofree char *text = g_strnfill (length - 2, 'x');
  g_autofree char *command = g_strdup_printf ("BDAT %" G_GSIZE_FORMAT " LAST\r\n", length);

  smtp_owner_say (owner, SMTP_OWNER_RCPT);
  smtp_owner_say (owner, is_chunk ? command : "DATA\r\n");
  smtp_owner_say (owner, text);
  smtp_owner_say (owner, is_chunk ? "\r\n" : "\r\n.\r\n");
  g_assert_nonnull (strstr (owner->output->str, reply));
  smtp_owner_say (owner, "NOOP\r\n");
  g_assert_true (g_str_has_suffix (owner->output->str, "250 2.0.0 ok\r\n"));
}


static void
test_size (void)
{
  for (int is_chunk = 0; is_chunk < 2; is_chunk++) {
    send_body (SMTP_OWNER_MAX_SIZE, is_chunk, "250 2.0.0 message accepted");
    send_body (SMTP_OWNER_MAX_SIZE + 1, is_chunk, "552 5.3.4 message is larger than 100000 octets");
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (limits); i++) {
    g_autofree char *path = g_strconcat ("/protocol/smtp-limits/", limits[i].name, NULL);

    g_test_add_data_func (path, &limits[i], test_limit);
  }

  g_test_add_func ("/protocol/smtp-limits/recipients", test_recipients);
  g_test_add_func ("/protocol/smtp-limits/bad-commands", test_bad_commands);
  g_test_add_func ("/protocol/smtp-limits/size", test_size);

  return g_test_run ();
}
