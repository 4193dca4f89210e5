/* neko-checked-stream.c - a message on its way in, whose end is an error unless it is whole
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-checked-stream.h"

#include "neko-remote-error.h"

struct _NekoCheckedStream {
  GFilterInputStream parent_instance;

  GChecksum         *checksum;
  char              *sha256;
  guint64            size;
  guint64            position;
};

G_DEFINE_FINAL_TYPE (NekoCheckedStream, neko_checked_stream, G_TYPE_FILTER_INPUT_STREAM)


/* What was read is checked before it is handed on, so that the last octets of a message that is not
 * the right one never reach a mail program. */
static gboolean
check (NekoCheckedStream *self,
       const void        *buffer,
       size_t             length,
       GError           **error)
{
  self->position += length;

  /* A checksum that was asked for takes no more, not even nothing. */
  if (length > 0 && self->position <= self->size)
    g_checksum_update (self->checksum, buffer, length);

  if (self->position > self->size ||
      (length == 0 && self->position < self->size) ||
      (self->position == self->size && length > 0 &&
       g_ascii_strcasecmp (g_checksum_get_string (self->checksum), self->sha256) != 0)) {
    g_propagate_error (error, neko_remote_error_new_malformed ("message"));
    return FALSE;
  }

  return TRUE;
}


static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  NekoCheckedStream *self = g_task_get_source_object (task);
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (length < 0)
    g_task_return_error (task, neko_remote_error_new_for_network (error));
  else if (!check (self, g_task_get_task_data (task), length, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, length);
}


/* Passed on, not run in a thread as GInputStream would: libsoup's streams belong to this one. */
static void
neko_checked_stream_read_async (GInputStream       *stream,
                                void               *buffer,
                                gsize               count,
                                int                 priority,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);
  GInputStream *base = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream));

  g_task_set_source_tag (task, neko_checked_stream_read_async);
  g_task_set_task_data (task, buffer, NULL);
  g_input_stream_read_async (base, buffer, count, priority, cancellable, read_cb,
                             g_steal_pointer (&task));
}


static gssize
neko_checked_stream_read_finish (GInputStream *stream,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}


static void
neko_checked_stream_finalize (GObject *object)
{
  NekoCheckedStream *self = NEKO_CHECKED_STREAM (object);

  g_checksum_free (self->checksum);
  g_free (self->sha256);

  G_OBJECT_CLASS (neko_checked_stream_parent_class)->finalize (object);
}


static void
neko_checked_stream_class_init (NekoCheckedStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = neko_checked_stream_finalize;
  stream_class->read_async = neko_checked_stream_read_async;
  stream_class->read_finish = neko_checked_stream_read_finish;
}


static void
neko_checked_stream_init (NekoCheckedStream *self)
{
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
}


/**
 * neko_checked_stream_new:
 * @base: the message as it comes
 * @size: how many octets it has
 * @sha256: their SHA-256 in hexadecimal digits
 *
 * Returns: (transfer full): a stream to be read asynchronously
 */
GInputStream *
neko_checked_stream_new (GInputStream *base,
                         guint64       size,
                         const char   *sha256)
{
  NekoCheckedStream *self = g_object_new (NEKO_TYPE_CHECKED_STREAM, "base-stream", base, NULL);

  self->size = size;
  self->sha256 = g_strdup (sha256);

  return G_INPUT_STREAM (self);
}
