/* neko-pop3-session.c - one POP3 conversation (RFC 1939), without the socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-session-private.h"


static NekoPop3Action
handle_line (NekoPop3Session *self,
             const char      *line)
{
  if (self->state == EXCHANGE)
    return neko_pop3_session_respond (self, line);

  return neko_pop3_session_handle_command (self, line);
}


static NekoPop3Action
handle_bad_line (NekoPop3Session *self,
                 const char      *line)
{
  if (self->state == EXCHANGE)
    neko_pop3_session_enter_state (self, AUTHORIZATION);

  return neko_pop3_session_refuse (self, line);
}


static NekoPop3Action
read_line (NekoPop3Session *self,
           const uint8_t  **data,
           size_t          *length,
           gboolean        *is_starved)
{
  switch (neko_command_reader_read (self->reader, self->state == EXCHANGE, data, length)) {
  case NEKO_COMMAND_LINE:
    return handle_line (self, neko_command_reader_get_line (self->reader));

  case NEKO_COMMAND_TOO_LONG:
    return handle_bad_line (self, "-ERR line too long");

  case NEKO_COMMAND_HAS_NUL:
    return handle_bad_line (self, "-ERR NUL in a line");

  case NEKO_COMMAND_HTTP:
    neko_pop3_session_enter_state (self, CLOSED);
    return NEKO_POP3_CLOSE;

  case NEKO_COMMAND_INCOMPLETE:
  default:
    *is_starved = TRUE;
    return NEKO_POP3_CONTINUE;
  }
}


/**
 * neko_pop3_session_feed:
 * @data: (inout): input; moved on behind what was consumed
 * @length: (inout): its length in octets, may be 0
 *
 * Takes input up to the first command that needs the owner, or until there is enough output to send.
 * Pipelined commands behind it stay in @data (RFC 2449 section 6.6). A listing goes on, whether there
 * is input or not, so the owner has to feed again whenever it has sent output.
 *
 * Returns: what the owner has to do next
 */
NekoPop3Action
neko_pop3_session_feed (NekoPop3Session *self,
                        const uint8_t  **data,
                        size_t          *length)
{
  NekoPop3Action action = NEKO_POP3_CONTINUE;
  gboolean is_starved = FALSE;

  g_return_val_if_fail ((self->state & (AUTHORIZATION | EXCHANGE | TRANSACTION | LISTING)) != 0,
                        NEKO_POP3_CLOSE);

  while (action == NEKO_POP3_CONTINUE && !is_starved && self->output->len < NEKO_POP3_OUTPUT_LIMIT) {
    size_t start = self->output->len;

    if (self->state == LISTING) {
      neko_pop3_session_proceed_listing (self);
    } else {
      action = read_line (self, data, length, &is_starved);
      neko_conversation_note (&self->conversation, self->output, start);
    }
  }

  return action;
}


/**
 * neko_pop3_session_set_security:
 * @security: what protects the session from now on; at first it is %NEKO_SECURITY_CLEAR
 *
 * Says so before anything is fed, or answers %NEKO_POP3_START_TLS: the session runs inside TLS, and
 * what was said before it is forgotten (RFC 2595 section 4).
 */
void
neko_pop3_session_set_security (NekoPop3Session *self,
                                NekoSecurity     security)
{
  g_return_if_fail ((self->state & (AUTHORIZATION | STARTING_TLS)) != 0);

  self->security = security;
  g_clear_pointer (&self->user, g_free);
  neko_pop3_session_enter_state (self, AUTHORIZATION);
}


/**
 * neko_pop3_session_logged_in:
 * @listing: the messages; what it points to must stay as long as the session
 *
 * Answers %NEKO_POP3_LOG_IN: the credentials are right.
 */
void
neko_pop3_session_logged_in (NekoPop3Session       *self,
                             const NekoPop3Listing *listing)
{
  size_t start = self->output->len;

  g_return_if_fail (self->state == LOGGING_IN);

  self->listing = *listing;
  g_clear_pointer (&self->password, neko_secret_free);
  neko_pop3_session_enter_state (self, TRANSACTION);

  g_string_append_printf (self->output, "+OK %" G_GSIZE_FORMAT " messages\r\n", listing->count);
  neko_conversation_note (&self->conversation, self->output, start);
}


/**
 * neko_pop3_session_retrieve:
 *
 * Answers %NEKO_POP3_RETRIEVE: the message is open. The owner sends it, through a #NekoDotWriter,
 * behind the output, and feeds on afterwards.
 */
void
neko_pop3_session_retrieve (NekoPop3Session *self)
{
  size_t start = self->output->len;

  g_return_if_fail (self->state == RETRIEVING);

  neko_pop3_session_enter_state (self, TRANSACTION);
  neko_pop3_session_reply (self, "+OK message follows");
  neko_conversation_note (&self->conversation, self->output, start);
}


/**
 * neko_pop3_session_updated:
 *
 * Answers %NEKO_POP3_UPDATE: the marked messages are gone for good.
 */
NekoPop3Action
neko_pop3_session_updated (NekoPop3Session *self)
{
  size_t start = self->output->len;

  g_return_val_if_fail (self->state == UPDATE, NEKO_POP3_CLOSE);

  neko_pop3_session_close (self, "+OK bye, messages deleted");
  neko_conversation_note (&self->conversation, self->output, start);

  return NEKO_POP3_CLOSE;
}


/**
 * neko_pop3_session_fail:
 * @reason: the cause and the remedy in one line of ASCII
 *
 * Answers any action: it did not work.
 */
NekoPop3Action
neko_pop3_session_fail (NekoPop3Session *self,
                        NekoPop3Failure  failure,
                        const char      *reason)
{
  static const char *const codes[] = {
    [NEKO_POP3_FAILURE_AUTHENTICATION] = "[AUTH]",
    [NEKO_POP3_FAILURE_TEMPORARY] = "[SYS/TEMP]",
    [NEKO_POP3_FAILURE_PERMANENT] = "[SYS/PERM]",
  };
  gboolean is_update = self->state == UPDATE;
  size_t start = self->output->len;

  g_return_val_if_fail ((self->state & (LOGGING_IN | RETRIEVING | UPDATE)) != 0, NEKO_POP3_CLOSE);

  g_clear_pointer (&self->password, neko_secret_free);
  neko_pop3_session_enter_state (self, self->state == RETRIEVING ? TRANSACTION : AUTHORIZATION);
  g_string_append_printf (self->output, "-ERR %s %s", codes[failure],
                          is_update ? "some messages were not deleted: " : "");
  neko_reply_append_text (self->output, reason);
  neko_conversation_note (&self->conversation, self->output, start);

  if (!is_update)
    return NEKO_POP3_CONTINUE;

  neko_pop3_session_enter_state (self, CLOSED);

  return NEKO_POP3_CLOSE;
}


/**
 * neko_pop3_session_new:
 *
 * Returns: (transfer full): a session with its greeting in the output
 */
NekoPop3Session *
neko_pop3_session_new (void)
{
  NekoPop3Session *self = g_new0 (NekoPop3Session, 1);

  self->state = AUTHORIZATION;
  self->reader = neko_command_reader_new (NEKO_POP3_LINE_LIMIT);
  self->output = g_string_new (NULL);
  self->sasl = neko_sasl_new ();
  neko_conversation_init (&self->conversation, "POP3");
  neko_pop3_session_reply (self, "+OK Neko Mail ready");

  return self;
}


void
neko_pop3_session_free (NekoPop3Session *self)
{
  if (self == NULL)
    return;

  neko_command_reader_free (self->reader);
  g_string_free (self->output, TRUE);
  neko_sasl_free (self->sasl);
  g_free (self->user);
  neko_secret_free (self->password);
  g_free (self->marks);
  g_free (self);
}


/**
 * neko_pop3_session_get_output:
 *
 * Returns: what has to be sent to the client; the owner truncates it when it is sent
 */
GString *
neko_pop3_session_get_output (NekoPop3Session *self)
{
  return self->output;
}


const char *
neko_pop3_session_get_user (NekoPop3Session *self)
{
  return self->user;
}


const char *
neko_pop3_session_get_password (NekoPop3Session *self)
{
  return self->password;
}


/**
 * neko_pop3_session_get_position:
 *
 * Returns: which message %NEKO_POP3_RETRIEVE asks for, from 0
 */
size_t
neko_pop3_session_get_position (NekoPop3Session *self)
{
  return self->position;
}


/**
 * neko_pop3_session_get_lines:
 *
 * Returns: how many lines of the body %NEKO_POP3_RETRIEVE asks for, or -1 for the whole message
 */
int
neko_pop3_session_get_lines (NekoPop3Session *self)
{
  return self->lines;
}


/**
 * neko_pop3_session_is_marked:
 *
 * Returns: whether %NEKO_POP3_UPDATE asks to delete the message at @position
 */
gboolean
neko_pop3_session_is_marked (NekoPop3Session *self,
                             size_t           position)
{
  return self->marks != NULL && (self->marks[position / 8] & 1 << position % 8) != 0;
}


gboolean
neko_pop3_session_is_closed (NekoPop3Session *self)
{
  return self->state == CLOSED;
}
