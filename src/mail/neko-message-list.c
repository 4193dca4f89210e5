/* neko-message-list.c - a snapshot of the messages of a maildrop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-message-list.h"

struct _NekoMessageList {
  NekoMessageStore *store;  /* grows behind our messages, and is copied before it shrinks */
  size_t            length;
  guint64           total;
};


/**
 * neko_message_list_new:
 *
 * Returns: (transfer full): the messages that are in @store now, in their order; nothing is copied
 */
NekoMessageList *
neko_message_list_new (NekoMessageStore *store)
{
  NekoMessageList *self = g_atomic_rc_box_new (NekoMessageList);

  self->store = neko_message_store_ref (store);
  self->length = neko_message_store_get_length (store);
  self->total = neko_message_store_get_total (store);

  return self;
}


NekoMessageList *
neko_message_list_ref (NekoMessageList *self)
{
  return g_atomic_rc_box_acquire (self);
}


static void
clear (NekoMessageList *self)
{
  neko_message_store_unref (self->store);
}


void
neko_message_list_unref (NekoMessageList *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear);
}


size_t
neko_message_list_get_length (const NekoMessageList *self)
{
  return self->length;
}


/**
 * neko_message_list_get_total:
 *
 * Returns: the sum of the messages' sizes on the wire
 */
guint64
neko_message_list_get_total (const NekoMessageList *self)
{
  return self->total;
}


/**
 * neko_message_list_get:
 * @position: from 0, smaller than the length
 *
 * Returns: the message; its id is valid as long as the list is there
 */
NekoMessageInfo
neko_message_list_get (const NekoMessageList *self,
                       size_t                 position)
{
  g_return_val_if_fail (position < self->length, ((NekoMessageInfo) { "", 0, 0 }));

  return neko_message_store_get (self->store, position);
}
