/* neko-read-ahead.h - messages of one account, and those that will be asked for next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-message-index.h"
#include "neko-message-reader.h"
#include "neko-remote-client.h"
#include "neko-spool.h"

G_BEGIN_DECLS

#define NEKO_TYPE_READ_AHEAD (neko_read_ahead_get_type ())

G_DECLARE_FINAL_TYPE (NekoReadAhead, neko_read_ahead, NEKO, READ_AHEAD, GObject)

NekoReadAhead     *neko_read_ahead_new (NekoRemoteClient *client,
                                        NekoSpool        *spool) G_GNUC_WARN_UNUSED_RESULT;
NekoMessageReader *neko_read_ahead_peek (NekoReadAhead   *self,
                                         NekoMessageList *list,
                                         size_t           position,
                                         int              lines) G_GNUC_WARN_UNUSED_RESULT;
void               neko_read_ahead_open_async (NekoReadAhead      *self,
                                               NekoMessageList    *list,
                                               size_t              position,
                                               int                 lines,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
NekoMessageReader *neko_read_ahead_open_finish (NekoReadAhead *self,
                                                GAsyncResult  *result,
                                                GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void               neko_read_ahead_prefetch (NekoReadAhead   *self,
                                             NekoMessageList *list,
                                             size_t           position);
void               neko_read_ahead_forget (NekoReadAhead *self,
                                           const char    *id);

G_END_DECLS
