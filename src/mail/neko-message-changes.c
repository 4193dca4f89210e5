/* neko-message-changes.c - what happened in a maildrop, before an index takes it over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-message-changes.h"

#include <string.h>

/* The changes lie in a store of messages, so that it can become the index's where they are all that
 * there is. A removal has a size that no message has. */
#define REMOVAL_SIZE NEKO_MESSAGE_SIZE_LIMIT

struct _NekoMessageChanges {
  NekoMessageStore *store;
  guint8           *fates; /* (nullable): NekoMessageFate for each change; before it is resolved */
  guint32          *slots; /* (nullable): hash of an id -> 1 + number of a change, or 0 */
  size_t            mask;  /* one less than the number of slots, a power of two */
};


NekoMessageChanges *
neko_message_changes_new (void)
{
  NekoMessageChanges *self = g_new0 (NekoMessageChanges, 1);

  self->store = neko_message_store_new ();

  return self;
}


void
neko_message_changes_free (NekoMessageChanges *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->store, neko_message_store_unref);
  g_free (self->fates);
  g_free (self->slots);
  g_free (self);
}


/**
 * neko_message_id_is_valid:
 *
 * Returns: whether @id may stand in a UIDL line, RFC 1939 section 7
 */
gboolean
neko_message_id_is_valid (const char *id)
{
  size_t length = 0;

  for (; id[length] != '\0'; length++) {
    if (length == NEKO_MESSAGE_ID_LIMIT || id[length] < 0x21 || id[length] > 0x7e)
      return FALSE;
  }

  return length > 0;
}


static gboolean
append (NekoMessageChanges    *self,
        const NekoMessageInfo *message)
{
  g_assert (self->fates == NULL);

  if (!neko_message_id_is_valid (message->id) ||
      neko_message_store_get_length (self->store) >= NEKO_MESSAGE_COUNT_LIMIT)
    return FALSE;

  neko_message_store_append (self->store, message);

  return TRUE;
}


/**
 * neko_message_changes_add:
 * @message: what came, copied
 *
 * Returns: %FALSE where its id is not valid, it is larger than we can count or there are too many
 *   changes
 */
gboolean
neko_message_changes_add (NekoMessageChanges    *self,
                          const NekoMessageInfo *message)
{
  return message->octets < NEKO_MESSAGE_SIZE_LIMIT && message->wire < NEKO_MESSAGE_SIZE_LIMIT &&
         append (self, message);
}


/**
 * neko_message_changes_remove:
 * @id: what went; it need not have been there
 *
 * Returns: %FALSE where the id is not valid or there are too many changes
 */
gboolean
neko_message_changes_remove (NekoMessageChanges *self,
                             const char         *id)
{
  return append (self, &(NekoMessageInfo) { id, REMOVAL_SIZE, 0 });
}


/* FNV-1a over eight octets at a time, with a seed that the Worker does not know. */
static guint64
hash_id (const char *id)
{
  static guint64 seed;
  guint64 hash;
  guint64 word = 0;
  size_t length = strlen (id);

  if (seed == 0)
    seed = (guint64) g_random_int () << 32 | g_random_int () | 1;

  for (hash = seed; length >= sizeof word; length -= sizeof word, id += sizeof word) {
    memcpy (&word, id, sizeof word);
    hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
    hash ^= hash >> 32;
  }

  word = length;
  memcpy (&word, id, length);
  hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return hash ^ hash >> 32;
}


/* Where an id is or belongs. */
static guint32 *
find_slot (NekoMessageChanges *self,
           const char         *id)
{
  size_t place = hash_id (id) & self->mask;

  while (self->slots[place] != 0 &&
         !g_str_equal (neko_message_store_get (self->store, self->slots[place] - 1).id, id))
    place = (place + 1) & self->mask;

  return &self->slots[place];
}


static void
resolve_change (NekoMessageChanges *self,
                size_t              position)
{
  NekoMessageInfo message = neko_message_store_get (self->store, position);
  guint32 *slot = find_slot (self, message.id);
  guint8 before = 0;

  if (*slot != 0)
    before = self->fates[*slot - 1];

  if (message.octets == REMOVAL_SIZE)
    self->fates[position] = NEKO_MESSAGE_REMOVED;
  else if ((before & NEKO_MESSAGE_ADDED) != 0)
    return; /* its flags changed, perhaps; it keeps its place */
  else
    self->fates[position] = before | NEKO_MESSAGE_ADDED;

  if (*slot != 0)
    self->fates[*slot - 1] = 0;

  *slot = position + 1;
}


/**
 * neko_message_changes_resolve:
 *
 * Finds out what becomes of each message by all changes, one after the other; at most one change of
 * each has a fate then. Nothing can be added any more.
 */
void
neko_message_changes_resolve (NekoMessageChanges *self)
{
  size_t length = neko_message_store_get_length (self->store);
  size_t slots = 4;

  g_return_if_fail (self->fates == NULL);

  while (slots < length * 2)
    slots *= 2;

  self->fates = g_new0 (guint8, length + 1);
  self->slots = g_new0 (guint32, slots);
  self->mask = slots - 1;

  for (size_t i = 0; i < length; i++)
    resolve_change (self, i);
}


/**
 * neko_message_changes_find:
 * @position: (out): which of the changes has the fate of the message
 *
 * Returns: whether there is a change of the message
 */
gboolean
neko_message_changes_find (NekoMessageChanges *self,
                           const char         *id,
                           size_t             *position)
{
  guint32 slot = *find_slot (self, id);

  *position = slot - 1;

  return slot != 0;
}


/**
 * neko_message_changes_get_fates:
 *
 * Returns: (nullable): a #NekoMessageFate for each change, once they are resolved
 */
guint8 *
neko_message_changes_get_fates (NekoMessageChanges *self)
{
  return self->fates;
}


NekoMessageStore *
neko_message_changes_get_store (NekoMessageChanges *self)
{
  return self->store;
}


NekoMessageStore *
neko_message_changes_steal_store (NekoMessageChanges *self)
{
  return g_steal_pointer (&self->store);
}
