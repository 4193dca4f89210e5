/* neko-remote-question.c - what the window asks a Worker, and what becomes of the answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-question.h"

#include "neko-remote-error.h"
#include "neko-uri.h"

/* Somebody looks at the window meanwhile. */
#define STALL_SECONDS 20


static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const NekoRemoteQuestion *question = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonObject) answer = neko_remote_client_ask_finish (NEKO_REMOTE_CLIENT (source), result,
                                                                 &error);
  gpointer parsed;

  if (answer == NULL) {
    g_task_return_error (task, error);
    return;
  }

  if (question->parse == NULL) {
    g_task_return_boolean (task, TRUE);
    return;
  }

  parsed = question->parse (answer);

  if (parsed != NULL)
    g_task_return_pointer (task, parsed, question->free);
  else
    g_task_return_new_error (task, NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_NOT_WORKER,
                             "the answer is none of a Worker of Neko Mail");
}


/**
 * neko_remote_question_dup_path:
 * @folder: ends with a slash
 * @name: what somebody entered, or the Worker said
 *
 * Returns: (transfer full): the path of what has that name
 */
char *
neko_remote_question_dup_path (const char *folder,
                               const char *name)
{
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);

  return g_strconcat (folder, escaped, NULL);
}


/**
 * neko_remote_question_ask:
 * @self: copied as far as it is needed later
 *
 * Has to be followed by neko_remote_question_finish(), or neko_remote_question_finish_done() where
 * there is nothing to parse.
 */
void
neko_remote_question_ask (const NekoRemoteQuestion *self,
                          NekoRemoteClient         *client,
                          GCancellable             *cancellable,
                          GAsyncReadyCallback       callback,
                          gpointer                  user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autoptr (SoupMessage) message = neko_remote_client_new_message (client, self->method, self->path);

  g_task_set_source_tag (task, self->tag);
  g_task_set_task_data (task, g_memdup2 (self, sizeof *self), g_free);

  if (self->body != NULL)
    neko_remote_client_set_json (message, self->body);

  neko_remote_client_ask_async (client, message, cancellable, asked_cb, g_steal_pointer (&task));
}


static gboolean
is_safe (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  return neko_uri_is_safe (uri);
}


/**
 * neko_remote_question_ask_at:
 * @url: the Worker's address, as somebody entered it
 *
 * Asks without a token, and over a connection of its own.
 */
void
neko_remote_question_ask_at (const NekoRemoteQuestion *self,
                             const char               *url,
                             GCancellable             *cancellable,
                             GAsyncReadyCallback       callback,
                             gpointer                  user_data)
{
  g_autoptr (NekoRemoteClient) client = is_safe (url) ? neko_remote_client_new (url, NULL) : NULL;

  if (client == NULL) {
    g_task_report_new_error (NULL, callback, user_data, self->tag, NEKO_REMOTE_ERROR,
                             NEKO_REMOTE_ERROR_URL, "this is no address of a Worker");
    return;
  }

  neko_remote_client_set_stall_time (client, STALL_SECONDS);
  neko_remote_question_ask (self, client, cancellable, callback, user_data);
}


/**
 * neko_remote_question_finish:
 *
 * Returns: (transfer full): what was parsed, or %NULL with @error set in %NEKO_REMOTE_ERROR or
 *   %NEKO_MAIL_ERROR
 */
gpointer
neko_remote_question_finish (GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


/**
 * neko_remote_question_finish_done:
 *
 * Returns: whether it was done; if not, @error is set as above
 */
gboolean
neko_remote_question_finish_done (GAsyncResult *result,
                                  GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
