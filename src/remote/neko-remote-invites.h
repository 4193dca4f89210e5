/* neko-remote-invites.h - invites to a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"
#include "neko-secret.h"

G_BEGIN_DECLS

#define NEKO_REMOTE_NOTE_MAX 200 /* characters */
#define NEKO_REMOTE_INVITE_DAYS_MAX 90

typedef struct {
  char       *id;
  char       *note;       /* what the admin wrote beside it */
  char       *created_by; /* the admin's address */
  gint64      created;    /* seconds since 1970 */
  gint64      expires;
  NekoSecret *code;       /* (nullable): what the invited enters; only a new one has it */
} NekoRemoteInvite;

void              neko_remote_invite_free (NekoRemoteInvite *self);
void              neko_remote_invites_list_async (NekoRemoteClient   *client,
                                                  GCancellable       *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer            user_data);
GPtrArray        *neko_remote_invites_list_finish (GAsyncResult *result,
                                                   GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void              neko_remote_invites_create_async (NekoRemoteClient   *client,
                                                    const char         *note,
                                                    unsigned            days,
                                                    GCancellable       *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer            user_data);
NekoRemoteInvite *neko_remote_invites_create_finish (GAsyncResult *result,
                                                     GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void              neko_remote_invites_delete_async (NekoRemoteClient   *client,
                                                    const char         *id,
                                                    GCancellable       *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer            user_data);
gboolean          neko_remote_invites_delete_finish (GAsyncResult *result,
                                                     GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoRemoteInvite, neko_remote_invite_free)

G_END_DECLS
