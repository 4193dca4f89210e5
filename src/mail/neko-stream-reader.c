/* neko-stream-reader.c - a message that is read from a stream as it comes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-stream-reader.h"

#include "neko-dot-writer.h"

#define READ_SIZE 65536

struct _NekoStreamReader {
  NekoMessageReader parent_instance;

  GInputStream     *stream;
  GCancellable     *cancellable;
  NekoDotWriter     writer;
  GString          *pending;    /* octets that came and were not taken yet, as POP3 sends them */
  uint8_t          *buffer;
  GError           *error;      /* (nullable): why the rest will not come */
  gboolean          is_reading;
  gboolean          is_whole;
};

G_DEFINE_FINAL_TYPE (NekoStreamReader, neko_stream_reader, NEKO_TYPE_MESSAGE_READER)


static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (NekoStreamReader) self = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &self->error);

  self->is_reading = FALSE;

  if (length > 0) {
    neko_dot_writer_write (&self->writer, self->pending, self->buffer, length);
  } else if (length == 0) {
    neko_dot_writer_end_line (&self->writer, self->pending);
    self->is_whole = TRUE;
  }

  neko_message_reader_emit_ready (NEKO_MESSAGE_READER (self));
}


static void
fill (NekoStreamReader *self)
{
  if (self->is_reading)
    return;

  self->is_reading = TRUE;
  g_input_stream_read_async (self->stream, self->buffer, READ_SIZE, G_PRIORITY_DEFAULT,
                             self->cancellable, read_cb, g_object_ref (self));
}


static NekoMessageStatus
neko_stream_reader_read (NekoMessageReader *reader,
                         GString           *output,
                         size_t             limit,
                         GError           **error)
{
  NekoStreamReader *self = NEKO_STREAM_READER (reader);

  if (self->error != NULL) {
    g_propagate_error (error, g_error_copy (self->error));
    return NEKO_MESSAGE_FAILED;
  }

  if (self->pending->len == 0 && !self->is_whole) {
    fill (self);
    return NEKO_MESSAGE_WAIT;
  }

  g_string_append_len (output, self->pending->str, self->pending->len);
  g_string_truncate (self->pending, 0);

  return self->is_whole ? NEKO_MESSAGE_END : NEKO_MESSAGE_MORE;
}


static void
neko_stream_reader_finalize (GObject *object)
{
  NekoStreamReader *self = NEKO_STREAM_READER (object);

  g_object_unref (self->stream);
  g_clear_object (&self->cancellable);
  g_string_free (self->pending, TRUE);
  g_free (self->buffer);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (neko_stream_reader_parent_class)->finalize (object);
}


static void
neko_stream_reader_class_init (NekoStreamReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_stream_reader_finalize;
  NEKO_MESSAGE_READER_CLASS (klass)->read = neko_stream_reader_read;
}


static void
neko_stream_reader_init (NekoStreamReader *self)
{
  self->pending = g_string_new (NULL);
  self->buffer = g_malloc (READ_SIZE);
}


/**
 * neko_stream_reader_new:
 * @stream: the message as it is stored. A read that fails before the end means that it is not whole
 * @cancellable: (nullable): ends reads that are under way
 *
 * Returns: (transfer full): a reader that holds no more of the message than one read of the stream
 */
NekoMessageReader *
neko_stream_reader_new (GInputStream *stream,
                        GCancellable *cancellable)
{
  NekoStreamReader *self = g_object_new (NEKO_TYPE_STREAM_READER, NULL);

  self->stream = g_object_ref (stream);
  g_set_object (&self->cancellable, cancellable);

  return NEKO_MESSAGE_READER (self);
}
