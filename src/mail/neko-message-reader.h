/* neko-message-reader.h - a message on its way to a mail program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * NekoMessageStatus:
 * @NEKO_MESSAGE_MORE: octets were appended, and others follow
 * @NEKO_MESSAGE_WAIT: the next ones are not here yet; "ready" is emitted when they are
 * @NEKO_MESSAGE_END: the message was whole; octets may have been appended
 * @NEKO_MESSAGE_FAILED: the rest will not come, or is not the right one
 */
typedef enum {
  NEKO_MESSAGE_MORE,
  NEKO_MESSAGE_WAIT,
  NEKO_MESSAGE_END,
  NEKO_MESSAGE_FAILED,
} NekoMessageStatus;

#define NEKO_TYPE_MESSAGE_READER (neko_message_reader_get_type ())

G_DECLARE_DERIVABLE_TYPE (NekoMessageReader, neko_message_reader, NEKO, MESSAGE_READER, GObject)

/**
 * NekoMessageReaderClass:
 * @read: as neko_message_reader_read()
 */
struct _NekoMessageReaderClass {
  GObjectClass      parent_class;

  NekoMessageStatus (*read) (NekoMessageReader *self,
                             GString           *output,
                             size_t             limit,
                             GError           **error);
};

NekoMessageStatus neko_message_reader_read (NekoMessageReader *self,
                                            GString           *output,
                                            size_t             limit,
                                            GError           **error);
void              neko_message_reader_emit_ready (NekoMessageReader *self);

G_END_DECLS
