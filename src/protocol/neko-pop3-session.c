/* neko-pop3-session.c - one POP3 conversation (RFC 1939), without the socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-session.h"

#include <errno.h>
#include <string.h>

#include "neko-command-reader.h"
#include "neko-sasl.h"
#include "neko-secret.h"

/* Output beyond this is sent before the next command is looked at, so that a client that sends
 * commands and reads no answers does not make us grow. */
#define OUTPUT_LIMIT 16384

typedef enum {
  AUTHORIZATION = 1 << 0,
  EXCHANGE = 1 << 1,    /* the next line answers a SASL challenge */
  LOGGING_IN = 1 << 2,  /* the owner checks the credentials */
  TRANSACTION = 1 << 3,
  RETRIEVING = 1 << 4,  /* the owner opens a message */
  UPDATE = 1 << 5,      /* the owner deletes */
  CLOSED = 1 << 6,
} State;

struct _NekoPop3Session {
  State              state;
  NekoCommandReader *reader;
  GString           *output;
  NekoSasl          *sasl;
  char              *user;
  NekoSecret        *password;
  NekoPop3Listing    listing;
  GByteArray        *marks;     /* one for each message of the listing, 1 = deleted at QUIT */
  size_t             marked;
  size_t             position;  /* of the message that is being retrieved */
  int                lines;
};

typedef NekoPop3Action (*Handler) (NekoPop3Session *self,
                                   const char      *argument);


static void
enter_state (NekoPop3Session *self,
             State            state)
{
  g_debug ("pop3: %#x -> %#x", self->state, state);
  self->state = state;
}


static NekoPop3Action
reply (NekoPop3Session *self,
       const char      *line)
{
  g_string_append_printf (self->output, "%s\r\n", line);

  return NEKO_POP3_CONTINUE;
}


static NekoPop3Action
close_session (NekoPop3Session *self,
               const char      *line)
{
  enter_state (self, CLOSED);
  reply (self, line);

  return NEKO_POP3_CLOSE;
}


static NekoPop3Action
bad_command (NekoPop3Session *self,
             const char      *line)
{
  if (neko_command_reader_count_bad (self->reader))
    return close_session (self, "-ERR too many bad commands");

  return reply (self, line);
}


/* RFC 1939 section 7 */
static NekoPop3Action
handle_user (NekoPop3Session *self,
             const char      *argument)
{
  g_free (self->user);
  self->user = g_strdup (argument);

  return reply (self, "+OK");
}


static NekoPop3Action
handle_pass (NekoPop3Session *self,
             const char      *argument)
{
  if (self->user == NULL)
    return reply (self, "-ERR USER first");

  self->password = g_strdup (argument);
  enter_state (self, LOGGING_IN);

  return NEKO_POP3_LOG_IN;
}


static NekoPop3Action
proceed_exchange (NekoPop3Session *self,
                  NekoSaslStatus   status)
{
  enter_state (self, AUTHORIZATION);

  switch (status) {
  case NEKO_SASL_CHALLENGE:
    enter_state (self, EXCHANGE);
    g_string_append_printf (self->output, "+ %s\r\n", neko_sasl_get_challenge (self->sasl));
    return NEKO_POP3_CONTINUE;

  case NEKO_SASL_READY:
    g_free (self->user);
    self->user = neko_sasl_steal_user (self->sasl);
    self->password = neko_sasl_steal_password (self->sasl);
    enter_state (self, LOGGING_IN);
    return NEKO_POP3_LOG_IN;

  case NEKO_SASL_CANCELLED:
    return reply (self, "-ERR authentication cancelled");

  case NEKO_SASL_UNKNOWN:
    return reply (self, "-ERR unknown mechanism, there are PLAIN and LOGIN");

  case NEKO_SASL_MALFORMED:
  default:
    return bad_command (self, "-ERR malformed authentication response");
  }
}


/* RFC 5034 section 4 */
static NekoPop3Action
handle_auth (NekoPop3Session *self,
             const char      *argument)
{
  return proceed_exchange (self, neko_sasl_start (self->sasl, argument));
}


/* RFC 2449 section 5; only what works is listed. */
static NekoPop3Action
handle_capa (NekoPop3Session *self,
             const char      *argument)
{
  return reply (self,
                "+OK\r\n"
                "TOP\r\n"
                "UIDL\r\n"
                "USER\r\n"
                "RESP-CODES\r\n"
                "AUTH-RESP-CODE\r\n"
                "PIPELINING\r\n"
                "SASL PLAIN LOGIN\r\n"
                "EXPIRE NEVER\r\n"
                "LOGIN-DELAY 0\r\n"
                "IMPLEMENTATION neko-mail-" NEKO_VERSION "\r\n"
                ".");
}


static gboolean
is_marked (NekoPop3Session *self,
           size_t           position)
{
  return self->marks->data[position] != 0;
}


static guint64
get_octets (NekoPop3Session *self,
            size_t           position)
{
  return self->listing.get_octets (self->listing.data, position);
}


static const char *
get_unique_id (NekoPop3Session *self,
               size_t           position)
{
  return self->listing.get_unique_id (self->listing.data, position);
}


static guint64
sum_octets (NekoPop3Session *self)
{
  guint64 sum = 0;

  for (size_t i = 0; i < self->listing.count; i++) {
    if (!is_marked (self, i))
      sum += get_octets (self, i);
  }

  return sum;
}


static gboolean
parse_number (const char  *text,
              guint64      maximum,
              guint64     *number,
              const char **rest)
{
  size_t digits = strspn (text, "0123456789");

  if (digits == 0 || digits > 18)
    return FALSE;

  *number = g_ascii_strtoull (text, NULL, 10);
  *rest = text + digits;

  return *number <= maximum;
}


/* Finds the message that an argument names and answers where there is none. */
static gboolean
find_message (NekoPop3Session *self,
              const char      *argument,
              size_t          *position,
              const char     **rest)
{
  guint64 number;

  if (!parse_number (argument, self->listing.count, &number, rest) || number == 0) {
    reply (self, "-ERR no such message");
    return FALSE;
  }

  if (is_marked (self, number - 1)) {
    reply (self, "-ERR message is deleted");
    return FALSE;
  }

  *position = number - 1;

  return TRUE;
}


static gboolean
find_only_message (NekoPop3Session *self,
                   const char      *argument,
                   size_t          *position)
{
  const char *rest;

  if (!find_message (self, argument, position, &rest))
    return FALSE;

  if (*rest != '\0')
    reply (self, "-ERR one message number wanted");

  return *rest == '\0';
}


static NekoPop3Action
handle_stat (NekoPop3Session *self,
             const char      *argument)
{
  g_string_append_printf (self->output, "+OK %" G_GSIZE_FORMAT " %" G_GUINT64_FORMAT "\r\n",
                          self->listing.count - self->marked, sum_octets (self));

  return NEKO_POP3_CONTINUE;
}


static void
append_octets (NekoPop3Session *self,
               size_t           position)
{
  g_string_append_printf (self->output, "%" G_GSIZE_FORMAT " %" G_GUINT64_FORMAT "\r\n",
                          position + 1, get_octets (self, position));
}


static void
append_unique_id (NekoPop3Session *self,
                  size_t           position)
{
  g_string_append_printf (self->output, "%" G_GSIZE_FORMAT " %s\r\n",
                          position + 1, get_unique_id (self, position));
}


static NekoPop3Action
list (NekoPop3Session *self,
      const char      *argument,
      void (          *append ) (NekoPop3Session *self,
                                 size_t           position))
{
  size_t position;

  if (argument != NULL) {
    if (find_only_message (self, argument, &position)) {
      g_string_append (self->output, "+OK ");
      append (self, position);
    }

    return NEKO_POP3_CONTINUE;
  }

  g_string_append_printf (self->output, "+OK %" G_GSIZE_FORMAT " messages\r\n",
                          self->listing.count - self->marked);

  for (size_t i = 0; i < self->listing.count; i++) {
    if (!is_marked (self, i))
      append (self, i);
  }

  return reply (self, ".");
}


static NekoPop3Action
handle_list (NekoPop3Session *self,
             const char      *argument)
{
  return list (self, argument, append_octets);
}


static NekoPop3Action
handle_uidl (NekoPop3Session *self,
             const char      *argument)
{
  return list (self, argument, append_unique_id);
}


static NekoPop3Action
handle_retr (NekoPop3Session *self,
             const char      *argument)
{
  if (!find_only_message (self, argument, &self->position))
    return NEKO_POP3_CONTINUE;

  self->lines = -1;
  enter_state (self, RETRIEVING);

  return NEKO_POP3_RETRIEVE;
}


static NekoPop3Action
handle_top (NekoPop3Session *self,
            const char      *argument)
{
  const char *rest;
  guint64 lines;

  if (!find_message (self, argument, &self->position, &rest))
    return NEKO_POP3_CONTINUE;

  if (*rest != ' ' || !parse_number (rest + 1, G_MAXINT, &lines, &rest) || *rest != '\0')
    return reply (self, "-ERR a message number and a number of lines wanted");

  self->lines = (int) lines;
  enter_state (self, RETRIEVING);

  return NEKO_POP3_RETRIEVE;
}


static NekoPop3Action
handle_dele (NekoPop3Session *self,
             const char      *argument)
{
  size_t position;

  if (!find_only_message (self, argument, &position))
    return NEKO_POP3_CONTINUE;

  self->marks->data[position] = 1;
  self->marked++;

  return reply (self, "+OK marked for deletion at QUIT");
}


static NekoPop3Action
handle_rset (NekoPop3Session *self,
             const char      *argument)
{
  memset (self->marks->data, 0, self->marks->len);
  self->marked = 0;

  return reply (self, "+OK nothing is marked");
}


static NekoPop3Action
handle_noop (NekoPop3Session *self,
             const char      *argument)
{
  return reply (self, "+OK");
}


/* RFC 1939 section 6: deletion happens here and nowhere else. */
static NekoPop3Action
handle_quit (NekoPop3Session *self,
             const char      *argument)
{
  if (self->marked == 0)
    return close_session (self, "+OK bye");

  enter_state (self, UPDATE);

  return NEKO_POP3_UPDATE;
}


typedef enum {
  NO_ARGUMENT,
  ONE_ARGUMENT,
  ANY_ARGUMENT,
} Argument;

static const struct {
  const char *verb;
  unsigned    states;
  Argument    argument;
  Handler     handle;
} commands[] = {
  { "USER", AUTHORIZATION,               ONE_ARGUMENT, handle_user },
  { "PASS", AUTHORIZATION,               ONE_ARGUMENT, handle_pass },
  { "AUTH", AUTHORIZATION,               ONE_ARGUMENT, handle_auth },
  { "CAPA", AUTHORIZATION | TRANSACTION, NO_ARGUMENT,  handle_capa },
  { "STAT", TRANSACTION,                 NO_ARGUMENT,  handle_stat },
  { "LIST", TRANSACTION,                 ANY_ARGUMENT, handle_list },
  { "UIDL", TRANSACTION,                 ANY_ARGUMENT, handle_uidl },
  { "RETR", TRANSACTION,                 ONE_ARGUMENT, handle_retr },
  { "TOP",  TRANSACTION,                 ONE_ARGUMENT, handle_top },
  { "DELE", TRANSACTION,                 ONE_ARGUMENT, handle_dele },
  { "RSET", TRANSACTION,                 NO_ARGUMENT,  handle_rset },
  { "NOOP", TRANSACTION,                 NO_ARGUMENT,  handle_noop },
  { "QUIT", AUTHORIZATION | TRANSACTION, NO_ARGUMENT,  handle_quit },
};


static gboolean
fits (Argument    wanted,
      const char *argument)
{
  return wanted == ANY_ARGUMENT || (wanted == ONE_ARGUMENT) == (argument != NULL);
}


static NekoPop3Action
handle_command (NekoPop3Session *self,
                const char      *line)
{
  size_t verb_length = strcspn (line, " ");
  const char *argument = line[verb_length] == ' ' ? line + verb_length + 1 : NULL;

  /* Some clients send a space behind a verb that has no argument. */
  if (argument != NULL && *argument == '\0')
    argument = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strlen (commands[i].verb) != verb_length ||
        g_ascii_strncasecmp (commands[i].verb, line, verb_length) != 0)
      continue;

    if ((commands[i].states & self->state) == 0)
      return bad_command (self, self->state == TRANSACTION ? "-ERR logged in already"
                                                           : "-ERR log in first");

    if (!fits (commands[i].argument, argument))
      return bad_command (self, argument == NULL ? "-ERR argument missing"
                                                 : "-ERR no argument wanted");

    neko_command_reader_forgive (self->reader);

    return commands[i].handle (self, argument);
  }

  return bad_command (self, "-ERR unknown command");
}


static NekoPop3Action
handle_line (NekoPop3Session *self,
             const char      *line)
{
  if (self->state == EXCHANGE)
    return proceed_exchange (self, neko_sasl_respond (self->sasl, line));

  return handle_command (self, line);
}


static NekoPop3Action
handle_bad_line (NekoPop3Session *self,
                 const char      *line)
{
  if (self->state == EXCHANGE)
    enter_state (self, AUTHORIZATION);

  return bad_command (self, line);
}


/**
 * neko_pop3_session_feed:
 * @data: (inout): input; moved on behind what was consumed
 * @length: (inout): its length in octets
 *
 * Takes input up to the first command that needs the owner, or until there is enough output to send.
 * Pipelined commands behind it stay in @data (RFC 2449 section 6.6).
 *
 * Returns: what the owner has to do next
 */
NekoPop3Action
neko_pop3_session_feed (NekoPop3Session *self,
                        const uint8_t  **data,
                        size_t          *length)
{
  NekoPop3Action action = NEKO_POP3_CONTINUE;

  g_return_val_if_fail ((self->state & (AUTHORIZATION | EXCHANGE | TRANSACTION)) != 0,
                        NEKO_POP3_CLOSE);

  while (action == NEKO_POP3_CONTINUE && self->output->len < OUTPUT_LIMIT) {
    switch (neko_command_reader_read (self->reader, self->state == EXCHANGE, data, length)) {
    case NEKO_COMMAND_LINE:
      action = handle_line (self, neko_command_reader_get_line (self->reader));
      break;

    case NEKO_COMMAND_TOO_LONG:
      action = handle_bad_line (self, "-ERR line too long");
      break;

    case NEKO_COMMAND_HAS_NUL:
      action = handle_bad_line (self, "-ERR NUL in a line");
      break;

    case NEKO_COMMAND_HTTP:
      enter_state (self, CLOSED);
      return NEKO_POP3_CLOSE;

    case NEKO_COMMAND_INCOMPLETE:
    default:
      return NEKO_POP3_CONTINUE;
    }
  }

  return action;
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
  g_return_if_fail (self->state == LOGGING_IN);

  self->listing = *listing;
  g_byte_array_set_size (self->marks, listing->count);
  memset (self->marks->data, 0, listing->count);
  g_clear_pointer (&self->password, neko_secret_free);
  enter_state (self, TRANSACTION);

  g_string_append_printf (self->output, "+OK %" G_GSIZE_FORMAT " messages\r\n", listing->count);
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
  g_return_if_fail (self->state == RETRIEVING);

  enter_state (self, TRANSACTION);
  reply (self, "+OK message follows");
}


/**
 * neko_pop3_session_updated:
 *
 * Answers %NEKO_POP3_UPDATE: the marked messages are gone for good.
 */
NekoPop3Action
neko_pop3_session_updated (NekoPop3Session *self)
{
  g_return_val_if_fail (self->state == UPDATE, NEKO_POP3_CLOSE);

  return close_session (self, "+OK bye, messages deleted");
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

  g_return_val_if_fail ((self->state & (LOGGING_IN | RETRIEVING | UPDATE)) != 0, NEKO_POP3_CLOSE);

  g_clear_pointer (&self->password, neko_secret_free);
  enter_state (self, self->state == RETRIEVING ? TRANSACTION : AUTHORIZATION);
  g_string_append_printf (self->output, "-ERR %s %s", codes[failure],
                          is_update ? "some messages were not deleted: " : "");
  neko_reply_append_text (self->output, reason);

  if (!is_update)
    return NEKO_POP3_CONTINUE;

  enter_state (self, CLOSED);

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
  self->marks = g_byte_array_new ();
  reply (self, "+OK Neko Mail ready");

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
  g_byte_array_unref (self->marks);
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
  return is_marked (self, position);
}


gboolean
neko_pop3_session_is_closed (NekoPop3Session *self)
{
  return self->state == CLOSED;
}
