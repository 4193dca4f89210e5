/* neko-line-splitter.c - cuts a byte stream into lines of bounded length
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-line-splitter.h"

#include <string.h>

#include "neko-secret.h"

struct _NekoLineSplitter {
  GString *line;
  size_t   limit;     /* octets, the line ending included */
  size_t   dropped;   /* octets of the current line that did not fit */
  gboolean has_nul;
  gboolean is_ready;  /* the line was handed out; the next octet begins a new one */
};


/**
 * neko_line_splitter_new:
 * @limit: the longest line in octets, its CRLF included, as the mail RFCs count
 *
 * Returns: (transfer full): a splitter that never holds more than @limit octets
 */
NekoLineSplitter *
neko_line_splitter_new (size_t limit)
{
  NekoLineSplitter *self = g_new0 (NekoLineSplitter, 1);

  self->line = g_string_new (NULL);
  self->limit = limit;

  return self;
}


void
neko_line_splitter_free (NekoLineSplitter *self)
{
  if (self == NULL)
    return;

  /* The last line may have been a password. */
  neko_secret_wipe (self->line->str, self->line->allocated_len);
  g_string_free (self->line, TRUE);
  g_free (self);
}


/**
 * neko_line_splitter_set_limit:
 *
 * Changes the limit, for a dialogue in which one kind of line may be longer than the others.
 */
void
neko_line_splitter_set_limit (NekoLineSplitter *self,
                              size_t            limit)
{
  g_return_if_fail (self != NULL);

  self->limit = limit;
}


static void
begin_line (NekoLineSplitter *self)
{
  neko_secret_wipe (self->line->str, self->line->len);
  g_string_truncate (self->line, 0);
  self->dropped = 0;
  self->has_nul = FALSE;
  self->is_ready = FALSE;
}


static void
append (NekoLineSplitter *self,
        const uint8_t    *data,
        size_t            length)
{
  size_t room = self->limit - MIN (self->limit, self->line->len);
  size_t kept = MIN (room, length);

  self->has_nul = self->has_nul || memchr (data, '\0', length) != NULL;
  g_string_append_len (self->line, (const char *) data, kept);
  self->dropped += length - kept;
}


static NekoLineStatus
end_line (NekoLineSplitter *self)
{
  self->is_ready = TRUE;

  if (self->dropped > 0)
    return NEKO_LINE_TOO_LONG;

  if (self->has_nul)
    return NEKO_LINE_HAS_NUL;

  g_string_truncate (self->line, self->line->len - 1);

  if (self->line->len > 0 && self->line->str[self->line->len - 1] == '\r')
    g_string_truncate (self->line, self->line->len - 1);

  return NEKO_LINE_READY;
}


/**
 * neko_line_splitter_feed:
 * @data: (inout): the input; moved on behind what was consumed
 * @length: (inout): its length in octets
 *
 * Consumes input up to the end of a line and no further, so that the caller may treat what follows
 * as something other than lines. CRLF ends a line and so does a bare LF.
 *
 * Returns: what was found
 */
NekoLineStatus
neko_line_splitter_feed (NekoLineSplitter *self,
                         const uint8_t   **data,
                         size_t           *length)
{
  const uint8_t *end;
  size_t taken;

  g_return_val_if_fail (self != NULL, NEKO_LINE_INCOMPLETE);

  if (*length == 0)
    return NEKO_LINE_INCOMPLETE;

  if (self->is_ready)
    begin_line (self);

  end = memchr (*data, '\n', *length);
  taken = end != NULL ? (size_t) (end - *data) + 1 : *length;
  append (self, *data, taken);
  *data += taken;
  *length -= taken;

  return end != NULL ? end_line (self) : NEKO_LINE_INCOMPLETE;
}


/**
 * neko_line_splitter_get_line:
 *
 * Returns: the line that the last %NEKO_LINE_READY announced, without its ending; valid until more
 *   is fed
 */
const char *
neko_line_splitter_get_line (NekoLineSplitter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->line->str;
}
