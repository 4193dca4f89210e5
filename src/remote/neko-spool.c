/* neko-spool.c - messages that are kept on this computer for a while, ready to be sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-spool-private.h"

G_DEFINE_FINAL_TYPE (NekoSpool, neko_spool, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static unsigned
hash_entry (gconstpointer item)
{
  const NekoSpoolEntry *entry = item;

  return g_str_hash (entry->id) ^ g_direct_hash (entry->owner);
}


static gboolean
equal_entries (gconstpointer one,
               gconstpointer two)
{
  const NekoSpoolEntry *first = one;
  const NekoSpoolEntry *second = two;

  return first->owner == second->owner && g_str_equal (first->id, second->id);
}


static void
drop_slot (NekoSpool     *self,
           NekoSpoolSlot *slot)
{
  g_queue_remove (&self->slots, slot);
  neko_spool_segment_unref (slot->segment);
  g_free (slot);
}


/* Called when neko_spool_get_size() tells something else. */
void
neko_spool_tell (NekoSpool *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}


/* Called for what leaves the table. */
static void
forget_entry (gpointer item)
{
  NekoSpoolEntry *entry = item;

  if (entry->slot != NULL)
    entry->slot->live--;

  entry->slot = NULL;
  neko_spool_entry_unref (entry);
}


/* Gives back the files in which no message can be found. */
void
neko_spool_drop_empty_slots (NekoSpool *self)
{
  GList *next;

  for (GList *link = self->slots.head; link != NULL; link = next) {
    NekoSpoolSlot *slot = link->data;

    next = link->next;

    if (slot->live == 0 && !slot->is_busy) {
      drop_slot (self, slot);
      neko_spool_tell (self);
    }
  }
}


static gboolean
is_in_slot (gpointer key,
            gpointer value,
            gpointer slot)
{
  return ((NekoSpoolEntry *) key)->slot == slot;
}


/* Their readers go on: what they hold stays readable. */
static void
empty_slot (NekoSpool     *self,
            NekoSpoolSlot *slot)
{
  g_hash_table_foreach_remove (self->entries, is_in_slot, slot);
  drop_slot (self, slot);
  neko_spool_tell (self);
}


/* Forgets the oldest messages until @size more octets fit.
 *
 * Returns: whether they do */
gboolean
neko_spool_make_room (NekoSpool *self,
                      guint64    size)
{
  GList *next;

  for (GList *link = self->slots.head;
       link != NULL && neko_spool_get_size (self) + size > self->limit; link = next) {
    NekoSpoolSlot *slot = link->data;

    next = link->next;

    if (!slot->is_busy)
      empty_slot (self, slot);
  }

  return neko_spool_get_size (self) + size <= self->limit;
}


/**
 * neko_spool_empty:
 *
 * Forgets all messages but those in a file that is being written.
 */
void
neko_spool_empty (NekoSpool *self)
{
  GList *next;

  g_return_if_fail (NEKO_IS_SPOOL (self));

  for (GList *link = self->slots.head; link != NULL; link = next) {
    NekoSpoolSlot *slot = link->data;

    next = link->next;

    if (!slot->is_busy)
      empty_slot (self, slot);
  }
}


/**
 * neko_spool_get_size:
 *
 * Returns: how many octets it takes on the disk
 */
guint64
neko_spool_get_size (NekoSpool *self)
{
  guint64 size = 0;

  for (GList *link = self->slots.head; link != NULL; link = link->next)
    size += neko_spool_segment_get_size (((NekoSpoolSlot *) link->data)->segment);

  return size;
}


guint64
neko_spool_get_limit (NekoSpool *self)
{
  return self->limit;
}


/**
 * neko_spool_set_limit:
 * @limit: octets that it may take on the disk; 0 switches it off
 */
void
neko_spool_set_limit (NekoSpool *self,
                      guint64    limit)
{
  g_return_if_fail (NEKO_IS_SPOOL (self));

  self->limit = limit;
  neko_spool_make_room (self, 0);
}


/**
 * neko_spool_takes:
 *
 * Returns: whether it makes sense to expect a message of @size octets
 */
gboolean
neko_spool_takes (NekoSpool *self,
                  guint64    size)
{
  return size <= self->limit / NEKO_SPOOL_MESSAGE_PART && self->limit > 0 &&
         g_get_monotonic_time () >= self->full_until;
}


/**
 * neko_spool_lookup:
 *
 * Returns: (nullable): the message, in whatever state but failed
 */
NekoSpoolEntry *
neko_spool_lookup (NekoSpool    *self,
                   gconstpointer owner,
                   const char   *id)
{
  NekoSpoolEntry wanted = { .owner = owner, .id = (char *) id };

  return g_hash_table_lookup (self->entries, &wanted);
}


/**
 * neko_spool_expect:
 * @owner: whose message it is; ids are unique for one owner only
 * @id: of a message that neko_spool_lookup() does not find
 *
 * Returns: (transfer full): an entry that can be waited for. Whoever expects it brings it to its end,
 *   by a writer or by neko_spool_fail()
 */
NekoSpoolEntry *
neko_spool_expect (NekoSpool    *self,
                   gconstpointer owner,
                   const char   *id)
{
  NekoSpoolEntry *entry = g_atomic_rc_box_new0 (NekoSpoolEntry);

  entry->owner = owner;
  entry->id = g_strdup (id);
  entry->state = NEKO_SPOOL_EXPECTED;
  g_hash_table_add (self->entries, neko_spool_entry_ref (entry));

  return entry;
}


/**
 * neko_spool_remove:
 *
 * Forgets a message; one that is not there is no error.
 */
void
neko_spool_remove (NekoSpool    *self,
                   gconstpointer owner,
                   const char   *id)
{
  NekoSpoolEntry wanted = { .owner = owner, .id = (char *) id };

  if (g_hash_table_remove (self->entries, &wanted))
    neko_spool_drop_empty_slots (self);
}


static gboolean
is_of_owner (gpointer key,
             gpointer value,
             gpointer owner)
{
  return ((NekoSpoolEntry *) key)->owner == owner;
}


/**
 * neko_spool_remove_owner:
 *
 * Forgets everything of one owner.
 */
void
neko_spool_remove_owner (NekoSpool    *self,
                         gconstpointer owner)
{
  g_hash_table_foreach_remove (self->entries, is_of_owner, (gpointer) owner);
  neko_spool_drop_empty_slots (self);
}


/**
 * neko_spool_fail:
 *
 * A message that was expected does not come. It is forgotten, so that it can be asked for again, and
 * whoever waits for it is told.
 */
void
neko_spool_fail (NekoSpool      *self,
                 NekoSpoolEntry *entry,
                 const GError   *error)
{
  g_autoptr (NekoSpoolEntry) alive = neko_spool_entry_ref (entry);

  if (g_hash_table_lookup (self->entries, entry) == entry)
    g_hash_table_remove (self->entries, entry);

  entry->state = NEKO_SPOOL_FAILED;
  entry->error = g_error_copy (error);
  neko_spool_drop_empty_slots (self);
  neko_spool_entry_tell (entry);
}


static void
neko_spool_finalize (GObject *object)
{
  NekoSpool *self = NEKO_SPOOL (object);

  g_hash_table_unref (self->entries);

  while (self->slots.head != NULL)
    drop_slot (self, self->slots.head->data);

  g_free (self->folder);

  G_OBJECT_CLASS (neko_spool_parent_class)->finalize (object);
}


static void
neko_spool_class_init (NekoSpoolClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_spool_finalize;

  /**
   * NekoSpool::changed:
   *
   * neko_spool_get_size() may tell something else now.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_spool_init (NekoSpool *self)
{
  self->entries = g_hash_table_new_full (hash_entry, equal_entries, forget_entry, NULL);
  g_queue_init (&self->slots);
}


/**
 * neko_spool_new:
 * @folder: where its files are, made when it is needed
 * @limit: octets that it may take on the disk; 0 switches it off
 *
 * Returns: (transfer full): an empty spool
 */
NekoSpool *
neko_spool_new (const char *folder,
                guint64     limit)
{
  NekoSpool *self = g_object_new (NEKO_TYPE_SPOOL, NULL);

  self->folder = g_strdup (folder);
  self->limit = limit;

  return self;
}
