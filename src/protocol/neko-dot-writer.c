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
append (NekoDotWriter *self,
        GString       *output,
        const uint8_t *data,
        size_t         length)
{
  if (length == 0)
    return;

  if (data[0] == '.' && is_at_line_start (self))
    g_string_append_c (output, '.');

  g_string_append_len (output, (const char *) data, length);
  self->last = data[length - 1];
  self->has_text = TRUE;
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
  while (length > 0) {
    const uint8_t *end = memchr (data, '\n', length);
    size_t text = end != NULL ? (size_t) (end - data) : length;

    append (self, output, data, text);

    if (end == NULL)
      return;

    if (!self->has_text || self->last != '\r')
      g_string_append_c (output, '\r');

    append (self, output, (const uint8_t *) "\n", 1);
    data += text + 1;
    length -= text + 1;
  }
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
  if (!is_at_line_start (self))
    g_string_append (output, "\r\n");

  g_string_append (output, ".\r\n");
}
