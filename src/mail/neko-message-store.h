/* neko-message-store.h - messages packed into as few octets as they need
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A size that stands for no message; those of messages are smaller. */
#define NEKO_MESSAGE_SIZE_LIMIT G_MAXUINT32

/**
 * NekoMessageInfo:
 * @id: the message's unique-id, 1 to 70 characters of 0x21 to 0x7E, never used again
 * @octets: its size as it is stored
 * @wire: its size with every line ended by CRLF, what POP3 lists and sends
 */
typedef struct {
  const char *id;
  guint64     octets;
  guint64     wire;
} NekoMessageInfo;

/* What the index and its snapshots share: grows at its end, reference counted. */
typedef struct _NekoMessageStore NekoMessageStore;

NekoMessageStore *neko_message_store_new (void) G_GNUC_WARN_UNUSED_RESULT;
NekoMessageStore *neko_message_store_ref (NekoMessageStore *self) G_GNUC_WARN_UNUSED_RESULT;
void              neko_message_store_unref (NekoMessageStore *self);
size_t            neko_message_store_get_length (const NekoMessageStore *self);
guint64           neko_message_store_get_total (const NekoMessageStore *self);
NekoMessageInfo   neko_message_store_get (const NekoMessageStore *self,
                                          size_t                  position);
void              neko_message_store_append (NekoMessageStore      *self,
                                             const NekoMessageInfo *message);
NekoMessageStore *neko_message_store_keep (NekoMessageStore *self,
                                           const guint8     *kept) G_GNUC_WARN_UNUSED_RESULT;
void              neko_message_store_trim (NekoMessageStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoMessageStore, neko_message_store_unref)

G_END_DECLS
