/* neko-message-index.c - the messages of a maildrop, as they are listed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-message-index.h"

#include <string.h>

struct _NekoMessageList {
  GPtrArray *messages; /* (element-type NekoMessageInfo), in order of arrival */
};

struct _NekoMessageIndex {
  GPtrArray       *messages; /* in order of arrival; NULL where one was removed */
  GHashTable      *ids;      /* id -> position in messages; the ids belong to the messages */
  NekoMessageList *snapshot; /* (nullable): what the last one was, while it still holds */
  guint64          sequence; /* the last change that is in here */
};


static void
clear_info (NekoMessageInfo *info)
{
  g_free (info->id);
}


static void
unref_info (gpointer info)
{
  if (info != NULL)
    g_atomic_rc_box_release_full (info, (GDestroyNotify) clear_info);
}


NekoMessageList *
neko_message_list_ref (NekoMessageList *self)
{
  return g_atomic_rc_box_acquire (self);
}


static void
clear_list (NekoMessageList *self)
{
  g_ptr_array_unref (self->messages);
}


void
neko_message_list_unref (NekoMessageList *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear_list);
}


size_t
neko_message_list_get_length (const NekoMessageList *self)
{
  return self->messages->len;
}


/**
 * neko_message_list_get:
 * @position: from 0, smaller than the length
 */
const NekoMessageInfo *
neko_message_list_get (const NekoMessageList *self,
                       size_t                 position)
{
  g_return_val_if_fail (position < self->messages->len, NULL);

  return g_ptr_array_index (self->messages, position);
}


/**
 * neko_message_id_is_valid:
 *
 * Returns: whether @id may stand in a UIDL line, RFC 1939 section 7
 */
gboolean
neko_message_id_is_valid (const char *id)
{
  size_t length = strlen (id);

  if (length < 1 || length > NEKO_MESSAGE_ID_LIMIT)
    return FALSE;

  for (size_t i = 0; i < length; i++) {
    if (id[i] < 0x21 || id[i] > 0x7e)
      return FALSE;
  }

  return TRUE;
}


NekoMessageIndex *
neko_message_index_new (void)
{
  NekoMessageIndex *self = g_new0 (NekoMessageIndex, 1);

  self->messages = g_ptr_array_new_with_free_func (unref_info);
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}


void
neko_message_index_free (NekoMessageIndex *self)
{
  g_clear_pointer (&self->snapshot, neko_message_list_unref);
  g_hash_table_unref (self->ids);
  g_ptr_array_unref (self->messages);
  g_free (self);
}


/**
 * neko_message_index_reset:
 *
 * Forgets everything, before a whole listing is read.
 */
void
neko_message_index_reset (NekoMessageIndex *self)
{
  g_clear_pointer (&self->snapshot, neko_message_list_unref);
  g_hash_table_remove_all (self->ids);
  g_ptr_array_set_size (self->messages, 0);
  self->sequence = 0;
}


/**
 * neko_message_index_add:
 * @message: what to add, copied; its id is valid
 *
 * Adds a message behind the others. One that is there already keeps its place: a change of its flags
 * gives it a new sequence number, but POP3 numbers messages in order of arrival.
 */
void
neko_message_index_add (NekoMessageIndex      *self,
                        const NekoMessageInfo *message)
{
  NekoMessageInfo *info;

  g_return_if_fail (neko_message_id_is_valid (message->id));

  if (g_hash_table_contains (self->ids, message->id))
    return;

  info = g_atomic_rc_box_new (NekoMessageInfo);
  *info = *message;
  info->id = g_strdup (message->id);

  g_clear_pointer (&self->snapshot, neko_message_list_unref);
  g_hash_table_insert (self->ids, info->id, GUINT_TO_POINTER (self->messages->len));
  g_ptr_array_add (self->messages, info);
}


/**
 * neko_message_index_remove:
 *
 * Takes a message out; one that is not there is no error.
 */
void
neko_message_index_remove (NekoMessageIndex *self,
                           const char       *id)
{
  gpointer position;

  if (!g_hash_table_steal_extended (self->ids, id, NULL, &position))
    return;

  g_clear_pointer (&self->snapshot, neko_message_list_unref);
  g_clear_pointer (&g_ptr_array_index (self->messages, GPOINTER_TO_UINT (position)), unref_info);
}


/**
 * neko_message_index_get_sequence:
 *
 * Returns: the number of the last change that is in here, 0 for none: ask for what came since
 */
guint64
neko_message_index_get_sequence (NekoMessageIndex *self)
{
  return self->sequence;
}


void
neko_message_index_set_sequence (NekoMessageIndex *self,
                                 guint64           sequence)
{
  self->sequence = sequence;
}


/* Closes the gaps that removed messages left, so that they do not add up. */
static void
close_gaps (NekoMessageIndex *self)
{
  g_autoptr (GPtrArray) messages = NULL;

  if (g_hash_table_size (self->ids) == self->messages->len)
    return;

  messages = g_steal_pointer (&self->messages);
  self->messages = g_ptr_array_new_full (messages->len, unref_info);

  for (guint i = 0; i < messages->len; i++) {
    NekoMessageInfo *info = g_steal_pointer (&g_ptr_array_index (messages, i));

    if (info == NULL)
      continue;

    g_hash_table_insert (self->ids, info->id, GUINT_TO_POINTER (self->messages->len));
    g_ptr_array_add (self->messages, info);
  }
}


static gpointer
ref_info (gconstpointer info,
          gpointer      user_data)
{
  return g_atomic_rc_box_acquire ((gpointer) info);
}


/**
 * neko_message_index_snapshot:
 *
 * Returns: (transfer full): the messages as they are now, in order of arrival; later changes do not
 *   show in it
 */
NekoMessageList *
neko_message_index_snapshot (NekoMessageIndex *self)
{
  if (self->snapshot == NULL) {
    close_gaps (self);
    self->snapshot = g_atomic_rc_box_new0 (NekoMessageList);
    self->snapshot->messages = g_ptr_array_copy (self->messages, ref_info, NULL);
    g_ptr_array_set_free_func (self->snapshot->messages, unref_info);
  }

  return neko_message_list_ref (self->snapshot);
}
