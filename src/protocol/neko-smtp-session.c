/* neko-smtp-session.c - one submission conversation (RFC 6409), without the socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-session-private.h"

#include <string.h>

/* Output beyond this is sent before the next command is looked at. */
#define OUTPUT_LIMIT 16384

/* What SIZE announces before the account, and with it the Worker's limit, is known. */
#define DEFAULT_MAX_SIZE (G_GUINT64_CONSTANT (25) * 1024 * 1024)


void
neko_smtp_session_enter (NekoSmtpSession *self,
                         NekoSmtpState    state)
{
  g_debug ("smtp: %#x -> %#x", self->state, state);
  self->state = state;
}


NekoSmtpAction
neko_smtp_session_reply (NekoSmtpSession *self,
                         const char      *line)
{
  g_string_append_printf (self->output, "%s\r\n", line);

  return NEKO_SMTP_CONTINUE;
}


NekoSmtpAction
neko_smtp_session_close (NekoSmtpSession *self,
                         const char      *line)
{
  neko_smtp_session_enter (self, NEKO_SMTP_STATE_CLOSED);
  neko_smtp_session_reply (self, line);

  return NEKO_SMTP_CLOSE;
}


/* A command did what it is for. */
NekoSmtpAction
neko_smtp_session_reply_good (NekoSmtpSession *self,
                              const char      *line)
{
  neko_command_reader_forgive (self->commands);

  return neko_smtp_session_reply (self, line);
}


NekoSmtpAction
neko_smtp_session_reply_bad (NekoSmtpSession *self,
                             const char      *line)
{
  if (neko_command_reader_count_bad (self->commands))
    return neko_smtp_session_close (self, "421 4.7.0 too many bad commands");

  return neko_smtp_session_reply (self, line);
}


/* Ends a mail transaction, RFC 5321 section 3.3. */
void
neko_smtp_session_reset (NekoSmtpSession *self)
{
  g_clear_pointer (&self->submission, neko_submission_free);
  g_byte_array_set_size (self->body, 0);
  self->data_failure = NULL;
  self->is_utf8 = FALSE;

  if ((self->state & (NEKO_SMTP_STATE_CONNECTED | NEKO_SMTP_STATE_GREETED)) == 0)
    neko_smtp_session_enter (self, NEKO_SMTP_STATE_READY);
}


static NekoSmtpAction
feed (NekoSmtpSession *self,
      const uint8_t  **data,
      size_t          *length)
{
  if (self->state == NEKO_SMTP_STATE_DATA)
    return neko_smtp_session_feed_data (self, data, length);

  if (self->state == NEKO_SMTP_STATE_CHUNK)
    return neko_smtp_session_feed_chunk (self, data, length);

  return neko_smtp_session_feed_line (self, data, length);
}


/**
 * neko_smtp_session_feed:
 * @data: (inout): input; moved on behind what was consumed
 * @length: (inout): its length in octets
 *
 * Takes input up to the first thing that needs the owner, or until there is enough output to send.
 * What is pipelined behind it stays in @data (RFC 2920).
 *
 * Returns: what the owner has to do next
 */
NekoSmtpAction
neko_smtp_session_feed (NekoSmtpSession *self,
                        const uint8_t  **data,
                        size_t          *length)
{
  NekoSmtpAction action = NEKO_SMTP_CONTINUE;

  g_return_val_if_fail ((self->state & NEKO_SMTP_STATE_ANY_INPUT) != 0, NEKO_SMTP_CLOSE);

  while (*length > 0 && action == NEKO_SMTP_CONTINUE && self->output->len < OUTPUT_LIMIT) {
    size_t start = self->output->len;

    action = feed (self, data, length);
    neko_conversation_note (&self->conversation, self->output, start);
  }

  return action;
}


static void
set_max_size (NekoSmtpSession *self,
              guint64          max_size)
{
  self->max_size = max_size;
  g_free (self->too_large);
  self->too_large = g_strdup_printf ("552 5.3.4 message is larger than %" G_GUINT64_FORMAT
                                     " octets; attachments grow by a third when they are sent",
                                     max_size);
}


/**
 * neko_smtp_session_set_security:
 *
 * Says how the session is protected, before anything is fed; and that it is now, where
 * %NEKO_SMTP_START_TLS was done. Nothing is kept of what was said before, since somebody on the way
 * may have said it (RFC 3207 section 4.2).
 */
void
neko_smtp_session_set_security (NekoSmtpSession *self,
                                NekoSecurity     security)
{
  g_return_if_fail ((self->state & (NEKO_SMTP_STATE_CONNECTED | NEKO_SMTP_STATE_HANDSHAKE)) != 0);

  neko_smtp_session_reset (self);
  neko_command_reader_free (self->commands);
  self->commands = neko_command_reader_new (NEKO_SMTP_LINE_LIMIT);
  g_clear_pointer (&self->user, g_free);
  self->security = security;
  neko_smtp_session_enter (self, NEKO_SMTP_STATE_CONNECTED);
}


/**
 * neko_smtp_session_logged_in:
 * @max_size: the largest message that the account may send, in octets
 *
 * Answers %NEKO_SMTP_LOG_IN: the credentials are right.
 */
void
neko_smtp_session_logged_in (NekoSmtpSession *self,
                             guint64          max_size)
{
  size_t start = self->output->len;

  g_return_if_fail (self->state == NEKO_SMTP_STATE_LOGGING_IN);

  g_clear_pointer (&self->password, neko_secret_free);
  self->is_authenticated = TRUE;
  set_max_size (self, max_size);
  neko_smtp_session_enter (self, NEKO_SMTP_STATE_READY);
  neko_smtp_session_reply_good (self, "235 2.7.0 authenticated");
  neko_conversation_note (&self->conversation, self->output, start);
}


/**
 * neko_smtp_session_sender_checked:
 * @is_allowed: whether the account may send as the submission's sender
 *
 * Answers %NEKO_SMTP_CHECK_SENDER.
 */
void
neko_smtp_session_sender_checked (NekoSmtpSession *self,
                                  gboolean         is_allowed)
{
  size_t start = self->output->len;

  g_return_if_fail (self->state == NEKO_SMTP_STATE_CHECKING_SENDER);

  if (is_allowed) {
    neko_smtp_session_enter (self, NEKO_SMTP_STATE_TRANSACTION);
    neko_smtp_session_reply_good (self, "250 2.1.0 sender ok");
  } else {
    neko_smtp_session_reply (self, "550 5.7.1 this sender address is not yours");
    neko_smtp_session_reset (self);
  }

  neko_conversation_note (&self->conversation, self->output, start);
}


/**
 * neko_smtp_session_fail_storage:
 *
 * Answers %NEKO_SMTP_STORE, before any output is sent: there is no room for the message. It is read to
 * its end and refused for now; the reply to a chunk that was in the output is taken back.
 */
void
neko_smtp_session_fail_storage (NekoSmtpSession *self)
{
  static const char reason[] = "452 4.3.1 no room on this computer for the message";

  g_return_if_fail ((self->state & (NEKO_SMTP_STATE_ANY_DATA | NEKO_SMTP_STATE_SUBMITTING)) != 0);

  self->data_failure = reason;

  if (self->state == NEKO_SMTP_STATE_CHUNKS) {
    g_string_truncate (self->output, self->reply_start);
    neko_smtp_session_reply (self, reason);
  } else if (self->state == NEKO_SMTP_STATE_SUBMITTING) {
    neko_smtp_session_reply (self, reason);
    neko_smtp_session_reset (self);
  }
}


/* Whether the Worker's words may stand at the beginning of a reply, as in "550 5.1.1". */
static gboolean
is_permanent_code (const char *code)
{
  size_t length = strlen (code);

  return length >= 3 && length <= 11 && code[0] == '5' && g_ascii_isdigit (code[1]) &&
         g_ascii_isdigit (code[2]) && strspn (code, "0123456789. ") == length;
}


/**
 * neko_smtp_session_submitted:
 * @deliveries: (element-type NekoDelivery): one for each recipient
 *
 * Answers %NEKO_SMTP_SUBMIT: the message was handed over. It is refused where every recipient was;
 * where only some were, the Worker reports them to the sender.
 */
void
neko_smtp_session_submitted (NekoSmtpSession *self,
                             GPtrArray       *deliveries)
{
  const NekoDelivery *first = deliveries->len > 0 ? g_ptr_array_index (deliveries, 0) : NULL;
  gboolean is_refused = first != NULL;
  size_t start = self->output->len;

  g_return_if_fail (self->state == NEKO_SMTP_STATE_SUBMITTING);

  for (guint i = 0; i < deliveries->len; i++) {
    const NekoDelivery *delivery = g_ptr_array_index (deliveries, i);

    is_refused = is_refused && delivery->is_refused;
  }

  if (is_refused) {
    g_string_append_printf (self->output, "%s ",
                            is_permanent_code (first->code) ? first->code : "554 5.0.0");
    neko_reply_append_text (self->output, first->reason);
  } else {
    neko_smtp_session_reply (self, "250 2.0.0 message accepted");
  }

  neko_conversation_note (&self->conversation, self->output, start);

  neko_smtp_session_reset (self);
}


/**
 * neko_smtp_session_fail:
 * @reason: the cause and the remedy in one line
 *
 * Answers %NEKO_SMTP_LOG_IN or %NEKO_SMTP_SUBMIT: it did not work.
 */
void
neko_smtp_session_fail (NekoSmtpSession *self,
                        NekoSmtpFailure  failure,
                        const char      *reason)
{
  static const char *const codes[] = {
    [NEKO_SMTP_FAILURE_AUTHENTICATION] = "535 5.7.8",
    [NEKO_SMTP_FAILURE_TOO_MANY] = "454 4.7.0",
    [NEKO_SMTP_FAILURE_UNAVAILABLE] = "451 4.4.1",
    [NEKO_SMTP_FAILURE_THROTTLED] = "451 4.7.1",
    [NEKO_SMTP_FAILURE_SIGN_IN] = "454 4.7.0",
    [NEKO_SMTP_FAILURE_TOO_LARGE] = "552 5.3.4",
    [NEKO_SMTP_FAILURE_QUOTA] = "452 4.2.2",
    [NEKO_SMTP_FAILURE_REFUSED] = "550 5.7.1",
  };
  size_t start = self->output->len;

  g_return_if_fail ((self->state & (NEKO_SMTP_STATE_LOGGING_IN | NEKO_SMTP_STATE_SUBMITTING)) != 0);

  g_clear_pointer (&self->password, neko_secret_free);
  g_string_append_printf (self->output, "%s ", codes[failure]);
  neko_reply_append_text (self->output, reason);
  neko_conversation_note (&self->conversation, self->output, start);

  if (self->state == NEKO_SMTP_STATE_LOGGING_IN)
    neko_smtp_session_enter (self, NEKO_SMTP_STATE_GREETED);
  else
    neko_smtp_session_reset (self);
}


/**
 * neko_smtp_session_shut_down:
 * @line: a reply of class 421
 *
 * Ends the session from our side. What was not handed over yet stays with the client.
 */
void
neko_smtp_session_shut_down (NekoSmtpSession *self,
                             const char      *line)
{
  neko_smtp_session_close (self, line);
}


/**
 * neko_smtp_session_new:
 *
 * Returns: (transfer full): a session with its greeting in the output
 */
NekoSmtpSession *
neko_smtp_session_new (void)
{
  NekoSmtpSession *self = g_new0 (NekoSmtpSession, 1);

  self->state = NEKO_SMTP_STATE_CONNECTED;
  neko_conversation_init (&self->conversation, "SMTP");
  self->commands = neko_command_reader_new (NEKO_SMTP_LINE_LIMIT);
  self->output = g_string_new (NULL);
  self->sasl = neko_sasl_new ();
  self->body = g_byte_array_new ();
  set_max_size (self, DEFAULT_MAX_SIZE);
  neko_smtp_session_reply (self, "220 localhost ESMTP Neko Mail");

  return self;
}


void
neko_smtp_session_free (NekoSmtpSession *self)
{
  if (self == NULL)
    return;

  neko_command_reader_free (self->commands);
  g_string_free (self->output, TRUE);
  g_free (self->too_large);
  neko_sasl_free (self->sasl);
  g_free (self->user);
  neko_secret_free (self->password);
  neko_submission_free (self->submission);
  g_byte_array_unref (self->body);
  g_free (self);
}


/**
 * neko_smtp_session_get_output:
 *
 * Returns: what has to be sent to the client; the owner truncates it when it is sent
 */
GString *
neko_smtp_session_get_output (NekoSmtpSession *self)
{
  return self->output;
}


/**
 * neko_smtp_session_get_body:
 *
 * Returns: octets of the message; valid until more is fed
 */
GByteArray *
neko_smtp_session_get_body (NekoSmtpSession *self)
{
  return self->body;
}


/**
 * neko_smtp_session_get_submission:
 *
 * Returns: (nullable): the transaction's envelope, and the size of what was received of its message
 */
NekoSubmission *
neko_smtp_session_get_submission (NekoSmtpSession *self)
{
  return self->submission;
}


const char *
neko_smtp_session_get_user (NekoSmtpSession *self)
{
  return self->user;
}


const char *
neko_smtp_session_get_password (NekoSmtpSession *self)
{
  return self->password;
}


/**
 * neko_smtp_session_is_in_data:
 *
 * Returns: whether more of the message that was stored so far may come
 */
gboolean
neko_smtp_session_is_in_data (NekoSmtpSession *self)
{
  return (self->state & NEKO_SMTP_STATE_ANY_DATA) != 0;
}
