/* message-text.c - all of a message, for tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "message-text.h"


static void
ready_cb (NekoMessageReader *reader,
          gboolean          *is_ready)
{
  *is_ready = TRUE;
}


/* Reads a message by pieces of about @limit octets, and waits for what has not come. */
char *
message_text_read (NekoMessageReader *reader,
                   size_t             limit,
                   GError           **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_ready = FALSE;

  g_signal_connect (reader, "ready", G_CALLBACK (ready_cb), &is_ready);

  while (TRUE) {
    switch (neko_message_reader_read (reader, text, limit, error)) {
    case NEKO_MESSAGE_WAIT:
      while (!is_ready)
        g_main_context_iteration (NULL, TRUE);
      is_ready = FALSE;
      break;

    case NEKO_MESSAGE_END:
      return g_string_free (g_steal_pointer (&text), FALSE);

    case NEKO_MESSAGE_FAILED:
      return NULL;

    case NEKO_MESSAGE_MORE:
    default:
      break;
    }
  }
}
