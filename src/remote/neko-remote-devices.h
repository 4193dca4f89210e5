/* neko-remote-devices.h - where an account is signed in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"

G_BEGIN_DECLS

typedef struct {
  char    *id;
  char    *name;      /* that the user gave it */
  gint64   created;   /* seconds since 1970 */
  gint64   last_used; /* the same, an hour late at most */
  gboolean is_current; /* it is this one */
} NekoRemoteDevice;

void       neko_remote_device_free (NekoRemoteDevice *self);
void       neko_remote_devices_list_async (NekoRemoteClient   *client,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
GPtrArray *neko_remote_devices_list_finish (GAsyncResult *result,
                                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void       neko_remote_devices_revoke_async (NekoRemoteClient   *client,
                                             const char         *id,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
gboolean   neko_remote_devices_revoke_finish (GAsyncResult *result,
                                              GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoRemoteDevice, neko_remote_device_free)

G_END_DECLS
