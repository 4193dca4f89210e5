/* neko-download.h - one message from the Worker, past the spool
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-message-reader.h"
#include "neko-remote-client.h"

G_BEGIN_DECLS

void               neko_download_async (NekoRemoteClient   *client,
                                        const char         *id,
                                        guint64             octets,
                                        int                 lines,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
NekoMessageReader *neko_download_finish (GAsyncResult *result,
                                         GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
