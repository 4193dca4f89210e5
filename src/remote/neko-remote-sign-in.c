/* neko-remote-sign-in.c - a token for an address and a password
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-sign-in.h"

#include "neko-json.h"
#include "neko-remote-client.h"
#include "neko-remote-error.h"


static void
signed_in_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = neko_remote_client_call_finish (NEKO_REMOTE_CLIENT (source),
                                                                  result, &error);
  const char *token = answer != NULL ? neko_json_get_text (answer, "token") : NULL;

  if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_SIGN_IN))
    g_task_return_new_error (task, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_PASSWORD,
                             "the Worker knows no such address and password");
  else if (answer == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (token == NULL)
    g_task_return_error (task, neko_remote_error_new_malformed ("answer"));
  else
    g_task_return_pointer (task, g_strdup (token), (GDestroyNotify) neko_secret_free);
}


/**
 * neko_remote_sign_in_async:
 * @url: the Worker's address
 * @password: the account's password on the Worker
 * @device: the name under which the user will see this sign-in, and can revoke it
 *
 * Exchanges a password for a token, so that the password need not be kept.
 */
void
neko_remote_sign_in_async (const char         *url,
                           const char         *address,
                           const char         *password,
                           const char         *device,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (NekoRemoteClient) client = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GError *error = NULL;

  g_task_set_source_tag (task, neko_remote_sign_in_async);
  client = neko_remote_client_new (url, &error);

  if (client == NULL) {
    g_task_return_error (task, error);
    return;
  }

  json_builder_begin_object (builder);
  neko_json_add_text (builder, "address", address);
  neko_json_add_text (builder, "password", password);
  neko_json_add_text (builder, "device", device);
  json_builder_end_object (builder);
  message = neko_remote_client_new_message (client, SOUP_METHOD_POST, "v1/tokens");
  neko_remote_client_set_json (message, builder);
  neko_remote_client_call_async (client, message, cancellable, signed_in_cb,
                                 g_steal_pointer (&task));
}


/**
 * neko_remote_sign_in_finish:
 *
 * Returns: (transfer full): the token, or %NULL with @error set in %NEKO_MAIL_ERROR
 */
NekoSecret *
neko_remote_sign_in_finish (GAsyncResult *result,
                            GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
