/* neko-remote-registration.c - who may register at a Worker, for its admins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-registration.h"

#include "neko-json.h"
#include "neko-remote-question.h"


static gpointer
parse (JsonObject *answer)
{
  const char *text = neko_json_get_text (answer, "registration");
  NekoRemoteRegistration registration = neko_remote_registration_from_text (text);

  return text != NULL ? g_memdup2 (&registration, sizeof registration) : NULL;
}


/**
 * neko_remote_registration_get_async:
 *
 * Asks who may register.
 */
void
neko_remote_registration_get_async (NekoRemoteClient   *client,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  const NekoRemoteQuestion question = {
    .tag = neko_remote_registration_get_async,
    .method = "GET",
    .path = "v1/settings",
    .parse = parse,
    .free = g_free,
  };

  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_registration_get_finish:
 * @registration: (out): who may register
 *
 * Returns: whether the Worker said it; if not, @error is set in %NEKO_REMOTE_ERROR or %NEKO_MAIL_ERROR
 */
gboolean
neko_remote_registration_get_finish (GAsyncResult           *result,
                                     NekoRemoteRegistration *registration,
                                     GError                **error)
{
  g_autofree NekoRemoteRegistration *got = neko_remote_question_finish (result, error);

  if (got != NULL)
    *registration = *got;

  return got != NULL;
}


/**
 * neko_remote_registration_set_async:
 *
 * Says who may register from now on.
 */
void
neko_remote_registration_set_async (NekoRemoteClient      *client,
                                    NekoRemoteRegistration registration,
                                    GCancellable          *cancellable,
                                    GAsyncReadyCallback    callback,
                                    gpointer               user_data)
{
  g_autoptr (JsonBuilder) body = json_builder_new ();
  const NekoRemoteQuestion question = {
    .tag = neko_remote_registration_set_async,
    .method = "PATCH",
    .path = "v1/settings",
    .body = body,
  };

  json_builder_begin_object (body);
  neko_json_add_text (body, "registration", neko_remote_registration_to_text (registration));
  json_builder_end_object (body);
  neko_remote_question_ask (&question, client, cancellable, callback, user_data);
}


/**
 * neko_remote_registration_set_finish:
 *
 * Returns: whether it was done; if not, @error is set in %NEKO_REMOTE_ERROR or %NEKO_MAIL_ERROR
 */
gboolean
neko_remote_registration_set_finish (GAsyncResult *result,
                                     GError      **error)
{
  return neko_remote_question_finish_done (result, error);
}
