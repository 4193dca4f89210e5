/* neko-pop3-listing.c - what LIST and UIDL say, in pieces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-session-private.h"

#include <string.h>

#define NUMBER_ROOM 20 /* digits of a number of 64 bits */
#define LINE_ROOM (NUMBER_ROOM + 1 + NEKO_POP3_UNIQUE_ID_LIMIT + 2)


/* A mailbox of 100,000 messages is listed at each look for mail, so there is no printf() here. */
static char *
write_number (char   *to,
              guint64 number)
{
  size_t length = 1;
  char *end;

  for (guint64 limit = 10; length < NUMBER_ROOM && number >= limit; limit *= 10)
    length++;

  end = to + length;

  for (char *digit = end; digit > to; number /= 10)
    *--digit = '0' + number % 10;

  return end;
}


static char *
write_unique_id (char       *to,
                 const char *id)
{
  size_t length = strnlen (id, NEKO_POP3_UNIQUE_ID_LIMIT);

  memcpy (to, id, length);

  return to + length;
}


static char *
write_line (NekoPop3Session *self,
            NekoPop3Column   column,
            size_t           position,
            char            *to)
{
  const NekoPop3Listing *listing = &self->listing;

  to = write_number (to, position + 1);
  *to++ = ' ';

  if (column == NEKO_POP3_OCTETS)
    to = write_number (to, listing->get_octets (listing->data, position));
  else
    to = write_unique_id (to, listing->get_unique_id (listing->data, position));

  *to++ = '\r';
  *to++ = '\n';

  return to;
}


/**
 * neko_pop3_session_append_message:
 * @position: a message
 *
 * Adds its line of a listing to the output.
 */
void
neko_pop3_session_append_message (NekoPop3Session *self,
                                  NekoPop3Column   column,
                                  size_t           position)
{
  char line[LINE_ROOM];
  char *end = write_line (self, column, position, line);

  g_string_append_len (self->output, line, end - line);
}


/**
 * neko_pop3_session_begin_listing:
 *
 * Begins to list all messages that are not marked; neko_pop3_session_proceed_listing() does it.
 */
void
neko_pop3_session_begin_listing (NekoPop3Session *self,
                                 NekoPop3Column   column)
{
  self->column = column;
  self->cursor = 0;
  neko_pop3_session_enter_state (self, LISTING);
}


/**
 * neko_pop3_session_proceed_listing:
 *
 * Fills the output up to its limit, and goes back to the commands where the listing ends.
 */
void
neko_pop3_session_proceed_listing (NekoPop3Session *self)
{
  size_t length = self->output->len;
  char *start;
  char *to;

  g_string_set_size (self->output, MAX (length, NEKO_POP3_OUTPUT_LIMIT) + LINE_ROOM);
  start = self->output->str;
  to = start + length;

  for (; self->cursor < self->listing.count && to < start + NEKO_POP3_OUTPUT_LIMIT; self->cursor++) {
    if (!neko_pop3_session_is_marked (self, self->cursor))
      to = write_line (self, self->column, self->cursor, to);
  }

  g_string_truncate (self->output, to - start);

  if (self->cursor < self->listing.count)
    return;

  neko_pop3_session_reply (self, ".");
  neko_pop3_session_enter_state (self, TRANSACTION);
}
