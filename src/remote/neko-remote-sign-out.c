/* neko-remote-sign-out.c - the end of a token
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-sign-out.h"

#include "neko-json.h"
#include "neko-remote-client.h"
#include "neko-remote-error.h"

/* Somebody waits for it, and can do it from another device as well. */
#define STALL_SECONDS 10


static void
revoked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GInputStream) nothing = neko_remote_client_send_finish (NEKO_REMOTE_CLIENT (source),
                                                                     result, &error);

  if (nothing != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}


/* Which of the user's devices this one is. */
static const char *
find_id (JsonObject *answer)
{
  JsonNode *node = json_object_get_member (answer, "tokens");
  JsonArray *tokens = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; tokens != NULL && i < json_array_get_length (tokens); i++) {
    JsonNode *element = json_array_get_element (tokens, i);

    if (JSON_NODE_HOLDS_OBJECT (element) &&
        neko_json_is_true (json_node_get_object (element), "current"))
      return neko_json_get_text (json_node_get_object (element), "id");
  }

  return NULL;
}


static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NekoRemoteClient *client = NEKO_REMOTE_CLIENT (source);
  GError *error = NULL;
  g_autoptr (JsonObject) answer = neko_remote_client_call_finish (client, result, &error);
  const char *id = answer != NULL ? find_id (answer) : NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;
  g_autoptr (SoupMessage) message = NULL;

  /* One that is refused is revoked already. */
  if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_SIGN_IN)) {
    g_error_free (error);
    g_task_return_boolean (task, TRUE);
    return;
  }

  if (id == NULL) {
    g_task_return_error (task, error != NULL ? error : neko_remote_error_new_malformed ("answer"));
    return;
  }

  escaped = g_uri_escape_string (id, NULL, FALSE);
  path = g_strconcat ("v1/tokens/", escaped, NULL);
  message = neko_remote_client_new_message (client, SOUP_METHOD_DELETE, path);
  neko_remote_client_send_async (client, message, g_task_get_cancellable (task), revoked_cb,
                                 g_object_ref (task));
}


/**
 * neko_remote_sign_out_async:
 * @url: the Worker's address
 * @token: what it is to take no longer
 *
 * Revokes a token; the user's other devices go on.
 */
void
neko_remote_sign_out_async (const char         *url,
                            const char         *token,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (SoupMessage) message = NULL;
  GError *error = NULL;
  g_autoptr (NekoRemoteClient) client = neko_remote_client_new (url, &error);

  g_task_set_source_tag (task, neko_remote_sign_out_async);

  if (client == NULL) {
    g_task_return_error (task, error);
    return;
  }

  neko_remote_client_set_stall_time (client, STALL_SECONDS);
  neko_remote_client_set_token (client, token);
  message = neko_remote_client_new_message (client, SOUP_METHOD_GET, "v1/tokens");
  neko_remote_client_call_async (client, message, cancellable, listed_cb, g_steal_pointer (&task));
}


/**
 * neko_remote_sign_out_finish:
 *
 * Returns: whether the Worker takes the token no longer; if not, @error is set in %NEKO_MAIL_ERROR
 */
gboolean
neko_remote_sign_out_finish (GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
