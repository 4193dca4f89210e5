/* neko-remote-audit.h - who administered a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-remote-client.h"

G_BEGIN_DECLS

typedef struct {
  guint64 number;
  gint64  time;    /* seconds since 1970 */
  char   *actor;   /* the admin's address */
  char   *action;  /* as "user_changed" */
  char   *subject; /* to what: an address, an invite's id, a domain */
  GStrv   details; /* names of what was changed or said, as "quota" */
} NekoRemoteAuditEntry;

void       neko_remote_audit_entry_free (NekoRemoteAuditEntry *self);
void       neko_remote_audit_list_async (NekoRemoteClient   *client,
                                         guint64             before,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
GPtrArray *neko_remote_audit_list_finish (GAsyncResult *result,
                                          GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoRemoteAuditEntry, neko_remote_audit_entry_free)

G_END_DECLS
