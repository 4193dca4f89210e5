/* neko-remote-setup.c - the first admin of a new Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-setup.h"

#include "neko-json.h"
#include "neko-remote-question.h"


static gpointer
parse (JsonObject *answer)
{
  return g_strdup (neko_json_get_text (answer, "token"));
}


/**
 * neko_remote_setup_async:
 * @url: the Worker's address, as somebody entered it
 * @setup_key: the Worker's secret, which proves that it is ours
 * @address: of the first admin; its domain is the first that the Worker serves
 * @device: the name under which the user will see this sign-in, and can revoke it
 *
 * Sets a new Worker up, and signs its first admin in.
 */
void
neko_remote_setup_async (const char         *url,
                         const char         *setup_key,
                         const char         *address,
                         const char         *password,
                         const char         *device,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (JsonBuilder) body = json_builder_new ();
  const NekoRemoteQuestion question = {
    .tag = neko_remote_setup_async,
    .method = SOUP_METHOD_POST,
    .path = "v1/setup",
    .body = body,
    .parse = parse,
    .free = (GDestroyNotify) neko_secret_free,
  };

  json_builder_begin_object (body);
  neko_json_add_text (body, "setupKey", setup_key);
  neko_json_add_text (body, "address", address);
  neko_json_add_text (body, "password", password);
  neko_json_add_text (body, "device", device);
  json_builder_end_object (body);
  neko_remote_question_ask_at (&question, url, cancellable, callback, user_data);
}


/**
 * neko_remote_setup_finish:
 *
 * Returns: (transfer full): the admin's token, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
NekoSecret *
neko_remote_setup_finish (GAsyncResult *result,
                          GError      **error)
{
  return neko_remote_question_finish (result, error);
}
