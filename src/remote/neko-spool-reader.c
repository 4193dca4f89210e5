/* neko-spool-reader.c - a message that is read from the spool, maybe while it arrives there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-spool-reader.h"

#include "neko-mail-error.h"
#include "neko-top-filter.h"

/* What is read in a thread, where the disk has to be waited for. */
#define WAIT_SIZE 65536

struct _NekoSpoolReader {
  NekoMessageReader parent_instance;

  NekoSpoolEntry   *entry;
  guint64           position;
  gboolean          is_top;
  NekoTopFilter     top;
  char             *late;        /* (nullable): octets that had to be waited for */
  gssize            late_length;
  gboolean          is_waiting;  /* for the disk */
};

G_DEFINE_FINAL_TYPE (NekoSpoolReader, neko_spool_reader, NEKO_TYPE_MESSAGE_READER)


static void
changed_cb (gpointer user_data)
{
  neko_message_reader_emit_ready (user_data);
}


static void
wait_for_disk (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  NekoSpoolReader *self = source;

  /* Nobody else looks at these before the task returned. */
  self->late = g_malloc (WAIT_SIZE);
  self->late_length = neko_spool_entry_read (self->entry, self->position, self->late, WAIT_SIZE, TRUE);
  g_task_return_boolean (task, TRUE);
}


static void
disk_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  NekoSpoolReader *self = NEKO_SPOOL_READER (source);

  self->is_waiting = FALSE;
  neko_message_reader_emit_ready (NEKO_MESSAGE_READER (self));
}


static void
start_waiting (NekoSpoolReader *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, disk_read_cb, NULL);

  g_task_set_source_tag (task, start_waiting);
  self->is_waiting = TRUE;
  g_task_run_in_thread (task, wait_for_disk);
}


/* Reads the next octets behind the output. */
static gssize
read_some (NekoSpoolReader *self,
           GString         *output,
           size_t           limit)
{
  guint64 available = neko_spool_entry_get_length (self->entry) - self->position;
  size_t length = MIN (limit, available);
  size_t start = output->len;
  gssize got;

  if (self->late != NULL) {
    g_autofree char *late = g_steal_pointer (&self->late);

    if (self->late_length > 0)
      g_string_append_len (output, late, self->late_length);

    return self->late_length;
  }

  g_string_set_size (output, start + length);
  got = neko_spool_entry_read (self->entry, self->position, output->str + start, length, FALSE);
  g_string_truncate (output, start + MAX (got, 0));

  return got;
}


static NekoMessageStatus
get_status_at_end (NekoSpoolReader *self,
                   GError         **error)
{
  switch (neko_spool_entry_get_state (self->entry)) {
  case NEKO_SPOOL_WHOLE:
    return NEKO_MESSAGE_END;

  case NEKO_SPOOL_FAILED:
    g_propagate_error (error, g_error_copy (neko_spool_entry_get_error (self->entry)));
    return NEKO_MESSAGE_FAILED;

  case NEKO_SPOOL_EXPECTED:
  case NEKO_SPOOL_ARRIVING:
  default:
    return NEKO_MESSAGE_WAIT;
  }
}


/* Cuts the output where the top ends, which is somewhere in the last @length octets.
 *
 * Returns: whether it ends there */
static gboolean
cut_top (NekoSpoolReader *self,
         GString         *output,
         size_t           length)
{
  size_t start = output->len - length;
  size_t taken;

  if (!self->is_top)
    return FALSE;

  taken = neko_top_filter_take (&self->top, output->str + start, length);
  g_string_truncate (output, start + taken);

  return taken < length;
}


static NekoMessageStatus
neko_spool_reader_read (NekoMessageReader *reader,
                        GString           *output,
                        size_t             limit,
                        GError           **error)
{
  NekoSpoolReader *self = NEKO_SPOOL_READER (reader);
  gssize length;

  if (self->is_waiting)
    return NEKO_MESSAGE_WAIT;

  if (self->position == neko_spool_entry_get_length (self->entry))
    return get_status_at_end (self, error);

  length = read_some (self, output, limit);

  if (length == NEKO_SPOOL_WOULD_BLOCK) {
    start_waiting (self);
    return NEKO_MESSAGE_WAIT;
  }

  if (length <= 0) {
    g_set_error_literal (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE,
                         "The spool of Neko Mail cannot be read");
    return NEKO_MESSAGE_FAILED;
  }

  self->position += length;

  if (cut_top (self, output, length))
    return NEKO_MESSAGE_END;

  return self->position == neko_spool_entry_get_length (self->entry) &&
         neko_spool_entry_get_state (self->entry) == NEKO_SPOOL_WHOLE ? NEKO_MESSAGE_END
                                                                      : NEKO_MESSAGE_MORE;
}


static void
neko_spool_reader_finalize (GObject *object)
{
  NekoSpoolReader *self = NEKO_SPOOL_READER (object);

  neko_spool_entry_remove_notify (self->entry, self);
  neko_spool_entry_unref (self->entry);
  g_free (self->late);

  G_OBJECT_CLASS (neko_spool_reader_parent_class)->finalize (object);
}


static void
neko_spool_reader_class_init (NekoSpoolReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_spool_reader_finalize;
  NEKO_MESSAGE_READER_CLASS (klass)->read = neko_spool_reader_read;
}


static void
neko_spool_reader_init (NekoSpoolReader *self)
{
}


/**
 * neko_spool_reader_new:
 * @lines: of the body that are wanted, or -1 for the whole message
 *
 * Returns: (transfer full): a reader from the beginning of the message
 */
NekoSpoolReader *
neko_spool_reader_new (NekoSpoolEntry *entry,
                       int             lines)
{
  NekoSpoolReader *self = g_object_new (NEKO_TYPE_SPOOL_READER, NULL);

  self->entry = neko_spool_entry_ref (entry);
  self->is_top = lines >= 0;
  self->top.lines = MAX (lines, 0);

  if (neko_spool_entry_get_state (entry) != NEKO_SPOOL_WHOLE)
    neko_spool_entry_add_notify (entry, changed_cb, self);

  return self;
}
