/* neko-remote-diagnostics.h - the self-test of a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"

G_BEGIN_DECLS

typedef struct {
  char    *check;   /* which one, as "mx" */
  char    *domain;  /* (nullable): it is about the whole server */
  gboolean is_ok;
  char    *finding; /* a sentence, in English */
  char    *remedy;  /* (nullable): another, that says what to do */
} NekoRemoteCheck;

void       neko_remote_check_free (NekoRemoteCheck *self);
void       neko_remote_diagnostics_async (NekoRemoteClient   *client,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
GPtrArray *neko_remote_diagnostics_finish (GAsyncResult *result,
                                           GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoRemoteCheck, neko_remote_check_free)

G_END_DECLS
