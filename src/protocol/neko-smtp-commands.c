/* neko-smtp-commands.c - the verbs of a submission session
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-session-private.h"

#include <string.h>

#include "neko-smtp-parameters.h"
#include "neko-smtp-path.h"

typedef NekoSmtpAction (*Handler) (NekoSmtpSession *self,
                                   const char      *argument);


static NekoSmtpAction
greet (NekoSmtpSession *self,
       const char      *argument,
       const char      *answer)
{
  if (argument == NULL)
    return neko_smtp_session_reply_bad (self, "501 5.5.4 your name is missing");

  neko_smtp_session_enter (self, self->is_authenticated ? NEKO_SMTP_STATE_READY
                                                        : NEKO_SMTP_STATE_GREETED);
  neko_smtp_session_reset (self);

  return neko_smtp_session_reply (self, answer);
}


static gboolean
can_start_tls (NekoSmtpSession *self)
{
  return !self->is_authenticated &&
         (self->security == NEKO_SECURITY_OFFERED || self->security == NEKO_SECURITY_REQUIRED);
}


static gboolean
can_log_in (NekoSmtpSession *self)
{
  return !self->is_authenticated && self->security != NEKO_SECURITY_REQUIRED;
}


/* RFC 5321 section 4.1.1.1; only what works is listed, in the order that Postfix has. */
static NekoSmtpAction
handle_ehlo (NekoSmtpSession *self,
             const char      *argument)
{
  g_autofree char *answer = g_strdup_printf ("250-localhost\r\n"
                                             "250-PIPELINING\r\n"
                                             "250-SIZE %" G_GUINT64_FORMAT "\r\n"
                                             "%s%s"
                                             "250-ENHANCEDSTATUSCODES\r\n"
                                             "250-8BITMIME\r\n"
                                             "250-DSN\r\n"
                                             "250-SMTPUTF8\r\n"
                                             "250 CHUNKING",
                                             self->max_size,
                                             can_start_tls (self) ? "250-STARTTLS\r\n" : "",
                                             can_log_in (self) ? "250-AUTH PLAIN LOGIN\r\n" : "");

  return greet (self, argument, answer);
}


static NekoSmtpAction
handle_helo (NekoSmtpSession *self,
             const char      *argument)
{
  return greet (self, argument, "250 localhost");
}


/* RFC 3207 section 4 */
static NekoSmtpAction
handle_starttls (NekoSmtpSession *self,
                 const char      *argument)
{
  if (self->security == NEKO_SECURITY_CLEAR)
    return neko_smtp_session_reply_bad (self, "502 5.5.1 there is no TLS here");

  if (self->security == NEKO_SECURITY_TLS)
    return neko_smtp_session_reply_bad (self, "503 5.5.1 TLS is active already");

  if (self->is_authenticated)
    return neko_smtp_session_reply_bad (self, "503 5.5.1 STARTTLS comes before AUTH");

  neko_smtp_session_enter (self, NEKO_SMTP_STATE_HANDSHAKE);
  neko_smtp_session_reply_good (self, "220 2.0.0 begin TLS");

  return NEKO_SMTP_START_TLS;
}


static NekoSmtpAction
proceed_exchange (NekoSmtpSession *self,
                  NekoSaslStatus   status)
{
  neko_smtp_session_enter (self, NEKO_SMTP_STATE_GREETED);

  switch (status) {
  case NEKO_SASL_CHALLENGE:
    neko_smtp_session_enter (self, NEKO_SMTP_STATE_EXCHANGE);
    g_string_append_printf (self->output, "334 %s\r\n", neko_sasl_get_challenge (self->sasl));
    return NEKO_SMTP_CONTINUE;

  case NEKO_SASL_READY:
    g_free (self->user);
    self->user = neko_sasl_steal_user (self->sasl);
    self->password = neko_sasl_steal_password (self->sasl);
    neko_smtp_session_enter (self, NEKO_SMTP_STATE_LOGGING_IN);
    return NEKO_SMTP_LOG_IN;

  case NEKO_SASL_CANCELLED:
    return neko_smtp_session_reply (self, "501 5.7.0 authentication cancelled");

  case NEKO_SASL_UNKNOWN:
    return neko_smtp_session_reply (self, "504 5.5.4 unknown mechanism, there are PLAIN and LOGIN");

  case NEKO_SASL_MALFORMED:
  default:
    return neko_smtp_session_reply_bad (self, "501 5.5.2 malformed authentication response");
  }
}


/* RFC 4954 section 4 */
static NekoSmtpAction
handle_auth (NekoSmtpSession *self,
             const char      *argument)
{
  if (self->is_authenticated)
    return neko_smtp_session_reply (self, "503 5.5.1 authenticated already");

  if (self->state == NEKO_SMTP_STATE_CONNECTED)
    return neko_smtp_session_reply_bad (self, "503 5.5.1 EHLO first");

  if (argument == NULL)
    return neko_smtp_session_reply_bad (self, "501 5.5.4 mechanism missing");

  return proceed_exchange (self, neko_sasl_start (self->sasl, argument));
}


/* RFC 6531 section 3.5. Returns: (nullable): the reply to an address with other characters than may be
 * used. */
static const char *
refuse_characters (NekoSmtpPathStatus status,
                   gboolean           is_utf8)
{
  if (status == NEKO_SMTP_PATH_FINE || (status == NEKO_SMTP_PATH_UTF8 && is_utf8))
    return NULL;

  return is_utf8 ? "553 5.6.7 address is not in UTF-8"
                 : "553 5.6.7 address has other characters than ASCII, and MAIL had no SMTPUTF8";
}


/* RFC 5321 section 4.1.1.2 */
static NekoSmtpAction
handle_mail (NekoSmtpSession *self,
             const char      *argument)
{
  g_autofree char *address = NULL;
  g_auto (NekoSmtpParameters) parameters = {
    .max_size = self->max_size,
    .too_large = self->too_large,
  };
  NekoSmtpPathStatus status;
  const char *rest = "";
  const char *refusal;

  if (!self->is_authenticated)
    return neko_smtp_session_reply_bad (self, "530 5.7.0 authentication required");

  if ((self->state & NEKO_SMTP_STATE_ANY_TRANSACTION) != 0)
    return neko_smtp_session_reply_bad (self, "503 5.5.1 a transaction is open already");

  status = neko_smtp_path_parse (argument, "FROM:", &address, &rest);

  if (status == NEKO_SMTP_PATH_MALFORMED)
    return neko_smtp_session_reply_bad (self, "501 5.1.7 malformed sender, "
                                        "MAIL FROM:<address> wanted");

  refusal = neko_smtp_parameters_parse_mail (&parameters, rest);

  if (refusal == NULL)
    refusal = refuse_characters (status, parameters.is_utf8);

  if (refusal != NULL)
    return neko_smtp_session_reply (self, refusal);

  self->is_utf8 = parameters.is_utf8;
  self->submission = neko_submission_new (address);
  self->submission->ret = g_steal_pointer (&parameters.ret);
  self->submission->envelope_id = g_steal_pointer (&parameters.envelope_id);
  neko_smtp_session_enter (self, NEKO_SMTP_STATE_CHECKING_SENDER);

  return NEKO_SMTP_CHECK_SENDER;
}


/* RFC 5321 section 4.1.1.3 */
static NekoSmtpAction
handle_rcpt (NekoSmtpSession *self,
             const char      *argument)
{
  g_autofree char *address = NULL;
  g_auto (NekoSmtpParameters) parameters = { .is_utf8 = self->is_utf8 };
  NekoSmtpPathStatus status;
  const char *rest = "";
  const char *refusal;

  if (self->state == NEKO_SMTP_STATE_CHUNKS)
    return neko_smtp_session_reply_bad (self, "503 5.5.1 BDAT has begun");

  if (self->state != NEKO_SMTP_STATE_TRANSACTION)
    return neko_smtp_session_reply_bad (self, "503 5.5.1 MAIL first");

  status = neko_smtp_path_parse (argument, "TO:", &address, &rest);

  if (status == NEKO_SMTP_PATH_MALFORMED)
    return neko_smtp_session_reply_bad (self, "501 5.1.3 malformed recipient, "
                                        "RCPT TO:<address> wanted");

  refusal = refuse_characters (status, self->is_utf8);

  if (refusal != NULL)
    return neko_smtp_session_reply (self, refusal);

  if (*address == '\0')
    return neko_smtp_session_reply_bad (self, "501 5.1.3 empty recipient");

  refusal = neko_smtp_parameters_parse_recipient (&parameters, rest);

  if (refusal != NULL)
    return neko_smtp_session_reply (self, refusal);

  if (self->submission->recipients->len >= NEKO_SMTP_RECIPIENT_LIMIT &&
      !neko_submission_has_recipient (self->submission, address))
    return neko_smtp_session_reply (self, "452 4.5.3 too many recipients");

  neko_submission_add_recipient (self->submission, address, parameters.notify,
                                 parameters.original);

  return neko_smtp_session_reply_good (self, "250 2.1.5 recipient ok");
}


/* RFC 5321 section 4.1.1.4 */
static NekoSmtpAction
handle_data (NekoSmtpSession *self,
             const char      *argument)
{
  if (self->state == NEKO_SMTP_STATE_CHUNKS)
    return neko_smtp_session_reply_bad (self, "503 5.5.1 BDAT has begun");

  if (self->state != NEKO_SMTP_STATE_TRANSACTION)
    return neko_smtp_session_reply_bad (self, "503 5.5.1 MAIL first");

  if (self->submission->recipients->len == 0)
    return neko_smtp_session_reply (self, "554 5.5.1 no valid recipients");

  return neko_smtp_session_begin_data (self);
}


/* RFC 3030 section 2 */
static NekoSmtpAction
handle_bdat (NekoSmtpSession *self,
             const char      *argument)
{
  return neko_smtp_session_begin_chunk (self, argument);
}


static NekoSmtpAction
handle_rset (NekoSmtpSession *self,
             const char      *argument)
{
  neko_smtp_session_reset (self);

  return neko_smtp_session_reply (self, "250 2.0.0 ok");
}


static NekoSmtpAction
handle_noop (NekoSmtpSession *self,
             const char      *argument)
{
  return neko_smtp_session_reply (self, "250 2.0.0 ok");
}


static NekoSmtpAction
handle_help (NekoSmtpSession *self,
             const char      *argument)
{
  return neko_smtp_session_reply (self, "214 2.0.0 this is mail submission, RFC 6409");
}


/* RFC 5321 section 3.5.3: who does not verify says so. Any argument will do, also one with SMTPUTF8
 * (RFC 6531 section 3.7.4.2): nothing of it is repeated. */
static NekoSmtpAction
handle_vrfy (NekoSmtpSession *self,
             const char      *argument)
{
  if (argument == NULL)
    return neko_smtp_session_reply_bad (self, "501 5.5.4 address missing");

  return neko_smtp_session_reply (self, "252 2.5.0 send some mail, it will be tried");
}


static NekoSmtpAction
handle_quit (NekoSmtpSession *self,
             const char      *argument)
{
  return neko_smtp_session_close (self, "221 2.0.0 bye");
}


/* RFC 5321 section 4.2.4: known, and not for us. */
static NekoSmtpAction
refuse_verb (NekoSmtpSession *self,
             const char      *argument)
{
  return neko_smtp_session_reply_bad (self, "502 5.5.1 command not implemented");
}


/* RFC 3207 section 4: where TLS is required, only a few commands work before it. */
static const struct {
  const char *verb;
  gboolean    takes_argument;
  gboolean    works_before_tls;
  Handler     handle;
} commands[] = {
  { "EHLO",     TRUE,  TRUE,  handle_ehlo     },
  { "HELO",     TRUE,  TRUE,  handle_helo     },
  { "STARTTLS", FALSE, TRUE,  handle_starttls },
  { "AUTH",     TRUE,  FALSE, handle_auth     },
  { "MAIL",     TRUE,  FALSE, handle_mail     },
  { "RCPT",     TRUE,  FALSE, handle_rcpt     },
  { "DATA",     FALSE, FALSE, handle_data     },
  { "BDAT",     TRUE,  TRUE,  handle_bdat     }, /* refuses by itself: its chunk has to be read */
  { "RSET",     FALSE, TRUE,  handle_rset     },
  { "NOOP",     TRUE,  TRUE,  handle_noop     },
  { "HELP",     TRUE,  TRUE,  handle_help     },
  { "VRFY",     TRUE,  FALSE, handle_vrfy     },
  { "EXPN",     TRUE,  FALSE, refuse_verb     },
  { "ETRN",     TRUE,  FALSE, refuse_verb     },
  { "TURN",     TRUE,  FALSE, refuse_verb     },
  { "ATRN",     TRUE,  FALSE, refuse_verb     },
  { "SEND",     TRUE,  FALSE, refuse_verb     },
  { "SOML",     TRUE,  FALSE, refuse_verb     },
  { "SAML",     TRUE,  FALSE, refuse_verb     },
  { "QUIT",     FALSE, TRUE,  handle_quit     },
};


static NekoSmtpAction
handle_command (NekoSmtpSession *self,
                const char      *line)
{
  size_t verb_length = strcspn (line, " ");
  const char *argument = line + verb_length + strspn (line + verb_length, " ");

  self->conversation.verb = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strlen (commands[i].verb) != verb_length ||
        g_ascii_strncasecmp (commands[i].verb, line, verb_length) != 0)
      continue;

    self->conversation.verb = commands[i].verb;

    if (*argument != '\0' && !commands[i].takes_argument)
      return neko_smtp_session_reply_bad (self, "501 5.5.4 no argument wanted");

    if (!commands[i].works_before_tls && self->security == NEKO_SECURITY_REQUIRED)
      return neko_smtp_session_reply_bad (self, NEKO_SMTP_TLS_FIRST);

    return commands[i].handle (self, *argument != '\0' ? argument : NULL);
  }

  return neko_smtp_session_reply_bad (self, "500 5.5.2 unknown command");
}


static NekoSmtpAction
handle_line (NekoSmtpSession *self,
             const char      *line)
{
  if (self->state == NEKO_SMTP_STATE_EXCHANGE)
    return proceed_exchange (self, neko_sasl_respond (self->sasl, line));

  return handle_command (self, line);
}


static NekoSmtpAction
handle_bad_line (NekoSmtpSession *self,
                 const char      *line)
{
  if (self->state == NEKO_SMTP_STATE_EXCHANGE)
    neko_smtp_session_enter (self, NEKO_SMTP_STATE_GREETED);

  return neko_smtp_session_reply_bad (self, line);
}


NekoSmtpAction
neko_smtp_session_feed_line (NekoSmtpSession *self,
                             const uint8_t  **data,
                             size_t          *length)
{
  gboolean is_exchange = self->state == NEKO_SMTP_STATE_EXCHANGE;

  switch (neko_command_reader_read (self->commands, is_exchange, data, length)) {
  case NEKO_COMMAND_LINE:
    return handle_line (self, neko_command_reader_get_line (self->commands));

  case NEKO_COMMAND_TOO_LONG:
    return handle_bad_line (self, "500 5.5.6 line too long");

  case NEKO_COMMAND_HAS_NUL:
    return handle_bad_line (self, "500 5.5.2 NUL in a line");

  case NEKO_COMMAND_HTTP:
    neko_smtp_session_enter (self, NEKO_SMTP_STATE_CLOSED);
    return NEKO_SMTP_CLOSE;

  case NEKO_COMMAND_INCOMPLETE:
  default:
    return NEKO_SMTP_CONTINUE;
  }
}
