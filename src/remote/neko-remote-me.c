/* neko-remote-me.c - the account that a token belongs to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-me.h"

#include "neko-json.h"
#include "neko-remote-question.h"


static gpointer
parse (JsonObject *answer)
{
  return neko_profile_parse (answer);
}


/**
 * neko_remote_me_async:
 *
 * Asks what the Worker says of the account now.
 */
void
neko_remote_me_async (NekoRemoteClient   *client,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  const NekoRemoteQuestion question = {
    .tag = neko_remote_me_async,
    .method = "GET",
    .path = "v1/me",
    .parse = parse,
    .free = (GDestroyNotify) neko_profile_free,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_me_finish:
 *
 * Returns: (transfer full): what it says, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
NekoProfile *
neko_remote_me_finish (GAsyncResult *result,
                       GError      **error)
{
  return neko_remote_question_finish (result, error);
}


/**
 * neko_remote_me_change_password_async:
 * @old_password: the account's password on the Worker
 *
 * The client's token goes on, all others of the account are revoked.
 */
void
neko_remote_me_change_password_async (NekoRemoteClient   *client,
                                      const char         *old_password,
                                      const char         *new_password,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  g_autoptr (JsonBuilder) body = json_builder_new ();
  const NekoRemoteQuestion question = {
    .tag = neko_remote_me_change_password_async,
    .method = "PUT",
    .path = "v1/me/password",
    .body = body,
  };

  json_builder_begin_object (body);
  neko_json_add_text (body, "oldPassword", old_password);
  neko_json_add_text (body, "newPassword", new_password);
  json_builder_end_object (body);
  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_me_change_password_finish:
 *
 * Returns: whether it was done; if not, @error is set in %NEKO_REMOTE_ERROR or %NEKO_MAIL_ERROR
 */
gboolean
neko_remote_me_change_password_finish (GAsyncResult *result,
                                       GError      **error)
{
  return neko_remote_question_finish_done (result, error);
}
