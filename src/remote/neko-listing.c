/* neko-listing.c - a framed listing of changes, line by line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-listing.h"

#include <string.h>

#include "neko-json.h"
#include "neko-line-splitter.h"

struct _NekoListing {
  NekoLineSplitter   *splitter;
  JsonParser         *parser;
  NekoMessageChanges *changes; /* (nullable): taken by the index at the end */
  guint64             sequence;
  gboolean            has_begun;
  gboolean            has_ended;
  gboolean            is_reset;
};


NekoListing *
neko_listing_new (void)
{
  NekoListing *self = g_new0 (NekoListing, 1);

  self->splitter = neko_line_splitter_new (NEKO_LISTING_LINE_LIMIT);
  self->parser = json_parser_new ();
  self->changes = neko_message_changes_new ();

  return self;
}


void
neko_listing_free (NekoListing *self)
{
  if (self == NULL)
    return;

  neko_line_splitter_free (self->splitter);
  g_object_unref (self->parser);
  g_clear_pointer (&self->changes, neko_message_changes_free);
  g_free (self);
}


static gboolean
take_change (NekoListing *self,
             JsonObject  *object)
{
  NekoMessageInfo info = { neko_json_get_text (object, "id"), 0, 0 };
  guint64 sequence;

  if (info.id == NULL || !neko_json_get_number (object, "seq", &sequence))
    return FALSE;

  if (neko_json_is_true (object, "deleted"))
    return neko_message_changes_remove (self->changes, info.id);

  if (!neko_json_get_number (object, "octets", &info.octets))
    return FALSE;

  /* Left out where it is the same. */
  if (!neko_json_get_number (object, "wire", &info.wire))
    info.wire = info.octets;

  return neko_message_changes_add (self->changes, &info);
}


static gboolean
take_line (NekoListing *self,
           const char  *line)
{
  JsonObject *object = neko_json_parse_object (self->parser, line, strlen (line));

  if (object == NULL || self->has_ended)
    return FALSE;

  if (!self->has_begun) {
    self->has_begun = TRUE;
    self->is_reset = neko_json_is_true (object, "reset");
    return neko_json_get_number (object, "seq", &self->sequence);
  }

  if (neko_json_is_true (object, "end")) {
    self->has_ended = TRUE;
    return neko_json_get_number (object, "seq", &self->sequence);
  }

  return take_change (self, object);
}


/**
 * neko_listing_feed:
 * @data: a part of the answer, cut anywhere
 *
 * Returns: %FALSE where it makes no sense
 */
gboolean
neko_listing_feed (NekoListing   *self,
                   const uint8_t *data,
                   size_t         length)
{
  while (length > 0) {
    switch (neko_line_splitter_feed (self->splitter, &data, &length)) {
    case NEKO_LINE_READY:
      if (!take_line (self, neko_line_splitter_get_line (self->splitter)))
        return FALSE;
      break;

    case NEKO_LINE_TOO_LONG:
    case NEKO_LINE_HAS_NUL:
      return FALSE;

    case NEKO_LINE_INCOMPLETE:
    default:
      break;
    }
  }

  return TRUE;
}


/**
 * neko_listing_apply:
 * @first_new: (out) (optional): where the messages begin in @index that came since it was brought up
 *   to date last; behind them all after a whole listing, which does not tell
 *
 * Brings an index up to date, once, where the listing came to its end; a cut one changes nothing.
 *
 * Returns: whether it came to its end and the index could take it
 */
gboolean
neko_listing_apply (NekoListing      *self,
                    NekoMessageIndex *index,
                    size_t           *first_new)
{
  if (!self->has_ended || self->changes == NULL)
    return FALSE;

  if (self->is_reset)
    neko_message_index_replace (index, g_steal_pointer (&self->changes), first_new);
  else if (!neko_message_index_apply (index, g_steal_pointer (&self->changes), first_new))
    return FALSE;

  neko_message_index_set_sequence (index, self->sequence);

  return TRUE;
}
