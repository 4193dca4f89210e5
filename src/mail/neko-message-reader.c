/* neko-message-reader.c - a message on its way to a mail program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-message-reader.h"

G_DEFINE_ABSTRACT_TYPE (NekoMessageReader, neko_message_reader, G_TYPE_OBJECT)

enum {
  READY,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
neko_message_reader_class_init (NekoMessageReaderClass *klass)
{
  /**
   * NekoMessageReader::ready:
   *
   * A read that had to wait can be tried again. It is never emitted from within a read.
   */
  signals[READY] = g_signal_new ("ready", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                 NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_message_reader_init (NekoMessageReader *self)
{
}


/**
 * neko_message_reader_read:
 * @limit: about how many octets to append at most; a few more may come
 *
 * Appends the next octets of the message in the form in which POP3 sends it, but for the dot that ends
 * it: every line ended by CRLF, the last one too, and dots at the start of a line doubled.
 *
 * The end comes only behind a message that was whole and the right one: all octets that came before are
 * to be thrown away where a read fails.
 *
 * Returns: what came of it; %NEKO_MESSAGE_FAILED with @error set in %NEKO_MAIL_ERROR or
 *   %G_IO_ERROR_CANCELLED
 */
NekoMessageStatus
neko_message_reader_read (NekoMessageReader *self,
                          GString           *output,
                          size_t             limit,
                          GError           **error)
{
  return NEKO_MESSAGE_READER_GET_CLASS (self)->read (self, output, limit, error);
}


/**
 * neko_message_reader_emit_ready:
 *
 * For subclasses: tells whoever reads that there is something to read, or that it failed.
 */
void
neko_message_reader_emit_ready (NekoMessageReader *self)
{
  g_signal_emit (self, signals[READY], 0);
}
