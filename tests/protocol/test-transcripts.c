/* test-transcripts.c - conversations in text files, replayed however the network may cut them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-pop3-session.h"
#include "neko-smtp-session.h"

/* In a transcript a line "C: …" is sent and "S: …" is expected; "\xNN" is an octet, and a line that
 * ends in "\" is not ended by CRLF. "TLS: offered" or "TLS: required" at the beginning says what is to
 * be had. Others are comments. */
typedef struct {
  NekoSecurity security;
  GString     *input;
  GString     *output;
} Transcript;

/* The mail that all POP3 transcripts see: "one" of 10 octets, "two" of 20, "gone" of 30. */
static const char *const ids[] = { "one", "two", "gone" };


static void
append_line (GString    *text,
             const char *line)
{
  for (; *line != '\0'; line++) {
    if (g_str_has_prefix (line, "\\x") && g_ascii_isxdigit (line[2]) && g_ascii_isxdigit (line[3])) {
      g_string_append_c (text, g_ascii_xdigit_value (line[2]) * 16 + g_ascii_xdigit_value (line[3]));
      line += 3;
    } else if (g_str_equal (line, "\\")) {
      return;
    } else {
      g_string_append_c (text, *line);
    }
  }

  g_string_append (text, "\r\n");
}


static Transcript *
load (const char *path)
{
  Transcript *transcript = g_new0 (Transcript, 1);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  transcript->input = g_string_new (NULL);
  transcript->output = g_string_new (NULL);

  for (size_t i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix (lines[i], "C: "))
      append_line (transcript->input, lines[i] + 3);
    else if (g_str_has_prefix (lines[i], "S: "))
      append_line (transcript->output, lines[i] + 3);
    else if (g_str_equal (lines[i], "TLS: offered"))
      transcript->security = NEKO_SECURITY_OFFERED;
    else if (g_str_equal (lines[i], "TLS: required"))
      transcript->security = NEKO_SECURITY_REQUIRED;
  }

  return transcript;
}


static guint64
get_octets (gconstpointer data,
            size_t        position)
{
  return (position + 1) * 10;
}


static const char *
get_unique_id (gconstpointer data,
               size_t        position)
{
  return ids[position];
}


static void
log_in_pop3 (NekoPop3Session *session)
{
  static const NekoPop3Listing listing = { G_N_ELEMENTS (ids), 60, get_octets, get_unique_id, NULL };
  const char *user = neko_pop3_session_get_user (session);

  if (g_str_equal (user, "locked"))
    neko_pop3_session_fail (session, NEKO_POP3_FAILURE_TEMPORARY, "unlock the keyring");
  else if (g_str_equal (user, "revoked"))
    neko_pop3_session_fail (session, NEKO_POP3_FAILURE_PERMANENT, "sign in again\r\n+OK");
  else if (g_str_equal (neko_pop3_session_get_password (session), "right horse"))
    neko_pop3_session_logged_in (session, &listing);
  else
    neko_pop3_session_fail (session, NEKO_POP3_FAILURE_AUTHENTICATION, "wrong");
}


static void
retrieve_pop3 (NekoPop3Session *session)
{
  size_t position = neko_pop3_session_get_position (session);

  if (g_str_equal (ids[position], "gone")) {
    neko_pop3_session_fail (session, NEKO_POP3_FAILURE_PERMANENT, "message gone");
    return;
  }

  neko_pop3_session_retrieve (session);
  g_string_append_printf (neko_pop3_session_get_output (session), "(%s, lines %d)\r\n.\r\n",
                          ids[position], neko_pop3_session_get_lines (session));
}


/* Returns whether the session goes on. */
static gboolean
act_pop3 (NekoPop3Session *session,
          NekoPop3Action   action)
{
  switch (action) {
  case NEKO_POP3_LOG_IN:
    log_in_pop3 (session);
    return TRUE;

  case NEKO_POP3_RETRIEVE:
    retrieve_pop3 (session);
    return TRUE;

  case NEKO_POP3_UPDATE:
    if (neko_pop3_session_is_marked (session, 2))
      neko_pop3_session_fail (session, NEKO_POP3_FAILURE_TEMPORARY, "the Worker failed");
    else
      neko_pop3_session_updated (session);
    return FALSE;

  case NEKO_POP3_START_TLS:
    neko_pop3_session_set_security (session, NEKO_SECURITY_TLS);
    return TRUE;

  case NEKO_POP3_CLOSE:
    return FALSE;

  case NEKO_POP3_CONTINUE:
  default:
    return TRUE;
  }
}


static char *
replay_pop3 (const Transcript *transcript,
             size_t            step)
{
  const GString *input = transcript->input;
  g_autoptr (NekoPop3Session) session = neko_pop3_session_new ();
  g_autoptr (GString) output = g_string_new (NULL);
  GString *text = neko_pop3_session_get_output (session);
  gboolean is_open = TRUE;

  neko_pop3_session_set_security (session, transcript->security);

  for (size_t i = 0; i < input->len && is_open; i += step) {
    const uint8_t *data = (const uint8_t *) input->str + i;
    size_t length = MIN (step, input->len - i);

    /* A listing goes on without input. */
    do {
      g_string_append (output, text->str);
      g_string_truncate (text, 0);
      is_open = act_pop3 (session, neko_pop3_session_feed (session, &data, &length));
    } while (is_open && (length > 0 || text->len > 0));
  }

  g_string_append (output, text->str);
  g_string_append (output, is_open ? "" : "(closed)\r\n");

  return g_string_free (g_steal_pointer (&output), FALSE);
}


static void
log_in_smtp (NekoSmtpSession *session)
{
  if (g_str_equal (neko_smtp_session_get_user (session), "a") &&
      g_str_equal (neko_smtp_session_get_password (session), "b"))
    neko_smtp_session_logged_in (session, 1000);
  else if (g_str_equal (neko_smtp_session_get_user (session), "guessed"))
    neko_smtp_session_fail (session, NEKO_SMTP_FAILURE_TOO_MANY, "too many log-ins failed");
  else if (g_str_equal (neko_smtp_session_get_user (session), "revoked"))
    neko_smtp_session_fail (session, NEKO_SMTP_FAILURE_SIGN_IN, "sign in again in Neko Mail");
  else
    neko_smtp_session_fail (session, NEKO_SMTP_FAILURE_AUTHENTICATION, "wrong");
}


static void
append_parameter (GString    *text,
                  const char *name,
                  const char *value)
{
  if (value != NULL)
    g_string_append_printf (text, " %s=%s", name, value);
}


/* Answers as the recipient's name says, and shows what was received. */
static void
submit_smtp (NekoSmtpSession *session,
             GString         *message)
{
  NekoSubmission *submission = neko_smtp_session_get_submission (session);
  g_autoptr (GPtrArray) deliveries = g_ptr_array_new_with_free_func (
    (GDestroyNotify) neko_delivery_free);
  g_autofree char *shown = g_strescape (message->str, NULL);

  g_string_append_printf (neko_smtp_session_get_output (session), "(%s", submission->sender);
  append_parameter (neko_smtp_session_get_output (session), "RET", submission->ret);
  append_parameter (neko_smtp_session_get_output (session), "ENVID", submission->envelope_id);
  g_string_append_c (neko_smtp_session_get_output (session), ':');

  for (guint i = 0; i < submission->recipients->len; i++) {
    const NekoRecipient *recipient = g_ptr_array_index (submission->recipients, i);
    gboolean is_refused = g_str_has_prefix (recipient->address, "no@");

    g_string_append_printf (neko_smtp_session_get_output (session), " %s", recipient->address);
    append_parameter (neko_smtp_session_get_output (session), "NOTIFY", recipient->notify);
    append_parameter (neko_smtp_session_get_output (session), "ORCPT", recipient->original);
    g_ptr_array_add (deliveries, neko_delivery_new (recipient->address, is_refused, "550 5.1.1",
                                                    "no such\r\nuser"));
  }

  g_string_append_printf (neko_smtp_session_get_output (session), ": %s)\r\n", shown);
  g_string_truncate (message, 0);

  if (g_str_has_prefix (submission->sender, "down@"))
    neko_smtp_session_fail (session, NEKO_SMTP_FAILURE_UNAVAILABLE, "the Worker cannot be reached");
  else
    neko_smtp_session_submitted (session, deliveries);
}


static gboolean
act_smtp (NekoSmtpSession *session,
          NekoSmtpAction   action,
          GString         *message)
{
  GByteArray *body = neko_smtp_session_get_body (session);

  switch (action) {
  case NEKO_SMTP_LOG_IN:
    log_in_smtp (session);
    return TRUE;

  case NEKO_SMTP_CHECK_SENDER:
    g_string_truncate (message, 0);
    neko_smtp_session_sender_checked (session,
                                      g_str_has_suffix (neko_smtp_session_get_submission (session)->sender,
                                                        "@x.org"));
    return TRUE;

  case NEKO_SMTP_STORE:
    g_string_append_len (message, (const char *) body->data, body->len);

    if (strstr (message->str, "disk full") != NULL)
      neko_smtp_session_fail_storage (session);

    return TRUE;

  case NEKO_SMTP_SUBMIT:
    g_string_append_len (message, (const char *) body->data, body->len);

    if (strstr (message->str, "disk full") != NULL)
      neko_smtp_session_fail_storage (session);
    else
      submit_smtp (session, message);

    return TRUE;

  case NEKO_SMTP_START_TLS:
    g_string_append (neko_smtp_session_get_output (session), "(TLS)\r\n");
    neko_smtp_session_set_security (session, NEKO_SECURITY_TLS);
    return TRUE;

  case NEKO_SMTP_CLOSE:
    return FALSE;

  case NEKO_SMTP_CONTINUE:
  default:
    return TRUE;
  }
}


static char *
replay_smtp (const Transcript *transcript,
             size_t            step)
{
  const GString *input = transcript->input;
  g_autoptr (NekoSmtpSession) session = neko_smtp_session_new ();
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (GString) message = g_string_new (NULL);
  gboolean is_open = TRUE;

  neko_smtp_session_set_security (session, transcript->security);

  for (size_t i = 0; i < input->len && is_open; i += step) {
    const uint8_t *data = (const uint8_t *) input->str + i;
    size_t length = MIN (step, input->len - i);

    while (is_open && length > 0) {
      is_open = act_smtp (session, neko_smtp_session_feed (session, &data, &length), message);
      g_string_append (output, neko_smtp_session_get_output (session)->str);
      g_string_truncate (neko_smtp_session_get_output (session), 0);
    }
  }

  g_string_append (output, is_open ? "" : "(closed)\r\n");

  return g_string_free (g_steal_pointer (&output), FALSE);
}


static void
test_transcript (gconstpointer path)
{
  static const size_t steps[] = { 1, 2, 3, 7, 64, G_MAXSIZE / 2 };
  Transcript *transcript = load (path);
  gboolean is_pop3 = strstr (path, "/transcripts/pop3/") != NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autofree char *output = is_pop3 ? replay_pop3 (transcript, steps[i])
                                      : replay_smtp (transcript, steps[i]);

    g_assert_cmpstr (output, ==, transcript->output->str);
  }

  g_string_free (transcript->input, TRUE);
  g_string_free (transcript->output, TRUE);
  g_free (transcript);
}


static void
add_folder (const char *root,
            const char *protocol)
{
  g_autofree char *folder = g_build_filename (root, protocol, NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (directory);

  while ((name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *path = g_strdup_printf ("/protocol/transcripts/%s/%s", protocol, name);

    g_test_add_data_func_full (path, g_build_filename (folder, name, NULL), test_transcript, g_free);
  }
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);

  add_folder (argv[1], "pop3");
  add_folder (argv[1], "smtp");

  return g_test_run ();
}
