/* neko-upload-stream.c - an envelope and a message, one behind the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-upload-stream.h"

#include <string.h>

struct _NekoUploadStream {
  GFilterInputStream parent_instance;

  char              *envelope;
  size_t             length;
  size_t             position;
};

G_DEFINE_FINAL_TYPE (NekoUploadStream, neko_upload_stream, G_TYPE_FILTER_INPUT_STREAM)


static gsize
read_envelope (NekoUploadStream *self,
               void             *buffer,
               gsize             count)
{
  size_t length = MIN (count, self->length - self->position);

  memcpy (buffer, self->envelope + self->position, length);
  self->position += length;

  return length;
}


static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (length < 0)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, length);
}


static void
neko_upload_stream_read_async (GInputStream       *stream,
                               void               *buffer,
                               gsize               count,
                               int                 priority,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  NekoUploadStream *self = NEKO_UPLOAD_STREAM (stream);
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, neko_upload_stream_read_async);

  if (self->position < self->length) {
    g_task_return_int (task, read_envelope (self, buffer, count));
    return;
  }

  g_input_stream_read_async (g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream)),
                             buffer, count, priority, cancellable, read_cb,
                             g_steal_pointer (&task));
}


static gssize
neko_upload_stream_read_finish (GInputStream *stream,
                                GAsyncResult *result,
                                GError      **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}


/* There is nothing to close, which GInputStream would have done by a thread. */
static void
neko_upload_stream_close_async (GInputStream       *stream,
                                int                 priority,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, neko_upload_stream_close_async);
  g_task_return_boolean (task, TRUE);
}


static gboolean
neko_upload_stream_close_finish (GInputStream *stream,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}


static void
neko_upload_stream_finalize (GObject *object)
{
  g_free (NEKO_UPLOAD_STREAM (object)->envelope);

  G_OBJECT_CLASS (neko_upload_stream_parent_class)->finalize (object);
}


static void
neko_upload_stream_class_init (NekoUploadStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = neko_upload_stream_finalize;
  stream_class->read_async = neko_upload_stream_read_async;
  stream_class->read_finish = neko_upload_stream_read_finish;
  stream_class->close_async = neko_upload_stream_close_async;
  stream_class->close_finish = neko_upload_stream_close_finish;
}


static void
neko_upload_stream_init (NekoUploadStream *self)
{
}


/**
 * neko_upload_stream_new:
 * @envelope: a line of JSON with its LF
 * @message: the message; left open, so that it can be sent again
 *
 * Returns: (transfer full): a stream to be read asynchronously
 */
GInputStream *
neko_upload_stream_new (const char   *envelope,
                        GInputStream *message)
{
  NekoUploadStream *self = g_object_new (NEKO_TYPE_UPLOAD_STREAM,
                                         "base-stream", message,
                                         "close-base-stream", FALSE,
                                         NULL);

  self->envelope = g_strdup (envelope);
  self->length = strlen (envelope);

  return G_INPUT_STREAM (self);
}
