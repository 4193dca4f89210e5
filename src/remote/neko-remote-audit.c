/* neko-remote-audit.c - who administered a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-audit.h"

#include "neko-remote-audit-json.h"
#include "neko-remote-question.h"


void
neko_remote_audit_entry_free (NekoRemoteAuditEntry *self)
{
  if (self == NULL)
    return;

  g_free (self->actor);
  g_free (self->action);
  g_free (self->subject);
  g_strfreev (self->details);
  g_free (self);
}


/**
 * neko_remote_audit_list_async:
 * @before: the number of an entry, or 0 for the newest
 *
 * Asks for a page of the trail, the newest first. An empty one is the last.
 */
void
neko_remote_audit_list_async (NekoRemoteClient   *client,
                              guint64             before,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autofree char *path = before > 0 ? g_strdup_printf ("v1/audit?before=%" G_GUINT64_FORMAT, before)
: g_strdup ("v1/audit");
  const NekoRemoteQuestion question = {
    .tag = neko_remote_audit_list_async,
    .method = "GET",
    .path = path,
    .parse = neko_remote_audit_parse,
    .free = (GDestroyNotify) g_ptr_array_unref,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_audit_list_finish:
 *
 * Returns: (transfer full): of #NekoRemoteAuditEntry, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
GPtrArray *
neko_remote_audit_list_finish (GAsyncResult *result,
                               GError      **error)
{
  return neko_remote_question_finish (result, error);
}
