/* neko-message-index.c - the messages of a maildrop, as they are listed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-message-index.h"

#include <string.h>

/* There is no table of ids: it would cost more than the messages themselves, and only a listing asks
 * for ids. So its changes get a table for as long as it takes to look at each message once. */
struct _NekoMessageIndex {
  NekoMessageStore *store;    /* in order of arrival */
  guint64           sequence; /* the last change that is in here */
};


NekoMessageIndex *
neko_message_index_new (void)
{
  NekoMessageIndex *self = g_new0 (NekoMessageIndex, 1);

  self->store = neko_message_store_new ();

  return self;
}


void
neko_message_index_free (NekoMessageIndex *self)
{
  neko_message_store_unref (self->store);
  g_free (self);
}


/* Keeps those messages of a whole listing that it did not take back or name again. */
static NekoMessageStore *
drop_others (NekoMessageStore *store,
             guint8           *fates)
{
  size_t length = neko_message_store_get_length (store);
  gboolean is_clean = TRUE;

  for (size_t i = 0; i < length; i++) {
    fates[i] &= NEKO_MESSAGE_ADDED;
    is_clean = is_clean && fates[i] != 0;
  }

  return is_clean ? store : neko_message_store_keep (store, fates);
}


/**
 * neko_message_index_replace:
 * @changes: (transfer full): a whole listing
 * @first_new: (out) (optional): the number of messages: which of them are new is not known
 *
 * Forgets everything and begins anew.
 */
void
neko_message_index_replace (NekoMessageIndex   *self,
                            NekoMessageChanges *changes,
                            size_t             *first_new)
{
  neko_message_changes_resolve (changes);
  neko_message_store_unref (self->store);
  self->store = drop_others (neko_message_changes_steal_store (changes),
                             neko_message_changes_get_fates (changes));
  neko_message_changes_free (changes);
  neko_message_store_trim (self->store);

  if (first_new != NULL)
    *first_new = neko_message_store_get_length (self->store);
}


/* Takes out what the changes remove, and lets keep its place what they name again. */
static void
update_messages (NekoMessageIndex   *self,
                 NekoMessageChanges *changes)
{
  size_t length = neko_message_store_get_length (self->store);
  guint8 *fates = neko_message_changes_get_fates (changes);
  g_autofree guint8 *kept = NULL;

  for (size_t i = 0; i < length; i++) {
    size_t change;

    if (!neko_message_changes_find (changes, neko_message_store_get (self->store, i).id, &change))
      continue;

    if ((fates[change] & NEKO_MESSAGE_REMOVED) == 0) {
      fates[change] = 0;
      continue;
    }

    if (kept == NULL) {
      kept = g_malloc (length);
      memset (kept, TRUE, length);
    }

    kept[i] = FALSE;
  }

  if (kept != NULL)
    self->store = neko_message_store_keep (self->store, kept);
}


static void
append_messages (NekoMessageIndex   *self,
                 NekoMessageChanges *changes)
{
  NekoMessageStore *added = neko_message_changes_get_store (changes);
  size_t length = neko_message_store_get_length (added);
  const guint8 *fates = neko_message_changes_get_fates (changes);

  for (size_t i = 0; i < length; i++) {
    NekoMessageInfo message = neko_message_store_get (added, i);

    if ((fates[i] & NEKO_MESSAGE_ADDED) != 0)
      neko_message_store_append (self->store, &message);
  }
}


/**
 * neko_message_index_apply:
 * @changes: (transfer full): what happened since, in order
 * @first_new: (out) (optional): where the messages begin that were not there before
 *
 * Brings the index up to date. A message that comes again keeps its place: a change of its flags
 * names it once more, but POP3 numbers messages in order of arrival.
 *
 * Returns: %FALSE where there could be more messages than we can count, and then nothing changes
 */
gboolean
neko_message_index_apply (NekoMessageIndex   *self,
                          NekoMessageChanges *changes,
                          size_t             *first_new)
{
  g_autoptr (NekoMessageChanges) owned = changes;
  size_t count = neko_message_store_get_length (neko_message_changes_get_store (changes));

  if (neko_message_store_get_length (self->store) + count > NEKO_MESSAGE_COUNT_LIMIT)
    return FALSE;

  if (count > 0) {
    neko_message_changes_resolve (changes);
    update_messages (self, changes);
  }

  if (first_new != NULL)
    *first_new = neko_message_store_get_length (self->store);

  append_messages (self, changes);

  return TRUE;
}


/**
 * neko_message_index_remove:
 * @ids: messages to take out, which need not be there
 * @count: how many
 */
void
neko_message_index_remove (NekoMessageIndex  *self,
                           const char *const *ids,
                           size_t             count)
{
  g_autoptr (NekoMessageChanges) changes = neko_message_changes_new ();

  for (size_t i = 0; i < count; i++)
    neko_message_changes_remove (changes, ids[i]);

  neko_message_changes_resolve (changes);
  update_messages (self, changes);
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


/**
 * neko_message_index_snapshot:
 *
 * Returns: (transfer full): the messages as they are now, in order of arrival; later changes do not
 *   show in it
 */
NekoMessageList *
neko_message_index_snapshot (NekoMessageIndex *self)
{
  return neko_message_list_new (self->store);
}
