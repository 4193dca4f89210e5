/* neko-message-store.c - messages packed into as few octets as they need
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-message-store.h"

#include <string.h>

/* Ids stand in blocks that never move, so that an id stays where it is while messages are added. */
#define BLOCK_BITS 13
#define BLOCK_SIZE (1 << BLOCK_BITS)

typedef struct {
  guint32 id; /* number of the block and position in it */
  guint32 octets;
  guint32 wire;
} Record;

struct _NekoMessageStore {
  gatomicrefcount references;
  Record         *records;
  size_t          length;
  size_t          allocated;
  GPtrArray      *blocks;     /* (element-type char*) */
  size_t          last_used;  /* octets of the last block */
  size_t          id_octets;  /* of the ids that are there */
  size_t          lost;       /* octets of ids that were taken out */
  guint64         total;
};


/**
 * neko_message_store_new:
 *
 * Returns: (transfer full): a store with nothing in it
 */
NekoMessageStore *
neko_message_store_new (void)
{
  NekoMessageStore *self = g_new0 (NekoMessageStore, 1);

  g_atomic_ref_count_init (&self->references);
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  self->last_used = BLOCK_SIZE;

  return self;
}


NekoMessageStore *
neko_message_store_ref (NekoMessageStore *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}


void
neko_message_store_unref (NekoMessageStore *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  g_ptr_array_unref (self->blocks);
  g_free (self->records);
  g_free (self);
}


size_t
neko_message_store_get_length (const NekoMessageStore *self)
{
  return self->length;
}


/**
 * neko_message_store_get_total:
 *
 * Returns: the sum of the sizes on the wire
 */
guint64
neko_message_store_get_total (const NekoMessageStore *self)
{
  return self->total;
}


static const char *
get_id (const NekoMessageStore *self,
        const Record           *record)
{
  const char *block = g_ptr_array_index (self->blocks, record->id >> BLOCK_BITS);

  return block + record->id % BLOCK_SIZE;
}


/**
 * neko_message_store_get:
 * @position: from 0, smaller than the length
 *
 * Returns: the message; its id is valid until it is taken out
 */
NekoMessageInfo
neko_message_store_get (const NekoMessageStore *self,
                        size_t                  position)
{
  const Record *record = &self->records[position];

  return (NekoMessageInfo) { get_id (self, record), record->octets, record->wire };
}


static guint32
append_id (NekoMessageStore *self,
           const char       *id)
{
  size_t size = strlen (id) + 1;
  char *block;
  guint32 place;

  if (self->last_used + size > BLOCK_SIZE) {
    g_ptr_array_add (self->blocks, g_malloc (BLOCK_SIZE));
    self->last_used = 0;
  }

  block = g_ptr_array_index (self->blocks, self->blocks->len - 1);
  place = (self->blocks->len - 1) << BLOCK_BITS | self->last_used;
  memcpy (block + self->last_used, id, size);
  self->last_used += size;
  self->id_octets += size;

  return place;
}


/**
 * neko_message_store_append:
 * @message: what to add, copied; its id is valid and its sizes are within the limit
 *
 * Who holds the store and looks at no more than was there before sees no change.
 */
void
neko_message_store_append (NekoMessageStore      *self,
                           const NekoMessageInfo *message)
{
  Record *record;

  /* An eighth more: doubling would waste a megabyte and more of a large mailbox. */
  if (self->length == self->allocated) {
    self->allocated += self->allocated / 8 + 16;
    self->records = g_renew (Record, self->records, self->allocated);
  }

  record = &self->records[self->length++];
  record->id = append_id (self, message->id);
  record->octets = (guint32) message->octets;
  record->wire = (guint32) message->wire;
  self->total += message->wire;
}


/**
 * neko_message_store_trim:
 *
 * Gives back the space that was kept for more messages.
 */
void
neko_message_store_trim (NekoMessageStore *self)
{
  self->allocated = self->length;
  self->records = g_renew (Record, self->records, self->allocated);
}


static NekoMessageStore *
copy (const NekoMessageStore *self,
      const guint8           *kept)
{
  NekoMessageStore *new = neko_message_store_new ();

  new->allocated = self->length;
  new->records = g_new (Record, new->allocated);

  for (size_t i = 0; i < self->length; i++) {
    NekoMessageInfo message = neko_message_store_get (self, i);

    if (kept == NULL || kept[i])
      neko_message_store_append (new, &message);
  }

  neko_message_store_trim (new);

  return new;
}


/* The ids that are left keep their places, so that nothing large moves. */
static void
take_out (NekoMessageStore *self,
          const guint8     *kept)
{
  size_t length = 0;

  for (size_t i = 0; i < self->length; i++) {
    Record record = self->records[i];
    size_t size = strlen (get_id (self, &record)) + 1;

    if (kept[i]) {
      self->records[length++] = record;
      continue;
    }

    self->id_octets -= size;
    self->lost += size;
    self->total -= record.wire;
  }

  self->length = length;
}


/**
 * neko_message_store_keep:
 * @self: (transfer full): a store
 * @kept: for each message whether it stays
 *
 * Takes messages out; the others keep their order. Who else holds the store sees no change.
 *
 * Returns: (transfer full): the store without them, a new one where @self is shared
 */
NekoMessageStore *
neko_message_store_keep (NekoMessageStore *self,
                         const guint8     *kept)
{
  NekoMessageStore *new;

  if (g_atomic_ref_count_compare (&self->references, 1)) {
    take_out (self, kept);

    if (self->lost <= self->id_octets)
      return self;

    kept = NULL;
  }

  new = copy (self, kept);
  neko_message_store_unref (self);

  return new;
}
