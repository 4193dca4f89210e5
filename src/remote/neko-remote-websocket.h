/* neko-remote-websocket.h - opens a WebSocket to a Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"

G_BEGIN_DECLS

void                     neko_remote_websocket_open_async (NekoRemoteClient   *client,
                                                           const char         *path,
                                                           guint64             message_limit,
                                                           GCancellable       *cancellable,
                                                           GAsyncReadyCallback callback,
                                                           gpointer            user_data);
SoupWebsocketConnection *neko_remote_websocket_open_finish (NekoRemoteClient *client,
                                                            GAsyncResult     *result,
                                                            GError          **error)
G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
