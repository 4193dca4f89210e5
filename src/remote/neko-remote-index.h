/* neko-remote-index.h - what is in a mailbox on the Worker, followed as it changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-event-channel.h"
#include "neko-message-index.h"
#include "neko-remote-client.h"

G_BEGIN_DECLS

#define NEKO_TYPE_REMOTE_INDEX (neko_remote_index_get_type ())

G_DECLARE_FINAL_TYPE (NekoRemoteIndex, neko_remote_index, NEKO, REMOTE_INDEX, GObject)

NekoRemoteIndex *neko_remote_index_new (NekoRemoteClient *client,
                                        NekoEventChannel *events) G_GNUC_WARN_UNUSED_RESULT;
NekoMessageList *neko_remote_index_peek (NekoRemoteIndex *self) G_GNUC_WARN_UNUSED_RESULT;
NekoMessageList *neko_remote_index_dup_known (NekoRemoteIndex *self,
                                              gboolean        *in_step) G_GNUC_WARN_UNUSED_RESULT;
void             neko_remote_index_list_async (NekoRemoteIndex    *self,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
NekoMessageList *neko_remote_index_list_finish (NekoRemoteIndex *self,
                                                GAsyncResult    *result,
                                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void             neko_remote_index_remove (NekoRemoteIndex   *self,
                                           const char *const *ids,
                                           size_t             count);

G_END_DECLS
