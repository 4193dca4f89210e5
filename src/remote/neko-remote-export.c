/* neko-remote-export.c - a mailbox as a file on this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-export.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "neko-frame-reader.h"
#include "neko-remote-error.h"

#define TYPE "application/vnd.neko-mail.frames"

#define READ_SIZE 65536

typedef struct {
  SoupMessage       *message;
  GInputStream      *stream;  /* (nullable): from the Worker */
  GFile             *file;
  GFile             *part;    /* what there is of it, beside it */
  GOutputStream     *output;  /* (nullable): to that */
  NekoRemoteProgress progress; /* (nullable) */
  gpointer           progress_data;
  guint64            octets;  /* written */
  NekoFrameReader   *frames;
  gboolean           has_ended;
  GError            *error;   /* (nullable): why it fails */
  size_t             filled;  /* of the text */
  uint8_t            text[READ_SIZE];   /* of the file, on its way to the disk */
  uint8_t            buffer[READ_SIZE]; /* of the answer */
} Export;


static void
export_free (Export *self)
{
  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_object (&self->output);
  neko_frame_reader_free (self->frames);
  g_object_unref (self->file);
  g_object_unref (self->part);
  g_clear_error (&self->error);
  g_free (self);
}


static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *self = g_task_get_task_data (task);

  /* Why the export failed says more than that its rest cannot be deleted. */
  g_file_delete_finish (G_FILE (source), result, NULL);
  g_task_return_error (task, g_steal_pointer (&self->error));
}


static void
delete_part (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  g_file_delete_async (self->part, G_PRIORITY_DEFAULT, NULL, deleted_cb, task);
}


static void
abandoned_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
  delete_part (g_steal_pointer (&task));
}


/* Ends the task when nothing is left of what it did, even where it was cancelled. */
static void
fail (GTask  *task,
      GError *error)
{
  Export *self = g_task_get_task_data (task);
  g_autoptr (GOutputStream) output = g_steal_pointer (&self->output);

  self->error = error;
  g_clear_object (&self->stream);
  g_output_stream_close_async (output, G_PRIORITY_DEFAULT, NULL, abandoned_cb, task);
}


/* The part becomes the file only when it is on the disk, so that whatever happens the file is whole. */
static void
move_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const Export *self = task_data;
  g_autofree char *path = g_file_get_path (self->part);
  int descriptor = path != NULL ? g_open (path, O_RDONLY | O_CLOEXEC, 0) : -1;
  int reason = path != NULL && (descriptor < 0 || fsync (descriptor) != 0) ? errno : 0;
  GError *error = NULL;

  if (descriptor >= 0)
    g_close (descriptor, NULL);

  if (reason != 0)
    g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (reason), "%s",
                             g_strerror (reason));
  else if (g_file_move (self->part, self->file,
                        G_FILE_COPY_OVERWRITE | G_FILE_COPY_NO_FALLBACK_FOR_MOVE, NULL, NULL, NULL,
                        &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}


static void
moved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *self = g_task_get_task_data (task);

  if (g_task_propagate_boolean (G_TASK (result), &self->error))
    g_task_return_boolean (task, TRUE);
  else
    delete_part (g_steal_pointer (&task));
}


static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GTask) move = NULL;
  Export *self = g_task_get_task_data (task);

  g_clear_object (&self->output);

  if (!g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &self->error)) {
    delete_part (g_steal_pointer (&task));
    return;
  }

  /* The outer task lends its data to this one, and is kept by its callback. */
  move = g_task_new (NULL, NULL, moved_cb, g_object_ref (task));
  g_task_set_source_tag (move, closed_cb);
  g_task_set_task_data (move, self, NULL);
  g_task_run_in_thread (move, move_in_thread);
}


static GError *
new_cut (const char *why)
{
  return g_error_new (NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_CUT, "the mailbox came in part only: %s",
                      why);
}


static void read_more (GTask *task);


static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;
  size_t length;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, &length, &error)) {
    fail (g_steal_pointer (&task), error);
    return;
  }

  self->octets += length;

  if (length > 0 && self->progress != NULL)
    self->progress (self->octets, self->progress_data);

  read_more (g_steal_pointer (&task));
}


/* Takes the file out of its frames, of which no more comes than the frames have. Returns whether they make
 * sense. */
static gboolean
take (Export *self,
      size_t  length)
{
  const uint8_t *data = self->buffer;
  const uint8_t *body = NULL;
  size_t body_length = 0;
  NekoFrameEvent event;

  self->filled = 0;

  do {
    event = neko_frame_reader_next (self->frames, &data, &length, &body, &body_length);

    if (event == NEKO_FRAME_BODY) {
      memcpy (self->text + self->filled, body, body_length);
      self->filled += body_length;
    }

    self->has_ended = self->has_ended || event == NEKO_FRAME_END;
  } while (event != NEKO_FRAME_INCOMPLETE && event != NEKO_FRAME_MALFORMED);

  return event == NEKO_FRAME_INCOMPLETE;
}


static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Export *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (g_steal_pointer (&task), g_steal_pointer (&error));
  else if (length < 0)
    fail (g_steal_pointer (&task), new_cut (error->message));
  else if (!take (self, length))
    fail (g_steal_pointer (&task), new_cut ("it is malformed"));
  else if (length > 0)
    g_output_stream_write_all_async (self->output, self->text, self->filled, G_PRIORITY_DEFAULT,
                                     cancellable, written_cb, g_steal_pointer (&task));
  else if (!self->has_ended)
    fail (g_steal_pointer (&task), new_cut ("its end is missing"));
  else
    g_output_stream_close_async (self->output, G_PRIORITY_DEFAULT, cancellable, closed_cb,
                                 g_steal_pointer (&task));
}


static void
read_more (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  g_input_stream_read_async (self->stream, self->buffer, sizeof self->buffer, G_PRIORITY_DEFAULT,
                             g_task_get_cancellable (task), read_cb, task);
}


static void
created_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;
  GFileOutputStream *output = g_file_create_finish (G_FILE (source), result, &error);

  if (output == NULL) {
    g_task_return_error (task, error);
    return;
  }

  self->output = G_OUTPUT_STREAM (output);
  read_more (g_steal_pointer (&task));
}


static gboolean
is_framed (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  return g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), TYPE) == 0;
}


static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->stream = neko_remote_client_send_finish (NEKO_REMOTE_CLIENT (source), result, &error);

  if (self->stream == NULL)
    g_task_return_error (task, error);
  else if (!is_framed (self->message))
    g_task_return_new_error (task, NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_NOT_WORKER,
                             "the answer is none of a Worker of Neko Mail");
  else
    g_file_create_async (self->part, G_FILE_CREATE_PRIVATE, G_PRIORITY_DEFAULT, cancellable,
                         created_cb, g_steal_pointer (&task));
}


/* Another name in the same folder, so that the one can become the other in one step. */
static GFile *
part_of (GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *unique = g_uuid_string_random ();
  g_autofree char *name = g_strdup_printf (".neko-mail-%s.part", unique);

  return folder != NULL ? g_file_get_child (folder, name) : g_file_new_for_path (name);
}


/**
 * neko_remote_export_async:
 * @file: what to make, or to replace; only its owner will be able to read it
 * @progress: (nullable) (scope async): called from time to time
 *
 * Writes a mailbox to a file of the kind mboxrd. It comes in frames, the last of which says so: libsoup takes
 * a chunked answer that was cut between two chunks for a whole one. The file is there only when it is whole, and as it was
 * before where anything fails.
 */
void
neko_remote_export_async (NekoRemoteClient   *client,
                          NekoRemoteMailbox   mailbox,
                          GFile              *file,
                          NekoRemoteProgress  progress,
                          gpointer            progress_data,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  Export *self = g_new0 (Export, 1);

  g_task_set_source_tag (task, neko_remote_export_async);
  /* Once the file is there it is too late. */
  g_task_set_check_cancellable (task, FALSE);
  self->file = g_object_ref (file);
  self->part = part_of (file);
  self->progress = progress;
  self->progress_data = progress_data;
  self->message = neko_remote_client_new_message (client, SOUP_METHOD_GET,
                                                  mailbox == NEKO_REMOTE_MAILBOX_SENT
                                                  ? "v1/export?mailbox=sent"
                                                  : "v1/export?mailbox=inbox");
  self->frames = neko_frame_reader_new_for_parts ();
  soup_message_headers_replace (soup_message_get_request_headers (self->message), "Accept", TYPE);
  g_task_set_task_data (task, self, (GDestroyNotify) export_free);
  neko_remote_client_send_async (client, self->message, cancellable, sent_cb,
                                 g_steal_pointer (&task));
}


/**
 * neko_remote_export_finish:
 *
 * Returns: whether the file is there and whole. If not, @error is set: in %G_IO_ERROR where it could not be
 *   written, %G_IO_ERROR_NO_SPACE for one; to %NEKO_REMOTE_ERROR_CUT where not all of it came; or in
 *   %NEKO_MAIL_ERROR
 */
gboolean
neko_remote_export_finish (GAsyncResult *result,
                           GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
