/* neko-message-changes.h - what happened in a maildrop, before an index takes it over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-message-store.h"

G_BEGIN_DECLS

#define NEKO_MESSAGE_ID_LIMIT 70          /* octets of an id, RFC 1939 section 7 */
#define NEKO_MESSAGE_COUNT_LIMIT 1000000  /* of changes, and of messages in an index */

/**
 * NekoMessageFate:
 * @NEKO_MESSAGE_ADDED: the change adds its message, where it is not there
 * @NEKO_MESSAGE_REMOVED: the changes up to this one removed its message, wherever it was
 *
 * What becomes of a message by all changes together; flags.
 */
typedef enum {
  NEKO_MESSAGE_ADDED = 1 << 0,
  NEKO_MESSAGE_REMOVED = 1 << 1,
} NekoMessageFate;

typedef struct _NekoMessageChanges NekoMessageChanges;

NekoMessageChanges *neko_message_changes_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                neko_message_changes_free (NekoMessageChanges *self);
gboolean            neko_message_changes_add (NekoMessageChanges    *self,
                                              const NekoMessageInfo *message);
gboolean            neko_message_changes_remove (NekoMessageChanges *self,
                                                 const char         *id);
void                neko_message_changes_resolve (NekoMessageChanges *self);
gboolean            neko_message_changes_find (NekoMessageChanges *self,
                                               const char         *id,
                                               size_t             *position);
guint8             *neko_message_changes_get_fates (NekoMessageChanges *self);
NekoMessageStore   *neko_message_changes_get_store (NekoMessageChanges *self);
NekoMessageStore   *neko_message_changes_steal_store (NekoMessageChanges *self)
G_GNUC_WARN_UNUSED_RESULT;

gboolean            neko_message_id_is_valid (const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoMessageChanges, neko_message_changes_free)

G_END_DECLS
