/* neko-spool-entry.c - one message in the spool
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-spool-private.h"

typedef struct {
  NekoSpoolNotify notify;
  gpointer        user_data;
} Notify;


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


/* Tells whoever waits for the message; they may add and remove. */
void
neko_spool_entry_tell (NekoSpoolEntry *self)
{
  g_autoptr (NekoSpoolEntry) alive = neko_spool_entry_ref (self);
  g_autoptr (GArray) notifies = NULL;

  if (self->notifies == NULL)
    return;

  notifies = g_array_copy (self->notifies);

  for (guint i = 0; i < notifies->len; i++) {
    Notify *item = &g_array_index (notifies, Notify, i);

    item->notify (item->user_data);
  }
}


/* Whether somebody waits for the message. */
gboolean
neko_spool_entry_is_awaited (NekoSpoolEntry *self)
{
  return self->notifies != NULL && self->notifies->len > 0;
}
