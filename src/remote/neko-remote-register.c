/* neko-remote-register.c - an account that somebody makes for themselves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-register.h"

#include "neko-json.h"
#include "neko-remote-question.h"


static gpointer
parse (JsonObject *answer)
{
  return g_strdup (neko_json_get_text (answer, "address"));
}


/**
 * neko_remote_register_async:
 * @url: the Worker's address, as somebody entered it
 * @invite: (nullable): needed where registration is not open
 *
 * Makes an account; neko_remote_sign_in_async() gets a token for it.
 */
void
neko_remote_register_async (const char         *url,
                            const char         *address,
                            const char         *password,
                            const char         *invite,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (JsonBuilder) body = json_builder_new ();
  const NekoRemoteQuestion question = {
    .tag = neko_remote_register_async,
    .method = SOUP_METHOD_POST,
    .path = "v1/users",
    .body = body,
    .parse = parse,
    .free = g_free,
  };

  json_builder_begin_object (body);
  neko_json_add_text (body, "address", address);
  neko_json_add_text (body, "password", password);

  if (invite != NULL)
    neko_json_add_text (body, "invite", invite);

  json_builder_end_object (body);
  neko_remote_question_ask_at (&question, url, cancellable, callback, user_data);
}


/**
 * neko_remote_register_finish:
 *
 * Returns: (transfer full): the address as the Worker writes it, or %NULL with @error set in
 *   %NEKO_REMOTE_ERROR or %NEKO_MAIL_ERROR
 */
char *
neko_remote_register_finish (GAsyncResult *result,
                             GError      **error)
{
  return neko_remote_question_finish (result, error);
}
