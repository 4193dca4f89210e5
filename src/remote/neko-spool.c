/* neko-spool.c - messages that are kept on this computer for a while, ready to be sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-spool.h"

/* The spool is cut into about this many segments, of these sizes at most and at least. The oldest is
 * dropped as a whole, so a cut too coarse would drop much, and one too fine needs many files. */
#define SEGMENTS 8
#define SEGMENT_MAX (8 * 1024 * 1024)
#define SEGMENT_MIN (64 * 1024)

/* A disk that is full is not tried again before this. */
#define FULL_SECONDS 60

typedef struct {
  NekoSpoolSegment *segment;
  unsigned          live;    /* messages in it that can be found */
  gboolean          is_busy; /* a writer has it */
} Slot;

typedef struct {
  NekoSpoolNotify notify;
  gpointer        user_data;
} Notify;

struct _NekoSpoolEntry {
  gconstpointer     owner;
  char             *id;
  Slot             *slot;     /* (nullable): while it can be found and has octets */
  NekoSpoolSegment *segment;  /* (nullable): before its first octets */
  guint64           offset;
  guint64           length;   /* octets that may be read */
  NekoSpoolState    state;
  GError           *error;    /* (nullable): why it failed */
  GArray           *notifies; /* (nullable): of Notify */
};

struct _NekoSpool {
  GObject     parent_instance;

  char       *folder;
  guint64     limit;
  GHashTable *entries; /* set of NekoSpoolEntry, by owner and id */
  GQueue      slots;   /* of Slot, oldest first */
  gint64      full_until;
};

G_DEFINE_FINAL_TYPE (NekoSpool, neko_spool, G_TYPE_OBJECT)


static void
entry_clear (NekoSpoolEntry *self)
{
  g_free (self->id);
  g_clear_pointer (&self->segment, neko_spool_segment_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->notifies, g_array_unref);
}


NekoSpoolEntry *
neko_spool_entry_ref (NekoSpoolEntry *self)
{
  return g_atomic_rc_box_acquire (self);
}


void
neko_spool_entry_unref (NekoSpoolEntry *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) entry_clear);
}


const char *
neko_spool_entry_get_id (NekoSpoolEntry *self)
{
  return self->id;
}


NekoSpoolState
neko_spool_entry_get_state (NekoSpoolEntry *self)
{
  return self->state;
}


/**
 * neko_spool_entry_get_error:
 *
 * Returns: (nullable): why it failed
 */
const GError *
neko_spool_entry_get_error (NekoSpoolEntry *self)
{
  return self->error;
}


/**
 * neko_spool_entry_get_length:
 *
 * Returns: how many octets can be read by now
 */
guint64
neko_spool_entry_get_length (NekoSpoolEntry *self)
{
  return self->length;
}


/**
 * neko_spool_entry_read:
 * @position: smaller than the length
 * @may_wait: whether this thread may wait for a disk
 *
 * Returns: as neko_spool_segment_read(), no more than there is of this message
 */
gssize
neko_spool_entry_read (NekoSpoolEntry *self,
                       guint64         position,
                       char           *buffer,
                       size_t          length,
                       gboolean        may_wait)
{
  g_return_val_if_fail (position < self->length, -1);

  return neko_spool_segment_read (self->segment, self->offset + position, buffer,
                                  MIN (length, self->length - position), may_wait);
}


/**
 * neko_spool_entry_add_notify:
 *
 * Has @notify called whenever there is more to read, and at the end.
 */
void
neko_spool_entry_add_notify (NekoSpoolEntry *self,
                             NekoSpoolNotify notify,
                             gpointer        user_data)
{
  Notify item = { notify, user_data };

  if (self->notifies == NULL)
    self->notifies = g_array_new (FALSE, FALSE, sizeof (Notify));

  g_array_append_val (self->notifies, item);
}


void
neko_spool_entry_remove_notify (NekoSpoolEntry *self,
                                gpointer        user_data)
{
  for (guint i = 0; self->notifies != NULL && i < self->notifies->len; i++) {
    if (g_array_index (self->notifies, Notify, i).user_data == user_data) {
      g_array_remove_index (self->notifies, i);
      return;
    }
  }
}


/* Whoever is told may add and remove. */
static void
tell (NekoSpoolEntry *entry)
{
  g_autoptr (NekoSpoolEntry) alive = neko_spool_entry_ref (entry);
  g_autoptr (GArray) notifies = NULL;

  if (entry->notifies == NULL)
    return;

  notifies = g_array_copy (entry->notifies);

  for (guint i = 0; i < notifies->len; i++) {
    Notify *item = &g_array_index (notifies, Notify, i);

    item->notify (item->user_data);
  }
}


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
drop_slot (NekoSpool *self,
           Slot      *slot)
{
  g_queue_remove (&self->slots, slot);
  neko_spool_segment_unref (slot->segment);
  g_free (slot);
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


static void
drop_empty_slots (NekoSpool *self)
{
  GList *next;

  for (GList *link = self->slots.head; link != NULL; link = next) {
    Slot *slot = link->data;

    next = link->next;

    if (slot->live == 0 && !slot->is_busy)
      drop_slot (self, slot);
  }
}


static gboolean
is_in_slot (gpointer key,
            gpointer value,
            gpointer slot)
{
  return ((NekoSpoolEntry *) key)->slot == slot;
}


/* Forgets the oldest messages until @size more octets fit.
 *
 * Returns: whether they do */
static gboolean
make_room (NekoSpool *self,
           guint64    size)
{
  GList *next;

  for (GList *link = self->slots.head;
       link != NULL && neko_spool_get_size (self) + size > self->limit; link = next) {
    Slot *slot = link->data;

    next = link->next;

    if (slot->is_busy)
      continue;

    g_hash_table_foreach_remove (self->entries, is_in_slot, slot);
    drop_slot (self, slot);
  }

  return neko_spool_get_size (self) + size <= self->limit;
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
    size += neko_spool_segment_get_size (((Slot *) link->data)->segment);

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
  make_room (self, 0);
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
    drop_empty_slots (self);
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
  drop_empty_slots (self);
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
  drop_empty_slots (self);
  tell (entry);
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


struct _NekoSpoolWriter {
  NekoSpool      *spool;
  Slot           *slot;  /* (nullable): nobody else writes there */
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
  Slot *slot = g_steal_pointer (&self->slot);

  if (slot != NULL)
    slot->is_busy = FALSE;
}


void
neko_spool_writer_free (NekoSpoolWriter *self)
{
  if (self == NULL)
    return;

  give_back_slot (self);
  make_room (self->spool, 0);
  drop_empty_slots (self->spool);
  g_clear_pointer (&self->entry, neko_spool_entry_unref);
  g_object_unref (self->spool);
  g_free (self);
}


static gboolean
has_room (NekoSpool *spool,
          Slot      *slot)
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
    Slot *slot = link->data;

    if (!slot->is_busy && has_room (self->spool, slot))
      self->slot = slot;
  }

  if (self->slot == NULL) {
    segment = neko_spool_segment_new (self->spool->folder, error);

    if (segment == NULL)
      return FALSE;

    self->slot = g_new0 (Slot, 1);
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


static gboolean
is_awaited (NekoSpoolEntry *entry)
{
  return entry->notifies != NULL && entry->notifies->len > 0;
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
  if (!make_room (self->spool, data->len) && !is_awaited (self->entry)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The spool is too small");
    return FALSE;
  }

  return suspend (self, neko_spool_segment_append (self->slot->segment, data->str, data->len, error));
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
  tell (self->entry);
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
