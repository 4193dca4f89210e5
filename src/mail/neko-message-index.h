/* neko-message-index.h - the messages of a maildrop, as they are listed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-message-changes.h"
#include "neko-message-list.h"

G_BEGIN_DECLS

/* Follows the Worker's sequence of changes. */
typedef struct _NekoMessageIndex NekoMessageIndex;

NekoMessageIndex *neko_message_index_new (void) G_GNUC_WARN_UNUSED_RESULT;
void              neko_message_index_free (NekoMessageIndex *self);
void              neko_message_index_replace (NekoMessageIndex   *self,
                                              NekoMessageChanges *changes,
                                              size_t             *first_new);
gboolean          neko_message_index_apply (NekoMessageIndex   *self,
                                            NekoMessageChanges *changes,
                                            size_t             *first_new);
void              neko_message_index_remove (NekoMessageIndex  *self,
                                             const char *const *ids,
                                             size_t             count);
guint64           neko_message_index_get_sequence (NekoMessageIndex *self);
void              neko_message_index_set_sequence (NekoMessageIndex *self,
                                                   guint64           sequence);
NekoMessageList  *neko_message_index_snapshot (NekoMessageIndex *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoMessageIndex, neko_message_index_free)

G_END_DECLS
