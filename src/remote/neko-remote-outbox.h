/* neko-remote-outbox.h - the Worker as an outbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-outbox.h"
#include "neko-profile.h"
#include "neko-remote-client.h"

G_BEGIN_DECLS

#define NEKO_TYPE_REMOTE_OUTBOX (neko_remote_outbox_get_type ())

G_DECLARE_FINAL_TYPE (NekoRemoteOutbox, neko_remote_outbox, NEKO, REMOTE_OUTBOX, GObject)

NekoRemoteOutbox *neko_remote_outbox_new (NekoRemoteClient    *client,
                                          const char          *account) G_GNUC_WARN_UNUSED_RESULT;
void               neko_remote_outbox_refresh_async (NekoRemoteOutbox   *self,
                                                     GCancellable       *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer            user_data);
gboolean           neko_remote_outbox_refresh_finish (NekoRemoteOutbox *self,
                                                      GAsyncResult     *result,
                                                      GError          **error);
const NekoProfile *neko_remote_outbox_get_profile (NekoRemoteOutbox *self);

G_END_DECLS
