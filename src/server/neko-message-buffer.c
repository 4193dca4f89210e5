/* neko-message-buffer.c - a message on its way in: small in memory, large in a file without a name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-message-buffer.h"

struct _NekoMessageBuffer {
  GObject        parent_instance;

  GByteArray    *memory;   /* what is not in the file yet */
  GFileIOStream *file;     /* (nullable): its name is gone already, so nothing of it outlives us */
  GChecksum     *checksum;
};

G_DEFINE_FINAL_TYPE (NekoMessageBuffer, neko_message_buffer, G_TYPE_OBJECT)


/**
 * neko_message_buffer_append:
 *
 * Adds to the message. Where neko_message_buffer_wants_flush() says so, flush before more is added.
 */
void
neko_message_buffer_append (NekoMessageBuffer *self,
                            const void        *data,
                            size_t             length)
{
  g_return_if_fail (NEKO_IS_MESSAGE_BUFFER (self));

  g_byte_array_append (self->memory, data, length);
  g_checksum_update (self->checksum, data, length);
}


/**
 * neko_message_buffer_wants_flush:
 *
 * Returns: whether there is more in memory than should be
 */
gboolean
neko_message_buffer_wants_flush (NekoMessageBuffer *self)
{
  g_return_val_if_fail (NEKO_IS_MESSAGE_BUFFER (self), FALSE);

  return self->memory->len > NEKO_MESSAGE_BUFFER_MEMORY;
}


/**
 * neko_message_buffer_is_in_memory:
 *
 * Returns: whether the whole message is in memory
 */
gboolean
neko_message_buffer_is_in_memory (NekoMessageBuffer *self)
{
  g_return_val_if_fail (NEKO_IS_MESSAGE_BUFFER (self), FALSE);

  return self->file == NULL;
}


static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  NekoMessageBuffer *self = g_task_get_source_object (task);

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  g_byte_array_set_size (self->memory, 0);
  g_task_return_boolean (task, TRUE);
}


static void
write_memory (GTask *task)
{
  NekoMessageBuffer *self = g_task_get_source_object (task);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (self->file));
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_output_stream_write_all_async (output, self->memory->data, self->memory->len,
                                   G_PRIORITY_DEFAULT, cancellable, written_cb, task);
}


static void
unlinked_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_delete_finish (G_FILE (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  write_memory (g_steal_pointer (&task));
}


static void
created_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  NekoMessageBuffer *self = g_task_get_source_object (task);
  g_autoptr (GFile) file = g_file_new_tmp_finish (result, &self->file, &error);

  if (file == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  g_file_delete_async (file, G_PRIORITY_DEFAULT, NULL, unlinked_cb, g_steal_pointer (&task));
}


/**
 * neko_message_buffer_flush_async:
 *
 * Moves what is in memory to the file. It may fail where the disk is full.
 */
void
neko_message_buffer_flush_async (NekoMessageBuffer  *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, neko_message_buffer_flush_async);

  if (self->file != NULL)
    write_memory (g_steal_pointer (&task));
  else
    g_file_new_tmp_async ("neko-mail-XXXXXX", G_PRIORITY_DEFAULT, cancellable, created_cb,
                          g_steal_pointer (&task));
}


gboolean
neko_message_buffer_flush_finish (NekoMessageBuffer *self,
                                  GAsyncResult      *result,
                                  GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}


/**
 * neko_message_buffer_dup_sha256:
 *
 * Ends the message: nothing can be added afterwards.
 *
 * Returns: (transfer full): its SHA-256 in hexadecimal digits
 */
char *
neko_message_buffer_dup_sha256 (NekoMessageBuffer *self)
{
  g_return_val_if_fail (NEKO_IS_MESSAGE_BUFFER (self), NULL);

  return g_strdup (g_checksum_get_string (self->checksum));
}


/**
 * neko_message_buffer_open:
 *
 * What did not fit into memory has to be flushed whole before.
 *
 * Returns: (transfer full): a seekable stream of the message, from its beginning
 */
GInputStream *
neko_message_buffer_open (NekoMessageBuffer *self,
                          GError           **error)
{
  g_return_val_if_fail (NEKO_IS_MESSAGE_BUFFER (self), NULL);

  if (self->file == NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (self->memory->data, self->memory->len);

    return g_memory_input_stream_new_from_bytes (bytes);
  }

  g_return_val_if_fail (self->memory->len == 0, NULL);

  if (!g_seekable_seek (G_SEEKABLE (self->file), 0, G_SEEK_SET, NULL, error))
    return NULL;

  return g_object_ref (g_io_stream_get_input_stream (G_IO_STREAM (self->file)));
}


static void
neko_message_buffer_finalize (GObject *object)
{
  NekoMessageBuffer *self = NEKO_MESSAGE_BUFFER (object);

  g_byte_array_unref (self->memory);
  g_clear_object (&self->file);
  g_checksum_free (self->checksum);

  G_OBJECT_CLASS (neko_message_buffer_parent_class)->finalize (object);
}


static void
neko_message_buffer_class_init (NekoMessageBufferClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_message_buffer_finalize;
}


static void
neko_message_buffer_init (NekoMessageBuffer *self)
{
  self->memory = g_byte_array_new ();
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
}


NekoMessageBuffer *
neko_message_buffer_new (void)
{
  return g_object_new (NEKO_TYPE_MESSAGE_BUFFER, NULL);
}
