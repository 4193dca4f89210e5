/* neko-remote-diagnostics.c - the self-test of a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-diagnostics.h"

#include "neko-remote-diagnostics-json.h"
#include "neko-remote-question.h"


void
neko_remote_check_free (NekoRemoteCheck *self)
{
  if (self == NULL)
    return;

  g_free (self->check);
  g_free (self->domain);
  g_free (self->finding);
  g_free (self->remedy);
  g_free (self);
}


/**
 * neko_remote_diagnostics_async:
 *
 * Lets the Worker test itself, which may take 15 s.
 */
void
neko_remote_diagnostics_async (NekoRemoteClient   *client,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  const NekoRemoteQuestion question = {
    .tag = neko_remote_diagnostics_async,
    .method = "GET",
    .path = "v1/diagnostics",
    .parse = neko_remote_diagnostics_parse,
    .free = (GDestroyNotify) g_ptr_array_unref,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_diagnostics_finish:
 *
 * Returns: (transfer full): of #NekoRemoteCheck, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
GPtrArray *
neko_remote_diagnostics_finish (GAsyncResult *result,
                                GError      **error)
{
  return neko_remote_question_finish (result, error);
}
