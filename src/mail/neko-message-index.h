/* neko-message-index.h - the messages of a maildrop, as they are listed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define NEKO_MESSAGE_ID_LIMIT 70 /* octets of an id, RFC 1939 section 7 */

/**
 * NekoMessageInfo:
 * @id: the message's unique-id, 1 to 70 characters of 0x21 to 0x7E, never used again
 * @sequence: its place in the mailbox's sequence of changes
 * @octets: its size as it is stored
 * @wire: its size with every line ended by CRLF, what POP3 lists and sends
 */
typedef struct {
  char   *id;
  guint64 sequence;
  guint64 octets;
  guint64 wire;
} NekoMessageInfo;

/* A snapshot: it never changes, so sessions may share it. Reference counted. */
typedef struct _NekoMessageList NekoMessageList;

NekoMessageList       *neko_message_list_ref (NekoMessageList *self) G_GNUC_WARN_UNUSED_RESULT;
void                   neko_message_list_unref (NekoMessageList *self);
size_t                 neko_message_list_get_length (const NekoMessageList *self);
const NekoMessageInfo *neko_message_list_get (const NekoMessageList *self,
                                              size_t                 position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoMessageList, neko_message_list_unref)

/* The index itself: follows the Worker's sequence of changes. */
typedef struct _NekoMessageIndex NekoMessageIndex;

NekoMessageIndex      *neko_message_index_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                   neko_message_index_free (NekoMessageIndex *self);
void                   neko_message_index_reset (NekoMessageIndex *self);
void                   neko_message_index_add (NekoMessageIndex      *self,
                                               const NekoMessageInfo *message);
void                   neko_message_index_remove (NekoMessageIndex *self,
                                                  const char       *id);
guint64                neko_message_index_get_sequence (NekoMessageIndex *self);
void                   neko_message_index_set_sequence (NekoMessageIndex *self,
                                                        guint64           sequence);
NekoMessageList       *neko_message_index_snapshot (NekoMessageIndex *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean               neko_message_id_is_valid (const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoMessageIndex, neko_message_index_free)

G_END_DECLS
