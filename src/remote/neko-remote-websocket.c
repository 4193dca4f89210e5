/* neko-remote-websocket.c - opens a WebSocket to a Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-websocket.h"

#include "neko-remote-error.h"

typedef struct {
  char        *path;
  SoupMessage *message;
  guint64      limit; /* octets of a message */
  GError      *error; /* (nullable): why there is no WebSocket, as far as libsoup knows */
} Opening;


static void
opening_free (Opening *opening)
{
  g_free (opening->path);
  g_clear_object (&opening->message);
  g_clear_error (&opening->error);
  g_free (opening);
}


/* What is temporary without a WebSocket says nothing of why there was none before. */
static void
reason_told_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = neko_remote_client_call_finish (NEKO_REMOTE_CLIENT (source),
                                                                  result, &error);

  if (answer != NULL ||
      g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE))
    g_task_return_error (task, g_steal_pointer (&opening->error));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}


/* libsoup keeps the body of a refusal to itself, and only there is to be seen whether it is the
 * Worker who refuses. So the same is asked again, as a plain request. */
static void
ask_for_reason (GTask *task)
{
  NekoRemoteClient *client = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (SoupMessage) message = neko_remote_client_new_message (client, SOUP_METHOD_GET,
                                                                    opening->path);

  neko_remote_client_call_async (client, message, g_task_get_cancellable (task), reason_told_cb,
                                 task);
}


/* Before libsoup 3.8 the parts of a message may add up to more, for as long as its end is waited
 * for. */
static void
set_limit (SoupWebsocketConnection *connection,
           guint64                  limit)
{
  static const char total[] = "max-total-message-size";

  soup_websocket_connection_set_max_incoming_payload_size (connection, limit);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (connection), total) != NULL)
    g_object_set (connection, total, limit, NULL);
}


static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *connection = soup_session_websocket_connect_finish (
    SOUP_SESSION (source), result, &error);

  if (connection != NULL) {
    set_limit (connection, opening->limit);
    g_task_return_pointer (task, connection, g_object_unref);
    return;
  }

  opening->error = neko_remote_error_new_for_network (error);

  if (SOUP_STATUS_IS_CLIENT_ERROR (soup_message_get_status (opening->message)))
    ask_for_reason (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&opening->error));
}


/**
 * neko_remote_websocket_open_async:
 * @path: of a WebSocket, relative to the Worker's address, escaped
 * @message_limit: octets of a message; one that is larger ends the connection
 *
 * Opens a WebSocket. libsoup may deliver its first message as soon as the main loop runs again, so
 * connect to its signals in @callback.
 */
void
neko_remote_websocket_open_async (NekoRemoteClient   *client,
                                  const char         *path,
                                  guint64             message_limit,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  SoupSession *session;
  Opening *opening;

  g_return_if_fail (NEKO_IS_REMOTE_CLIENT (client));

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, neko_remote_websocket_open_async);

  session = neko_remote_client_get_session (client, &error);

  if (session == NULL) {
    g_task_return_error (task, error);
    return;
  }

  opening = g_new0 (Opening, 1);
  opening->path = g_strdup (path);
  opening->limit = message_limit;
  opening->message = neko_remote_client_new_message (client, SOUP_METHOD_GET, path);
  g_task_set_task_data (task, opening, (GDestroyNotify) opening_free);

  /* A compressed message could be far larger than the limit, and each connection keeps a window. */
  soup_message_disable_feature (opening->message, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  soup_session_websocket_connect_async (session, opening->message, NULL, NULL,
                                        G_PRIORITY_DEFAULT, cancellable, opened_cb,
                                        g_steal_pointer (&task));
}


/**
 * neko_remote_websocket_open_finish:
 *
 * Returns: (transfer full): an open WebSocket, or %NULL with @error set in %NEKO_MAIL_ERROR
 */
SoupWebsocketConnection *
neko_remote_websocket_open_finish (NekoRemoteClient *client,
                                   GAsyncResult     *result,
                                   GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
