/* neko-dot-writer.c - the octets of a message as POP3 sends them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-dot-writer.h"

#include <string.h>


static gboolean
is_at_line_start (NekoDotWriter *self)
{
  return !self->has_text || self->last == '\n';
}


static void
append_run (GString       *output,
            const uint8_t *from,
            const uint8_t *to)
{
  g_string_append_len (output, (const char *) from, to - from);
}


/**
 * neko_dot_writer_write:
 * @output: where the result is appended
 * @data: a part of a message, cut anywhere
 *
 * Ends every line by CRLF and doubles a dot at the start of a line, RFC 1939 section 3. A CR that
 * stands alone is no line ending and stays as it is.
 */
void
neko_dot_writer_write (NekoDotWriter *self,
                       GString       *output,
                       const uint8_t *data,
                       size_t         length)
{
  const uint8_t *end = data + length;
  const uint8_t *run = data; /* what is to be copied next, as it is */
  const uint8_t *next = data;
  const uint8_t *line_end;

  if (length == 0)
    return;

  if (*data == '.' && is_at_line_start (self))
    g_string_append_c (output, '.');

  while ((line_end = memchr (next, '\n', end - next)) != NULL) {
    uint8_t before = line_end > data ? line_end[-1] : self->last;

    next = line_end + 1;

    if (before != '\r') {
      append_run (output, run, line_end);
      g_string_append_c (output, '\r');
      run = line_end;
    }

    if (next < end && *next == '.') {
      append_run (output, run, next);
      g_string_append_c (output, '.');
      run = next;
    }
  }

  append_run (output, run, end);
  self->last = end[-1];
  self->has_text = TRUE;
}


/**
 * neko_dot_writer_end_line:
 *
 * Ends the last line where the message did not.
 */
void
neko_dot_writer_end_line (NekoDotWriter *self,
                          GString       *output)
{
  if (is_at_line_start (self))
    return;

  g_string_append (output, "\r\n");
  self->last = '\n';
}


/**
 * neko_dot_writer_finish:
 *
 * Ends the last line where the message did not, and the message itself.
 */
void
neko_dot_writer_finish (NekoDotWriter *self,
                        GString       *output)
{
  neko_dot_writer_end_line (self, output);
  g_string_append (output, ".\r\n");
}
