/* neko-remote-info.h - what a Worker tells anyone of itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Who makes accounts: admins only, whoever has an invite, or everybody. */
typedef enum {
  NEKO_REMOTE_REGISTRATION_CLOSED,
  NEKO_REMOTE_REGISTRATION_INVITE,
  NEKO_REMOTE_REGISTRATION_OPEN,
} NekoRemoteRegistration;

typedef struct {
  char                  *name;
  char                  *version;
  GStrv                  domains;      /* those that it serves */
  NekoRemoteRegistration registration;
  gboolean               is_set_up;    /* there is an admin */
} NekoRemoteInfo;

const char            *neko_remote_registration_to_text (NekoRemoteRegistration self);
NekoRemoteRegistration neko_remote_registration_from_text (const char *text);

void                   neko_remote_info_free (NekoRemoteInfo *self);
void                   neko_remote_info_async (const char         *url,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
NekoRemoteInfo        *neko_remote_info_finish (GAsyncResult *result,
                                                GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoRemoteInfo, neko_remote_info_free)

G_END_DECLS
