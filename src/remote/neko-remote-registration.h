/* neko-remote-registration.h - who may register at a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"
#include "neko-remote-info.h"

G_BEGIN_DECLS

void     neko_remote_registration_get_async (NekoRemoteClient   *client,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
gboolean neko_remote_registration_get_finish (GAsyncResult           *result,
                                              NekoRemoteRegistration *registration,
                                              GError                **error);
void     neko_remote_registration_set_async (NekoRemoteClient      *client,
                                             NekoRemoteRegistration registration,
                                             GCancellable          *cancellable,
                                             GAsyncReadyCallback    callback,
                                             gpointer               user_data);
gboolean neko_remote_registration_set_finish (GAsyncResult *result,
                                              GError      **error);

G_END_DECLS
