/* neko-pop3-transaction.c - the commands about messages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-pop3-session-private.h"

#include <string.h>


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
    neko_pop3_session_reply (self, "-ERR no such message");
    return FALSE;
  }

  if (is_marked (self, number - 1)) {
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

  return neko_pop3_session_reply (self, ".");
}


NekoPop3Action
neko_pop3_handle_list (NekoPop3Session *self,
                       const char      *argument)
{
  return list (self, argument, append_octets);
}


NekoPop3Action
neko_pop3_handle_uidl (NekoPop3Session *self,
                       const char      *argument)
{
  return list (self, argument, append_unique_id);
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

  if (*rest != ' ' || !parse_number (rest + 1, G_MAXINT, &lines, &rest) || *rest != '\0')
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

  self->marks->data[position] = 1;
  self->marked++;

  return neko_pop3_session_reply (self, "+OK marked for deletion at QUIT");
}


NekoPop3Action
neko_pop3_handle_rset (NekoPop3Session *self,
                       const char      *argument)
{
  memset (self->marks->data, 0, self->marks->len);
  self->marked = 0;

  return neko_pop3_session_reply (self, "+OK nothing is marked");
}


NekoPop3Action
neko_pop3_handle_noop (NekoPop3Session *self,
                       const char      *argument)
{
  return neko_pop3_session_reply (self, "+OK");
}
