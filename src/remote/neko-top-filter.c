/* neko-top-filter.c - where the top of a message ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-top-filter.h"

#include <string.h>


static gboolean
is_at_end (const NekoTopFilter *self)
{
  return self->is_in_body && self->lines == 0;
}


/* An empty line ends the header, RFC 5322 section 2.1; every other line counts once the body began. */
static void
end_line (NekoTopFilter *self)
{
  if (self->is_in_body)
    self->lines--;
  else
    self->is_in_body = !self->has_text;

  self->has_text = FALSE;
  self->has_cr = FALSE;
}


/* A CR before the LF is no text, but one before that is. */
static void
take_text (NekoTopFilter *self,
           const char    *text,
           size_t         length)
{
  if (length == 0)
    return;

  if (length > 1 || self->has_cr || *text != '\r')
    self->has_text = TRUE;

  self->has_cr = TRUE;
}


/**
 * neko_top_filter_take:
 * @data: a part of a message whose lines end by CRLF, cut anywhere
 *
 * Returns: how many of the octets belong to the header, the empty line behind it and the lines wanted;
 *   less than @length where the top ends there
 */
size_t
neko_top_filter_take (NekoTopFilter *self,
                      const char    *data,
                      size_t         length)
{
  size_t taken = 0;

  while (taken < length && !is_at_end (self)) {
    const char *end = memchr (data + taken, '\n', length - taken);
    size_t text = (end != NULL ? (size_t) (end - data) : length) - taken;

    take_text (self, data + taken, text);
    taken += text;

    if (end != NULL) {
      taken++;
      end_line (self);
    }
  }

  return taken;
}
