/* neko-remote-devices.c - where an account is signed in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-devices.h"

#include "neko-remote-devices-json.h"
#include "neko-remote-question.h"


void
neko_remote_device_free (NekoRemoteDevice *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self);
}


/**
 * neko_remote_devices_list_async:
 *
 * Asks where the account is signed in.
 */
void
neko_remote_devices_list_async (NekoRemoteClient   *client,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  const NekoRemoteQuestion question = {
    .tag = neko_remote_devices_list_async,
    .method = "GET",
    .path = "v1/tokens",
    .parse = neko_remote_devices_parse,
    .free = (GDestroyNotify) g_ptr_array_unref,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_devices_list_finish:
 *
 * Returns: (transfer full): of #NekoRemoteDevice, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
GPtrArray *
neko_remote_devices_list_finish (GAsyncResult *result,
                                 GError      **error)
{
  return neko_remote_question_finish (result, error);
}


/**
 * neko_remote_devices_revoke_async:
 * @id: of a #NekoRemoteDevice
 *
 * Signs a device out; it may be this one.
 */
void
neko_remote_devices_revoke_async (NekoRemoteClient   *client,
                                  const char         *id,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autofree char *path = neko_remote_question_dup_path ("v1/tokens/", id);
  const NekoRemoteQuestion question = {
    .tag = neko_remote_devices_revoke_async,
    .method = "DELETE",
    .path = path,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_devices_revoke_finish:
 *
 * Returns: whether it was done; if not, @error is set in %NEKO_REMOTE_ERROR or %NEKO_MAIL_ERROR;
 *   one that was revoked already is %NEKO_REMOTE_ERROR_NO_SUCH
 */
gboolean
neko_remote_devices_revoke_finish (GAsyncResult *result,
                                   GError      **error)
{
  return neko_remote_question_finish_done (result, error);
}
