/* neko-command-reader.c - lines of commands, with the limits that POP3 and SMTP share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-command-reader.h"

#include <string.h>

#include "neko-line-splitter.h"
#include "neko-sasl.h"

#define BAD_COMMAND_LIMIT 10

struct _NekoCommandReader {
  NekoLineSplitter *splitter;
  size_t            limit; /* octets of a line that is not part of a SASL exchange */
  unsigned          bad_commands; /* in a row */
  gboolean          had_line;
};


/**
 * neko_command_reader_new:
 * @limit: octets of a command, its CRLF included; a line of a SASL exchange may be longer
 *
 * Returns: (transfer full): a reader
 */
NekoCommandReader *
neko_command_reader_new (size_t limit)
{
  NekoCommandReader *self = g_new0 (NekoCommandReader, 1);

  self->splitter = neko_line_splitter_new (NEKO_SASL_LINE_LIMIT);
  self->limit = limit;

  return self;
}


void
neko_command_reader_free (NekoCommandReader *self)
{
  if (self == NULL)
    return;

  neko_line_splitter_free (self->splitter);
  g_free (self);
}


/* A browser that was pointed at the port must not make us execute what a page put in its request. */
static gboolean
is_http (const char *line)
{
  return g_str_has_prefix (line, "GET ") || g_str_has_prefix (line, "POST ");
}


static NekoCommandStatus
check_line (NekoCommandReader *self,
            gboolean           is_exchange)
{
  const char *line = neko_line_splitter_get_line (self->splitter);

  if (!self->had_line && is_http (line))
    return NEKO_COMMAND_HTTP;

  if (is_exchange || g_ascii_strncasecmp (line, "AUTH ", strlen ("AUTH ")) == 0)
    return NEKO_COMMAND_LINE;

  return strlen (line) + strlen ("\r\n") > self->limit ? NEKO_COMMAND_TOO_LONG : NEKO_COMMAND_LINE;
}


/**
 * neko_command_reader_read:
 * @is_exchange: whether the line answers a SASL challenge
 * @data: (inout): input; moved on behind what was consumed
 * @length: (inout): its length in octets
 *
 * Takes input up to the end of one line.
 */
NekoCommandStatus
neko_command_reader_read (NekoCommandReader *self,
                          gboolean           is_exchange,
                          const uint8_t    **data,
                          size_t            *length)
{
  NekoCommandStatus status;

  switch (neko_line_splitter_feed (self->splitter, data, length)) {
  case NEKO_LINE_READY:
    status = check_line (self, is_exchange);
    break;

  case NEKO_LINE_TOO_LONG:
    status = NEKO_COMMAND_TOO_LONG;
    break;

  case NEKO_LINE_HAS_NUL:
    status = NEKO_COMMAND_HAS_NUL;
    break;

  case NEKO_LINE_INCOMPLETE:
  default:
    return NEKO_COMMAND_INCOMPLETE;
  }

  self->had_line = TRUE;

  return status;
}


/**
 * neko_command_reader_get_line:
 *
 * Returns: the line without its ending; valid until more is read
 */
const char *
neko_command_reader_get_line (NekoCommandReader *self)
{
  return neko_line_splitter_get_line (self->splitter);
}


/**
 * neko_command_reader_count_bad:
 *
 * Returns: whether that was one bad command too many, and the session has to end
 */
gboolean
neko_command_reader_count_bad (NekoCommandReader *self)
{
  return ++self->bad_commands >= BAD_COMMAND_LIMIT;
}


/**
 * neko_command_reader_forgive:
 *
 * A command was good: bad ones count from 0 again.
 */
void
neko_command_reader_forgive (NekoCommandReader *self)
{
  self->bad_commands = 0;
}


/**
 * neko_reply_append_text:
 * @text: words that came from elsewhere
 *
 * Ends a reply by @text as one line of printable ASCII, at most 200 characters of it, so that nothing
 * from elsewhere can end the line or begin another reply.
 */
void
neko_reply_append_text (GString    *reply,
                        const char *text)
{
  for (size_t i = 0; i < 200 && text[i] != '\0'; i++)
    g_string_append_c (reply, g_ascii_isprint (text[i]) ? text[i] : '?');

  g_string_append (reply, "\r\n");
}
