/* neko-spool-writer.c - writes messages into the spool, one after the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-spool-private.h"

/* The spool is cut into about this many segments, of these sizes at most and at least. The oldest is
 * dropped as a whole, so a cut too coarse would drop much, and one too fine needs many files. */
#define SEGMENTS 8
#define SEGMENT_MAX (8 * 1024 * 1024)
#define SEGMENT_MIN (64 * 1024)

/* A disk that is full is not tried again before this. */
#define FULL_SECONDS 60

struct _NekoSpoolWriter {
  NekoSpool      *spool;
  NekoSpoolSlot  *slot;           /* (nullable): nobody else writes there */
  NekoSpoolEntry *entry; /* (nullable): what is written now */
};


/**
 * neko_spool_writer_new:
 *
 * Returns: (transfer full): a writer. Several may write into one spool at the same time
 */
NekoSpoolWriter *
neko_spool_writer_new (NekoSpool *spool)
{
  NekoSpoolWriter *self = g_new0 (NekoSpoolWriter, 1);

  self->spool = g_object_ref (spool);

  return self;
}


static void
give_back_slot (NekoSpoolWriter *self)
{
  NekoSpoolSlot *slot = g_steal_pointer (&self->slot);

  if (slot != NULL)
    slot->is_busy = FALSE;
}


void
neko_spool_writer_free (NekoSpoolWriter *self)
{
  if (self == NULL)
    return;

  give_back_slot (self);
  neko_spool_make_room (self->spool, 0);
  neko_spool_drop_empty_slots (self->spool);
  g_clear_pointer (&self->entry, neko_spool_entry_unref);
  g_object_unref (self->spool);
  g_free (self);
}


static gboolean
has_room (NekoSpool     *spool,
          NekoSpoolSlot *slot)
{
  guint64 segment_size = CLAMP (spool->limit / SEGMENTS, SEGMENT_MIN, SEGMENT_MAX);

  return neko_spool_segment_get_size (slot->segment) < segment_size;
}


static gboolean
take_slot (NekoSpoolWriter *self,
           GError         **error)
{
  NekoSpoolSegment *segment;

  if (self->slot != NULL && has_room (self->spool, self->slot))
    return TRUE;

  give_back_slot (self);

  for (GList *link = self->spool->slots.tail; link != NULL && self->slot == NULL; link = link->prev) {
    NekoSpoolSlot *slot = link->data;

    if (!slot->is_busy && has_room (self->spool, slot))
      self->slot = slot;
  }

  if (self->slot == NULL) {
    segment = neko_spool_segment_new (self->spool->folder, error);

    if (segment == NULL)
      return FALSE;

    self->slot = g_new0 (NekoSpoolSlot, 1);
    self->slot->segment = segment;
    g_queue_push_tail (&self->spool->slots, self->slot);
  }

  self->slot->is_busy = TRUE;

  return TRUE;
}


static gboolean
suspend (NekoSpoolWriter *self,
         gboolean         is_done)
{
  if (!is_done)
    self->spool->full_until = g_get_monotonic_time () + FULL_SECONDS * G_TIME_SPAN_SECOND;

  return is_done;
}


/**
 * neko_spool_writer_begin:
 * @entry: a message that is expected
 *
 * Begins a message. The one before must have been finished, or failed.
 *
 * Returns: %FALSE with @error set where no file can be made
 */
gboolean
neko_spool_writer_begin (NekoSpoolWriter *self,
                         NekoSpoolEntry  *entry,
                         GError         **error)
{
  g_return_val_if_fail (entry->state == NEKO_SPOOL_EXPECTED, FALSE);

  if (!suspend (self, take_slot (self, error)))
    return FALSE;

  g_clear_pointer (&self->entry, neko_spool_entry_unref);
  self->entry = neko_spool_entry_ref (entry);
  entry->segment = neko_spool_segment_ref (self->slot->segment);
  entry->offset = neko_spool_segment_get_size (entry->segment);
  entry->state = NEKO_SPOOL_ARRIVING;

  /* It may have been forgotten while it was on its way. */
  if (g_hash_table_lookup (self->spool->entries, entry) == entry) {
    entry->slot = self->slot;
    entry->slot->live++;
  }

  return TRUE;
}


/**
 * neko_spool_writer_append:
 * @data: octets of the message as POP3 sends them
 *
 * Writes octets that nobody may read yet. A message that a session is in the middle of comes to its end
 * also where the limit was lowered meanwhile; it fitted when it was asked for.
 *
 * Returns: %FALSE with @error set where there is no room
 */
gboolean
neko_spool_writer_append (NekoSpoolWriter *self,
                          const GString   *data,
                          GError         **error)
{
  if (!neko_spool_make_room (self->spool, data->len) && !neko_spool_entry_is_awaited (self->entry)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The spool is too small");
    return FALSE;
  }

  if (!suspend (self, neko_spool_segment_append (self->slot->segment, data->str, data->len, error)))
    return FALSE;

  neko_spool_tell (self->spool);

  return TRUE;
}


/**
 * neko_spool_writer_publish:
 *
 * Lets readers have what was written so far.
 */
void
neko_spool_writer_publish (NekoSpoolWriter *self)
{
  self->entry->length = neko_spool_segment_get_size (self->slot->segment) - self->entry->offset;
  neko_spool_entry_tell (self->entry);
}


/**
 * neko_spool_writer_finish:
 *
 * Lets readers have all of the message: it is whole and the right one.
 */
void
neko_spool_writer_finish (NekoSpoolWriter *self)
{
  self->entry->state = NEKO_SPOOL_WHOLE;
  neko_spool_writer_publish (self);
  g_clear_pointer (&self->entry, neko_spool_entry_unref);
}
