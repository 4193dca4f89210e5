/* neko-message-buffer.h - a message on its way in: small in memory, large in a file without a name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Octets that stay in memory. */
#define NEKO_MESSAGE_BUFFER_MEMORY (256 * 1024)

#define NEKO_TYPE_MESSAGE_BUFFER (neko_message_buffer_get_type ())

G_DECLARE_FINAL_TYPE (NekoMessageBuffer, neko_message_buffer, NEKO, MESSAGE_BUFFER, GObject)

NekoMessageBuffer *neko_message_buffer_new (void) G_GNUC_WARN_UNUSED_RESULT;
void          neko_message_buffer_append (NekoMessageBuffer *self,
                                          const void        *data,
                                          size_t             length);
gboolean      neko_message_buffer_wants_flush (NekoMessageBuffer *self);
gboolean      neko_message_buffer_is_in_memory (NekoMessageBuffer *self);
void          neko_message_buffer_flush_async (NekoMessageBuffer  *self,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
gboolean      neko_message_buffer_flush_finish (NekoMessageBuffer *self,
                                                GAsyncResult      *result,
                                                GError           **error);
char         *neko_message_buffer_dup_sha256 (NekoMessageBuffer *self) G_GNUC_WARN_UNUSED_RESULT;
GInputStream *neko_message_buffer_open (NekoMessageBuffer *self,
                                        GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
