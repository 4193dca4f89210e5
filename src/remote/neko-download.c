/* neko-download.c - one message from the Worker, past the spool
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-download.h"

#include <string.h>

#include "neko-checked-stream.h"
#include "neko-remote-error.h"
#include "neko-stream-reader.h"

typedef struct {
  SoupMessage *message;
  guint64      octets;
  gboolean     is_whole; /* the message, not its top */
} Download;


static void
download_free (Download *self)
{
  g_object_unref (self->message);
  g_free (self);
}


/* An entity tag in quotes that is the SHA-256 of the body. */
static char *
dup_digest (SoupMessage *message)
{
  const char *tag = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                  "ETag");

  if (tag == NULL || strlen (tag) != 66 || tag[0] != '"' || tag[65] != '"')
    return NULL;

  return g_strndup (tag + 1, 64);
}


static void
message_sent_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Download *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = neko_remote_client_send_finish (NEKO_REMOTE_CLIENT (source),
                                                                    result, &error);
  g_autoptr (GInputStream) checked = NULL;
  g_autofree char *digest = NULL;

  if (stream == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  if (self->is_whole) {
    digest = dup_digest (self->message);

    if (digest == NULL) {
      g_task_return_error (task, neko_remote_error_new_malformed ("message"));
      return;
    }

    checked = neko_checked_stream_new (stream, self->octets, digest);
  }

  g_task_return_pointer (task,
                         neko_stream_reader_new (checked != NULL ? checked : stream,
                                                 g_task_get_cancellable (task)),
                         g_object_unref);
}


/**
 * neko_download_async:
 * @id: of the message
 * @octets: its size as it is stored
 * @lines: -1 for all of it, or the number of lines of the body to get behind the headers
 *
 * Opens a message that is read from the Worker while it is sent on.
 */
void
neko_download_async (NekoRemoteClient   *client,
                     const char         *id,
                     guint64             octets,
                     int                 lines,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autofree char *name = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = NULL;
  Download *self = g_new0 (Download, 1);

  g_task_set_source_tag (task, neko_download_async);
  self->is_whole = lines < 0;
  path = self->is_whole ? g_strdup_printf ("v1/messages/%s", name)
                        : g_strdup_printf ("v1/messages/%s?lines=%d", name, lines);
  self->message = neko_remote_client_new_message (client, SOUP_METHOD_GET, path);
  self->octets = octets;
  g_task_set_task_data (task, self, (GDestroyNotify) download_free);
  neko_remote_client_send_async (client, self->message, cancellable, message_sent_cb,
                                 g_steal_pointer (&task));
}


/**
 * neko_download_finish:
 *
 * Returns: (transfer full): the message as it comes, or %NULL with @error set in %NEKO_MAIL_ERROR
 */
NekoMessageReader *
neko_download_finish (GAsyncResult *result,
                      GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
