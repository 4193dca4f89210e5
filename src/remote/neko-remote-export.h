/* neko-remote-export.h - a mailbox as a file on this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"

G_BEGIN_DECLS

typedef enum {
  NEKO_REMOTE_MAILBOX_INBOX,
  NEKO_REMOTE_MAILBOX_SENT,
} NekoRemoteMailbox;

/**
 * NekoRemoteProgress:
 * @octets: that were written so far; how many there will be nobody knows
 */
typedef void (*NekoRemoteProgress) (guint64  octets,
                                    gpointer user_data);

void     neko_remote_export_async (NekoRemoteClient   *client,
                                   NekoRemoteMailbox   mailbox,
                                   GFile              *file,
                                   NekoRemoteProgress  progress,
                                   gpointer            progress_data,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
gboolean neko_remote_export_finish (GAsyncResult *result,
                                    GError      **error);

G_END_DECLS
