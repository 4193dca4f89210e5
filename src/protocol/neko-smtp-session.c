/* neko-smtp-session.c - one submission conversation (RFC 6409), without the socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-smtp-session.h"

#include <string.h>

#include "neko-command-reader.h"
#include "neko-dot-reader.h"
#include "neko-sasl.h"
#include "neko-secret.h"
#include "neko-smtp-path.h"

/* Output beyond this is sent before the next command is looked at. */
#define OUTPUT_LIMIT 16384

/* What SIZE announces before the account, and with it the Worker's limit, is known. */
#define DEFAULT_MAX_SIZE (G_GUINT64_CONSTANT (25) * 1024 * 1024)

typedef enum {
  CONNECTED = 1 << 0,       /* no EHLO yet */
  GREETED = 1 << 1,
  EXCHANGE = 1 << 2,        /* the next line answers a SASL challenge */
  LOGGING_IN = 1 << 3,      /* the owner checks the credentials */
  READY = 1 << 4,           /* authenticated, no transaction */
  CHECKING_SENDER = 1 << 5, /* the owner checks the sender */
  TRANSACTION = 1 << 6,     /* MAIL was taken */
  DATA = 1 << 7,            /* octets of the message come */
  SUBMITTING = 1 << 8,      /* the owner hands the message over */
  CLOSED = 1 << 9,

  ANY_COMMAND = CONNECTED | GREETED | READY | TRANSACTION,
} State;

struct _NekoSmtpSession {
  State              state;
  NekoCommandReader *commands;
  GString           *output;
  NekoSasl          *sasl;
  char              *user;
  NekoSecret        *password;
  gboolean           is_authenticated;
  guint64            max_size;
  NekoSubmission    *submission;  /* (nullable) */
  NekoDotReader      reader;
  GByteArray        *body;        /* octets of the message that the owner has to take */
  const char        *data_failure; /* (nullable): the reply at the end of data, once it is known */
};

typedef NekoSmtpAction (*Handler) (NekoSmtpSession *self,
                                   const char      *argument);


static void
enter_state (NekoSmtpSession *self,
             State            state)
{
  g_debug ("smtp: %#x -> %#x", self->state, state);
  self->state = state;
}


static NekoSmtpAction
reply (NekoSmtpSession *self,
       const char      *line)
{
  g_string_append_printf (self->output, "%s\r\n", line);

  return NEKO_SMTP_CONTINUE;
}


static NekoSmtpAction
close_session (NekoSmtpSession *self,
               const char      *line)
{
  enter_state (self, CLOSED);
  reply (self, line);

  return NEKO_SMTP_CLOSE;
}


/* A command did what it is for. */
static NekoSmtpAction
good_command (NekoSmtpSession *self,
              const char      *line)
{
  neko_command_reader_forgive (self->commands);

  return reply (self, line);
}


static NekoSmtpAction
bad_command (NekoSmtpSession *self,
             const char      *line)
{
  if (neko_command_reader_count_bad (self->commands))
    return close_session (self, "421 4.7.0 too many bad commands");

  return reply (self, line);
}


/* Ends a mail transaction, RFC 5321 section 3.3. */
static void
reset (NekoSmtpSession *self)
{
  g_clear_pointer (&self->submission, neko_submission_free);
  g_byte_array_set_size (self->body, 0);
  self->data_failure = NULL;

  if ((self->state & (CONNECTED | GREETED)) == 0)
    enter_state (self, READY);
}


static NekoSmtpAction
greet (NekoSmtpSession *self,
       const char      *argument,
       const char      *answer)
{
  if (argument == NULL)
    return bad_command (self, "501 5.5.4 your name is missing");

  enter_state (self, self->is_authenticated ? READY : GREETED);
  reset (self);

  return reply (self, answer);
}


/* RFC 5321 section 4.1.1.1; only what works is listed. */
static NekoSmtpAction
handle_ehlo (NekoSmtpSession *self,
             const char      *argument)
{
  g_autofree char *answer = g_strdup_printf ("250-localhost\r\n"
                                             "250-PIPELINING\r\n"
                                             "250-SIZE %" G_GUINT64_FORMAT "\r\n"
                                             "250-8BITMIME\r\n"
                                             "250-AUTH PLAIN LOGIN\r\n"
                                             "250 ENHANCEDSTATUSCODES",
                                             self->max_size);

  return greet (self, argument, answer);
}


static NekoSmtpAction
handle_helo (NekoSmtpSession *self,
             const char      *argument)
{
  return greet (self, argument, "250 localhost");
}


static NekoSmtpAction
proceed_exchange (NekoSmtpSession *self,
                  NekoSaslStatus   status)
{
  enter_state (self, GREETED);

  switch (status) {
  case NEKO_SASL_CHALLENGE:
    enter_state (self, EXCHANGE);
    g_string_append_printf (self->output, "334 %s\r\n", neko_sasl_get_challenge (self->sasl));
    return NEKO_SMTP_CONTINUE;

  case NEKO_SASL_READY:
    g_free (self->user);
    self->user = neko_sasl_steal_user (self->sasl);
    self->password = neko_sasl_steal_password (self->sasl);
    enter_state (self, LOGGING_IN);
    return NEKO_SMTP_LOG_IN;

  case NEKO_SASL_CANCELLED:
    return reply (self, "501 5.7.0 authentication cancelled");

  case NEKO_SASL_UNKNOWN:
    return reply (self, "504 5.5.4 unknown mechanism, there are PLAIN and LOGIN");

  case NEKO_SASL_MALFORMED:
  default:
    return bad_command (self, "501 5.5.2 malformed authentication response");
  }
}


/* RFC 4954 section 4 */
static NekoSmtpAction
handle_auth (NekoSmtpSession *self,
             const char      *argument)
{
  if (self->is_authenticated)
    return reply (self, "503 5.5.1 authenticated already");

  if (self->state == CONNECTED)
    return bad_command (self, "503 5.5.1 EHLO first");

  if (argument == NULL)
    return bad_command (self, "501 5.5.4 mechanism missing");

  return proceed_exchange (self, neko_sasl_start (self->sasl, argument));
}


/* Returns: (nullable): the reply that refuses a parameter of MAIL */
static const char *
check_mail_parameter (NekoSmtpSession *self,
                      const char      *parameter)
{
  if (g_ascii_strncasecmp (parameter, "SIZE=", strlen ("SIZE=")) == 0) {
    const char *digits = parameter + strlen ("SIZE=");
    guint64 size;

    /* RFC 1870 section 6.1: up to 20 digits; a number that does not fit is too large as well. */
    if (*digits == '\0' || strspn (digits, "0123456789") != strlen (digits))
      return "501 5.5.4 malformed SIZE";

    if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT64, &size, NULL) ||
        size > self->max_size)
      return "552 5.3.4 message is too large; attachments grow by a third when they are sent";

    return NULL;
  }

  if (g_ascii_strcasecmp (parameter, "BODY=7BIT") == 0 ||
      g_ascii_strcasecmp (parameter, "BODY=8BITMIME") == 0)
    return NULL;

  /* RFC 4954 section 5: whoever relays may say who submitted first; nobody relays here. */
  if (g_ascii_strncasecmp (parameter, "AUTH=", strlen ("AUTH=")) == 0)
    return NULL;

  return "555 5.5.4 unknown parameter";
}


static const char *
check_mail_parameters (NekoSmtpSession *self,
                       const char      *parameters)
{
  g_auto (GStrv) list = g_strsplit (parameters, " ", -1);
  const char *refusal = NULL;

  for (size_t i = 0; list[i] != NULL && refusal == NULL; i++) {
    if (*list[i] != '\0')
      refusal = check_mail_parameter (self, list[i]);
  }

  return refusal;
}


/* RFC 5321 section 4.1.1.2 */
static NekoSmtpAction
handle_mail (NekoSmtpSession *self,
             const char      *argument)
{
  g_autofree char *address = NULL;
  const char *parameters = "";
  const char *refusal;

  if (!self->is_authenticated)
    return bad_command (self, "530 5.7.0 authentication required");

  if (self->state == TRANSACTION)
    return bad_command (self, "503 5.5.1 a transaction is open already");

  switch (neko_smtp_path_parse (argument, "FROM:", &address, &parameters)) {
  case NEKO_SMTP_PATH_MALFORMED:
    return bad_command (self, "501 5.1.7 malformed sender, MAIL FROM:<address> wanted");

  case NEKO_SMTP_PATH_NOT_ASCII:
    return reply (self, "553 5.6.7 sender has other characters than ASCII");

  case NEKO_SMTP_PATH_FINE:
  default:
    break;
  }

  refusal = check_mail_parameters (self, parameters);

  if (refusal != NULL)
    return reply (self, refusal);

  self->submission = neko_submission_new (address);
  enter_state (self, CHECKING_SENDER);

  return NEKO_SMTP_CHECK_SENDER;
}


/* RFC 5321 section 4.1.1.3 */
static NekoSmtpAction
handle_rcpt (NekoSmtpSession *self,
             const char      *argument)
{
  g_autofree char *address = NULL;
  const char *parameters = "";

  if (self->state != TRANSACTION)
    return bad_command (self, "503 5.5.1 MAIL first");

  switch (neko_smtp_path_parse (argument, "TO:", &address, &parameters)) {
  case NEKO_SMTP_PATH_MALFORMED:
    return bad_command (self, "501 5.1.3 malformed recipient, RCPT TO:<address> wanted");

  case NEKO_SMTP_PATH_NOT_ASCII:
    return reply (self, "553 5.6.7 recipient has other characters than ASCII");

  case NEKO_SMTP_PATH_FINE:
  default:
    break;
  }

  if (*address == '\0')
    return bad_command (self, "501 5.1.3 empty recipient");

  if (*parameters != '\0')
    return reply (self, "555 5.5.4 unknown parameter");

  if (self->submission->recipients->len >= NEKO_SMTP_RECIPIENT_LIMIT)
    return reply (self, "452 4.5.3 too many recipients");

  neko_submission_add_recipient (self->submission, address, NULL, NULL);

  return good_command (self, "250 2.1.5 recipient ok");
}


/* RFC 5321 section 4.1.1.4 */
static NekoSmtpAction
handle_data (NekoSmtpSession *self,
             const char      *argument)
{
  if (self->state != TRANSACTION)
    return bad_command (self, "503 5.5.1 MAIL first");

  if (self->submission->recipients->len == 0)
    return reply (self, "554 5.5.1 no valid recipients");

  memset (&self->reader, 0, sizeof self->reader);
  enter_state (self, DATA);

  return good_command (self, "354 end data with <CR><LF>.<CR><LF>");
}


static NekoSmtpAction
handle_rset (NekoSmtpSession *self,
             const char      *argument)
{
  reset (self);

  return reply (self, "250 2.0.0 ok");
}


static NekoSmtpAction
handle_noop (NekoSmtpSession *self,
             const char      *argument)
{
  return reply (self, "250 2.0.0 ok");
}


/* RFC 5321 section 3.5.3: who does not verify says so. */
static NekoSmtpAction
handle_vrfy (NekoSmtpSession *self,
             const char      *argument)
{
  return reply (self, "252 2.5.0 send some mail, it will be tried");
}


static NekoSmtpAction
handle_quit (NekoSmtpSession *self,
             const char      *argument)
{
  return close_session (self, "221 2.0.0 bye");
}


static const struct {
  const char *verb;
  gboolean    takes_argument;
  Handler     handle;
} commands[] = {
  { "EHLO", TRUE,  handle_ehlo },
  { "HELO", TRUE,  handle_helo },
  { "AUTH", TRUE,  handle_auth },
  { "MAIL", TRUE,  handle_mail },
  { "RCPT", TRUE,  handle_rcpt },
  { "DATA", FALSE, handle_data },
  { "RSET", FALSE, handle_rset },
  { "NOOP", TRUE,  handle_noop },
  { "VRFY", TRUE,  handle_vrfy },
  { "QUIT", FALSE, handle_quit },
};


static NekoSmtpAction
handle_command (NekoSmtpSession *self,
                const char      *line)
{
  size_t verb_length = strcspn (line, " ");
  const char *argument = line + verb_length + strspn (line + verb_length, " ");

  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strlen (commands[i].verb) != verb_length ||
        g_ascii_strncasecmp (commands[i].verb, line, verb_length) != 0)
      continue;

    if (*argument != '\0' && !commands[i].takes_argument)
      return bad_command (self, "501 5.5.4 no argument wanted");

    return commands[i].handle (self, *argument != '\0' ? argument : NULL);
  }

  return bad_command (self, "500 5.5.2 unknown command");
}


static NekoSmtpAction
handle_line (NekoSmtpSession *self,
             const char      *line)
{
  if (self->state == EXCHANGE)
    return proceed_exchange (self, neko_sasl_respond (self->sasl, line));

  return handle_command (self, line);
}


static NekoSmtpAction
handle_bad_line (NekoSmtpSession *self,
                 const char      *line)
{
  if (self->state == EXCHANGE)
    enter_state (self, GREETED);

  return bad_command (self, line);
}


static NekoSmtpAction
feed_line (NekoSmtpSession *self,
           const uint8_t  **data,
           size_t          *length)
{
  switch (neko_command_reader_read (self->commands, self->state == EXCHANGE, data, length)) {
  case NEKO_COMMAND_LINE:
    return handle_line (self, neko_command_reader_get_line (self->commands));

  case NEKO_COMMAND_TOO_LONG:
    return handle_bad_line (self, "500 5.5.6 line too long");

  case NEKO_COMMAND_HAS_NUL:
    return handle_bad_line (self, "500 5.5.2 NUL in a line");

  case NEKO_COMMAND_HTTP:
    enter_state (self, CLOSED);
    return NEKO_SMTP_CLOSE;

  case NEKO_COMMAND_INCOMPLETE:
  default:
    return NEKO_SMTP_CONTINUE;
  }
}


static void
check_body (NekoSmtpSession *self)
{
  self->submission->size += self->body->len;

  if (self->data_failure == NULL && self->reader.has_bare_line_end)
    self->data_failure = "550 5.6.0 message has a CR or LF that stands alone";

  if (self->data_failure == NULL && self->submission->size > self->max_size)
    self->data_failure = "552 5.3.4 message is too large; attachments grow by a third when they are sent";

  /* What will be refused is not kept; it is still read to its end. */
  if (self->data_failure != NULL)
    g_byte_array_set_size (self->body, 0);
}


static NekoSmtpAction
feed_data (NekoSmtpSession *self,
           const uint8_t  **data,
           size_t          *length)
{
  gboolean is_end;

  g_byte_array_set_size (self->body, 0);
  is_end = neko_dot_reader_read (&self->reader, self->body, data, length);
  check_body (self);

  if (!is_end)
    return self->body->len > 0 ? NEKO_SMTP_STORE : NEKO_SMTP_CONTINUE;

  if (self->data_failure != NULL) {
    reply (self, self->data_failure);
    reset (self);
    return NEKO_SMTP_CONTINUE;
  }

  enter_state (self, SUBMITTING);

  return NEKO_SMTP_SUBMIT;
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

  g_return_val_if_fail ((self->state & (ANY_COMMAND | EXCHANGE | DATA)) != 0, NEKO_SMTP_CLOSE);

  while (*length > 0 && action == NEKO_SMTP_CONTINUE && self->output->len < OUTPUT_LIMIT)
    action = self->state == DATA ? feed_data (self, data, length) : feed_line (self, data, length);

  return action;
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
  g_return_if_fail (self->state == LOGGING_IN);

  g_clear_pointer (&self->password, neko_secret_free);
  self->is_authenticated = TRUE;
  self->max_size = max_size;
  enter_state (self, READY);
  good_command (self, "235 2.7.0 authenticated");
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
  g_return_if_fail (self->state == CHECKING_SENDER);

  if (is_allowed) {
    enter_state (self, TRANSACTION);
    good_command (self, "250 2.1.0 sender ok");
  } else {
    reply (self, "550 5.7.1 this sender address is not yours");
    reset (self);
  }
}


/**
 * neko_smtp_session_fail_storage:
 *
 * Answers %NEKO_SMTP_STORE: there is no room for the message. It is read to its end and refused for
 * now.
 */
void
neko_smtp_session_fail_storage (NekoSmtpSession *self)
{
  g_return_if_fail ((self->state & (DATA | SUBMITTING)) != 0);

  if (self->state == DATA) {
    self->data_failure = "452 4.3.1 no room on this computer for the message";
  } else {
    reply (self, "452 4.3.1 no room on this computer for the message");
    reset (self);
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

  g_return_if_fail (self->state == SUBMITTING);

  for (guint i = 0; i < deliveries->len; i++) {
    const NekoDelivery *delivery = g_ptr_array_index (deliveries, i);

    is_refused = is_refused && delivery->is_refused;
  }

  if (is_refused) {
    g_string_append_printf (self->output, "%s ",
                            is_permanent_code (first->code) ? first->code : "554 5.0.0");
    neko_reply_append_text (self->output, first->reason);
  } else {
    reply (self, "250 2.0.0 message accepted");
  }

  reset (self);
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
    [NEKO_SMTP_FAILURE_UNAVAILABLE] = "451 4.4.1",
    [NEKO_SMTP_FAILURE_THROTTLED] = "451 4.7.1",
    [NEKO_SMTP_FAILURE_SIGN_IN] = "454 4.7.0",
    [NEKO_SMTP_FAILURE_TOO_LARGE] = "552 5.3.4",
    [NEKO_SMTP_FAILURE_QUOTA] = "452 4.2.2",
    [NEKO_SMTP_FAILURE_REFUSED] = "550 5.7.1",
  };

  g_return_if_fail ((self->state & (LOGGING_IN | SUBMITTING)) != 0);

  g_clear_pointer (&self->password, neko_secret_free);
  g_string_append_printf (self->output, "%s ", codes[failure]);
  neko_reply_append_text (self->output, reason);

  if (self->state == LOGGING_IN)
    enter_state (self, GREETED);
  else
    reset (self);
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
  close_session (self, line);
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

  self->state = CONNECTED;
  self->commands = neko_command_reader_new (NEKO_SMTP_LINE_LIMIT);
  self->output = g_string_new (NULL);
  self->sasl = neko_sasl_new ();
  self->body = g_byte_array_new ();
  self->max_size = DEFAULT_MAX_SIZE;
  reply (self, "220 localhost ESMTP Neko Mail");

  return self;
}


void
neko_smtp_session_free (NekoSmtpSession *self)
{
  if (self == NULL)
    return;

  neko_command_reader_free (self->commands);
  g_string_free (self->output, TRUE);
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


gboolean
neko_smtp_session_is_in_data (NekoSmtpSession *self)
{
  return self->state == DATA;
}
