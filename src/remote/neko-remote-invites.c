/* neko-remote-invites.c - invites to a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-invites.h"

#include "neko-json.h"
#include "neko-remote-invites-json.h"
#include "neko-remote-question.h"

#define DAY_MILLISECONDS G_GINT64_CONSTANT (86400000)


void
neko_remote_invite_free (NekoRemoteInvite *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->note);
  g_free (self->created_by);
  neko_secret_free (self->code);
  g_free (self);
}


/**
 * neko_remote_invites_list_async:
 *
 * Asks for the invites that nobody used and that have not expired.
 */
void
neko_remote_invites_list_async (NekoRemoteClient   *client,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  const NekoRemoteQuestion question = {
    .tag = neko_remote_invites_list_async,
    .method = "GET",
    .path = "v1/invites",
    .parse = neko_remote_invites_parse,
    .free = (GDestroyNotify) g_ptr_array_unref,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_invites_list_finish:
 *
 * Returns: (transfer full): of #NekoRemoteInvite, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
GPtrArray *
neko_remote_invites_list_finish (GAsyncResult *result,
                                 GError      **error)
{
  return neko_remote_question_finish (result, error);
}


/**
 * neko_remote_invites_create_async:
 * @note: whom it is for, say
 * @days: after which it expires, %NEKO_REMOTE_INVITE_DAYS_MAX at most
 *
 * Makes an invite with which one person can make one account.
 */
void
neko_remote_invites_create_async (NekoRemoteClient   *client,
                                  const char         *note,
                                  unsigned            days,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (JsonBuilder) body = json_builder_new ();
  const NekoRemoteQuestion question = {
    .tag = neko_remote_invites_create_async,
    .method = "POST",
    .path = "v1/invites",
    .body = body,
    .parse = neko_remote_invites_parse_new,
    .free = (GDestroyNotify) neko_remote_invite_free,
  };

  json_builder_begin_object (body);
  neko_json_add_text (body, "note", note);
  json_builder_set_member_name (body, "lifetime");
  json_builder_add_int_value (body, days * DAY_MILLISECONDS);
  json_builder_end_object (body);
  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_invites_create_finish:
 *
 * Returns: (transfer full): it, with its code, which nobody can ask for again, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
NekoRemoteInvite *
neko_remote_invites_create_finish (GAsyncResult *result,
                                   GError      **error)
{
  return neko_remote_question_finish (result, error);
}


/**
 * neko_remote_invites_delete_async:
 * @id: of a #NekoRemoteInvite
 *
 * Makes an invite worthless.
 */
void
neko_remote_invites_delete_async (NekoRemoteClient   *client,
                                  const char         *id,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autofree char *path = neko_remote_question_dup_path ("v1/invites/", id);
  const NekoRemoteQuestion question = {
    .tag = neko_remote_invites_delete_async,
    .method = "DELETE",
    .path = path,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_invites_delete_finish:
 *
 * Returns: whether it was done; if not, @error is set in %NEKO_REMOTE_ERROR or %NEKO_MAIL_ERROR
 */
gboolean
neko_remote_invites_delete_finish (GAsyncResult *result,
                                   GError      **error)
{
  return neko_remote_question_finish_done (result, error);
}
