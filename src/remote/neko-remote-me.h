/* neko-remote-me.h - the account that a token belongs to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-profile.h"
#include "neko-remote-client.h"

G_BEGIN_DECLS

void         neko_remote_me_async (NekoRemoteClient   *client,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
NekoProfile *neko_remote_me_finish (GAsyncResult *result,
                                    GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void         neko_remote_me_change_password_async (NekoRemoteClient   *client,
                                                   const char         *old_password,
                                                   const char         *new_password,
                                                   GCancellable       *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer            user_data);
gboolean     neko_remote_me_change_password_finish (GAsyncResult *result,
                                                    GError      **error);

G_END_DECLS
