/* neko-message-list.h - a snapshot of the messages of a maildrop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "neko-message-store.h"

G_BEGIN_DECLS

/* It never changes, so sessions may share it. Reference counted. */
typedef struct _NekoMessageList NekoMessageList;

NekoMessageList *neko_message_list_new (NekoMessageStore *store) G_GNUC_WARN_UNUSED_RESULT;
NekoMessageList *neko_message_list_ref (NekoMessageList *self) G_GNUC_WARN_UNUSED_RESULT;
void             neko_message_list_unref (NekoMessageList *self);
size_t           neko_message_list_get_length (const NekoMessageList *self);
guint64          neko_message_list_get_total (const NekoMessageList *self);
NekoMessageInfo  neko_message_list_get (const NekoMessageList *self,
                                        size_t                 position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoMessageList, neko_message_list_unref)

G_END_DECLS
