/* neko-mailbox-mail.c - what a mailbox tells of mail: received, read, sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-mailbox-private.h"

#include <string.h>

#include "neko-log.h"
#include "neko-printable.h"

#define QUOTE_LIMIT 400 /* octets of what is quoted of a message */

/* Ids of messages that were told of; the list that shows them as new comes a moment after. */
#define TOLD_LIMIT 200


static gboolean
was_told (NekoMailbox *self,
          const char  *id)
{
  return g_queue_find_custom (&self->told, id, (GCompareFunc) strcmp) != NULL;
}


static void
tell_received (NekoMailbox *self,
               const char  *id,
               const char  *from,
               const char  *subject)
{
  g_autofree char *printable_from = from != NULL ? neko_printable_dup (from, QUOTE_LIMIT) : NULL;
  g_autofree char *printable_subject = subject != NULL ? neko_printable_dup (subject, QUOTE_LIMIT) : NULL;

  if (self->told.length >= TOLD_LIMIT)
    g_free (g_queue_pop_head (&self->told));

  g_queue_push_tail (&self->told, g_strdup (id));
  neko_log_event (G_LOG_LEVEL_INFO, "received", "%s: a new message waits on the Worker",
                  neko_account_get_address (self->account));
  g_signal_emit_by_name (self, "received", id, printable_from, printable_subject);
}


/* The first event of a connection has no message: it tells of what was there before. */
static void
event_cb (NekoMailbox *self,
          guint64      sequence,
          const char  *from,
          const char  *subject,
          const char  *id)
{
  if (id != NULL && !was_told (self, id))
    tell_received (self, id, from, subject);
}


/* What came while the channel was closed, as in sleep, was not told of by it. */
static void
arrived_cb (NekoMailbox     *self,
            NekoMessageList *list,
            guint64          first_new)
{
  size_t length = neko_message_list_get_length (list);

  for (size_t i = MAX (first_new, length - MIN (length, TOLD_LIMIT)); i < length; i++) {
    NekoMessageInfo message = neko_message_list_get (list, i);

    if (!was_told (self, message.id))
      tell_received (self, message.id, NULL, NULL);
  }
}


static void
read_cb (NekoMailbox *self,
         const char  *id,
         guint64      octets)
{
  neko_read_log_add (self->read_log, octets);
  g_signal_emit_by_name (self, "read", id, octets);
}


static void
sent_cb (NekoMailbox *self,
         guint64      octets)
{
  g_signal_emit_by_name (self, "sent", octets);
}


/**
 * neko_mailbox_follow_mail:
 *
 * To be called once, when it has all that mail goes through.
 */
void
neko_mailbox_follow_mail (NekoMailbox *self)
{
  g_signal_connect_object (self->events, "changed", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->maildrop, "arrived", G_CALLBACK (arrived_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->maildrop, "read", G_CALLBACK (read_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->outbox, "sent", G_CALLBACK (sent_cb), self, G_CONNECT_SWAPPED);
}
