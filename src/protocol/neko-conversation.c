/* neko-conversation.c - what a mail program and we say, for whoever looks for what is wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-conversation.h"

#include <string.h>

#include "neko-log.h"

#define CODE_LENGTH 3 /* digits of SMTP */


/**
 * neko_conversation_init:
 * @protocol: its name; it is not copied
 */
void
neko_conversation_init (NekoConversation *self,
                        const char       *protocol)
{
  static unsigned last_number;

  self->protocol = protocol;
  self->number = ++last_number;
  self->verb = NULL;
}


/* "[AUTH]" of RFC 2449, "5.7.8" of RFC 2034; else what follows is text or a challenge. */
static gboolean
is_code (const char *word,
         size_t      length)
{
  if (length > 2 && word[0] == '[')
    return word[length - 1] == ']';

  return length > CODE_LENGTH && strspn (word, "0123456789.") >= length && memchr (word, '.', length) != NULL;
}


static char *
dup_code (const char *line)
{
  size_t length = strcspn (line, " \r\n");
  const char *next = line + length + strspn (line + length, " ");
  size_t next_length = strcspn (next, " \r\n");

  if (g_ascii_isdigit (line[0]))
    length = MIN (length, CODE_LENGTH);

  if (is_code (next, next_length))
    return g_strdup_printf ("%.*s %.*s", (int) length, line, (int) next_length, next);

  return g_strndup (line, length);
}


/**
 * neko_conversation_note:
 * @start: where in @output begins what was said now; it may be nothing
 *
 * Logs the verb that is answered and the code that answers it, where the log is to be detailed. Neither arguments
 * nor what stands behind the code are logged: they may be secrets, or what is in a message.
 */
void
neko_conversation_note (NekoConversation *self,
                        const GString    *output,
                        size_t            start)
{
  g_autofree char *number = NULL;
  g_autofree char *code = NULL;

  if (!neko_log_is_detailed () || start >= output->len)
    return;

  number = g_strdup_printf ("%u", self->number);
  code = dup_code (output->str + start);
  neko_log_event (G_LOG_LEVEL_DEBUG, "conversation", "%s %s: %s, answered by %s", self->protocol, number,
                  self->verb != NULL ? self->verb : "?", code);
}
