/* neko-dot-reader.c - the octets of a message as SMTP receives them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-dot-reader.h"

#include <string.h>


static size_t
count_text (const uint8_t *data,
            size_t         length)
{
  size_t count = 0;

  while (count < length && data[count] != '\r' && data[count] != '\n')
    count++;

  return count;
}


static void
append (GByteArray *output,
        const char *text)
{
  g_byte_array_append (output, (const uint8_t *) text, strlen (text));
}


/* Takes one octet that ends a line or stands at the start of one.  Returns whether the message ended. */
static gboolean
step (NekoDotReader *self,
      GByteArray    *output,
      uint8_t        octet)
{
  switch (self->state) {
  case NEKO_DOT_AFTER_DOT_CR:
    if (octet == '\n')
      return TRUE;

    /* ".CR" and something else: the dot was stuffed, the CR is bare. */
    append (output, "\r");
    self->has_bare_line_end = TRUE;
    break;

  case NEKO_DOT_AFTER_DOT:
    if (octet == '\r') {
      self->state = NEKO_DOT_AFTER_DOT_CR;
      return FALSE;
    }
    break;

  case NEKO_DOT_AFTER_CR:
    append (output, "\r");

    if (octet == '\n') {
      append (output, "\n");
      self->state = NEKO_DOT_LINE_START;
      return FALSE;
    }

    self->has_bare_line_end = TRUE;
    break;

  case NEKO_DOT_LINE_START:
    if (octet == '.') {
      self->state = NEKO_DOT_AFTER_DOT;
      return FALSE;
    }
    break;

  case NEKO_DOT_IN_LINE:
  default:
    break;
  }

  if (octet == '\r') {
    self->state = NEKO_DOT_AFTER_CR;
    return FALSE;
  }

  if (octet == '\n')
    self->has_bare_line_end = TRUE;

  g_byte_array_append (output, &octet, 1);
  self->state = NEKO_DOT_IN_LINE;

  return FALSE;
}


/**
 * neko_dot_reader_read:
 * @output: where the message's own octets are appended
 * @data: (inout): the input; moved on behind what was consumed
 * @length: (inout): its length in octets
 *
 * Takes away the dots that the client doubled, RFC 5321 section 4.5.2. CRLF.CRLF ends a message and
 * nothing else does: a server that takes LF.LF for an end lets one message hold a second one with
 * its own envelope ("SMTP smuggling"). A message with a bare line ending has to be refused.
 *
 * Returns: whether the message ended; what follows it is not consumed
 */
gboolean
neko_dot_reader_read (NekoDotReader  *self,
                      GByteArray     *output,
                      const uint8_t **data,
                      size_t         *length)
{
  while (*length > 0) {
    size_t taken = self->state == NEKO_DOT_IN_LINE ? count_text (*data, *length) : 0;
    gboolean is_end = FALSE;

    if (taken > 0) {
      g_byte_array_append (output, *data, taken);
    } else {
      taken = 1;
      is_end = step (self, output, **data);
    }

    *data += taken;
    *length -= taken;

    if (is_end)
      return TRUE;
  }

  return FALSE;
}
