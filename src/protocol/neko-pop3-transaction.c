/* neko-pop3-transaction.c - the commands about messages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-session-private.h"

#include <string.h>


/* Reads a number with the spaces behind it. */
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
  text += digits;
  *rest = text + strspn (text, " ");

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
    neko_pop3_session_reply (self, "-ERR no such message");
    return FALSE;
  }

  if (neko_pop3_session_is_marked (self, number - 1)) {
    neko_pop3_session_reply (self, "-ERR message is deleted");
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
    neko_pop3_session_reply (self, "-ERR one message number wanted");

  return *rest == '\0';
}


NekoPop3Action
neko_pop3_handle_stat (NekoPop3Session *self,
                       const char      *argument)
{
  g_string_append_printf (self->output, "+OK %" G_GSIZE_FORMAT " %" G_GUINT64_FORMAT "\r\n",
                          self->listing.count - self->marked,
                          self->listing.total - self->marked_octets);

  return NEKO_POP3_CONTINUE;
}


static NekoPop3Action
list (NekoPop3Session *self,
      const char      *argument,
      NekoPop3Column   column)
{
  size_t position;

  if (argument == NULL) {
    g_string_append_printf (self->output, "+OK %" G_GSIZE_FORMAT " messages\r\n",
                            self->listing.count - self->marked);
    neko_pop3_session_begin_listing (self, column);
  } else if (find_only_message (self, argument, &position)) {
    g_string_append (self->output, "+OK ");
    neko_pop3_session_append_message (self, column, position);
  }

  return NEKO_POP3_CONTINUE;
}


NekoPop3Action
neko_pop3_handle_list (NekoPop3Session *self,
                       const char      *argument)
{
  return list (self, argument, NEKO_POP3_OCTETS);
}


NekoPop3Action
neko_pop3_handle_uidl (NekoPop3Session *self,
                       const char      *argument)
{
  return list (self, argument, NEKO_POP3_UNIQUE_ID);
}


NekoPop3Action
neko_pop3_handle_retr (NekoPop3Session *self,
                       const char      *argument)
{
  if (!find_only_message (self, argument, &self->position))
    return NEKO_POP3_CONTINUE;

  self->lines = -1;
  neko_pop3_session_enter_state (self, RETRIEVING);

  return NEKO_POP3_RETRIEVE;
}


NekoPop3Action
neko_pop3_handle_top (NekoPop3Session *self,
                      const char      *argument)
{
  const char *rest;
  guint64 lines;

  if (!find_message (self, argument, &self->position, &rest))
    return NEKO_POP3_CONTINUE;

  if (!parse_number (rest, G_MAXINT, &lines, &rest) || *rest != '\0')
    return neko_pop3_session_reply (self, "-ERR a message number and a number of lines wanted");

  self->lines = (int) lines;
  neko_pop3_session_enter_state (self, RETRIEVING);

  return NEKO_POP3_RETRIEVE;
}


NekoPop3Action
neko_pop3_handle_dele (NekoPop3Session *self,
                       const char      *argument)
{
  size_t position;

  if (!find_only_message (self, argument, &position))
    return NEKO_POP3_CONTINUE;

  if (self->marks == NULL)
    self->marks = g_malloc0 (self->listing.count / 8 + 1);

  self->marks[position / 8] |= 1 << position % 8;
  self->marked++;
  self->marked_octets += self->listing.get_octets (self->listing.data, position);

  return neko_pop3_session_reply (self, "+OK marked for deletion at QUIT");
}


NekoPop3Action
neko_pop3_handle_rset (NekoPop3Session *self,
                       const char      *argument)
{
  g_clear_pointer (&self->marks, g_free);
  self->marked = 0;
  self->marked_octets = 0;

  return neko_pop3_session_reply (self, "+OK nothing is marked");
}


NekoPop3Action
neko_pop3_handle_noop (NekoPop3Session *self,
                       const char      *argument)
{
  return neko_pop3_session_reply (self, "+OK");
}
