/* double-mailbox.c - the messages that worker-double has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "double-mailbox.h"

#include <string.h>

struct _DoubleMailbox {
  GMutex      mutex;
  GPtrArray  *messages; /* in order of their sequence numbers, from 1 on */
  GHashTable *by_id;
  GArray     *deletions; /* positions in messages; their sequence numbers follow */
  uint64_t    octets;
  GBytes     *whole;     /* (nullable): the listing of everything, as it was last asked for */
};


static void
message_free (DoubleMessage *message)
{
  g_free (message->id);
  g_bytes_unref (message->bytes);
  g_free (message->sha256);
  g_free (message);
}


DoubleMailbox *
double_mailbox_new (void)
{
  DoubleMailbox *self = g_new0 (DoubleMailbox, 1);

  g_mutex_init (&self->mutex);
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) message_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->deletions = g_array_new (FALSE, FALSE, sizeof (size_t));

  return self;
}


void
double_mailbox_free (DoubleMailbox *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->messages);
  g_array_unref (self->deletions);
  g_clear_pointer (&self->whole, g_bytes_unref);
  g_mutex_clear (&self->mutex);
  g_free (self);
}


/* A number in base 36 and a tag, as in src/worker/src/storage/messages.ts. */
static char *
make_id (size_t      number,
         const char *sha256)
{
  char digits[16];
  char *position = digits + sizeof digits - 1;

  *position = '\0';

  for (; number > 0; number /= 36)
    *--position = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];

  return g_strdup_printf ("%s-%.16s", position, sha256);
}


/* Everything is added before anything is deleted and before anybody asks. */
void
double_mailbox_add (DoubleMailbox *self,
                    GBytes        *bytes)
{
  DoubleMessage *message = g_new0 (DoubleMessage, 1);

  g_assert (self->deletions->len == 0);

  message->bytes = g_bytes_ref (bytes);
  message->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  message->id = make_id (self->messages->len + 1, message->sha256);
  self->octets += g_bytes_get_size (bytes);
  g_ptr_array_add (self->messages, message);
  g_hash_table_insert (self->by_id, message->id, GSIZE_TO_POINTER (self->messages->len));
}


static uint64_t
get_sequence (DoubleMailbox *self)
{
  return self->messages->len + self->deletions->len;
}


/**
 * double_mailbox_delete:
 *
 * Returns: whether there was such a message
 */
gboolean
double_mailbox_delete (DoubleMailbox *self,
                       const char    *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  size_t number = GPOINTER_TO_SIZE (g_hash_table_lookup (self->by_id, id));
  DoubleMessage *message = number > 0 ? g_ptr_array_index (self->messages, number - 1) : NULL;

  if (message == NULL || message->is_deleted)
    return FALSE;

  message->is_deleted = TRUE;
  self->octets -= g_bytes_get_size (message->bytes);
  number--;
  g_array_append_val (self->deletions, number);
  g_clear_pointer (&self->whole, g_bytes_unref);

  return TRUE;
}


/**
 * double_mailbox_find:
 *
 * Returns: (nullable): the message, which stays as long as the mailbox
 */
const DoubleMessage *
double_mailbox_find (DoubleMailbox *self,
                     const char    *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  size_t number = GPOINTER_TO_SIZE (g_hash_table_lookup (self->by_id, id));
  const DoubleMessage *message = number > 0 ? g_ptr_array_index (self->messages, number - 1) : NULL;

  return message != NULL && !message->is_deleted ? message : NULL;
}


uint64_t
double_mailbox_get_sequence (DoubleMailbox *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return get_sequence (self);
}


void
double_mailbox_get_totals (DoubleMailbox *self,
                           size_t        *messages,
                           uint64_t      *octets)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  *messages = self->messages->len - self->deletions->len;
  *octets = self->octets;
}


static void
append_message (GString             *listing,
                const DoubleMessage *message,
                size_t               sequence)
{
  g_string_append_printf (listing,
                          "{\"id\":\"%s\",\"seq\":%zu,\"octets\":%zu,\"received\":%zu,"
                          "\"flags\":[]}\n", message->id, sequence,
                          g_bytes_get_size (message->bytes), 1700000000000 + sequence);
}


static GBytes *
make_listing (DoubleMailbox *self,
              gboolean       is_reset,
              uint64_t       since)
{
  GString *listing = g_string_new (NULL);

  g_string_append_printf (listing, "{\"seq\":%" G_GUINT64_FORMAT ",\"reset\":%s}\n",
                          get_sequence (self), is_reset ? "true" : "false");

  for (size_t i = since; i < self->messages->len; i++) {
    const DoubleMessage *message = g_ptr_array_index (self->messages, i);

    if (!message->is_deleted)
      append_message (listing, message, i + 1);
  }

  for (size_t i = 0; !is_reset && i < self->deletions->len; i++) {
    size_t position = g_array_index (self->deletions, size_t, i);
    const DoubleMessage *message = g_ptr_array_index (self->messages, position);
    uint64_t sequence = self->messages->len + i + 1;

    if (sequence > since)
      g_string_append_printf (listing, "{\"id\":\"%s\",\"seq\":%" G_GUINT64_FORMAT
                              ",\"deleted\":true}\n", message->id, sequence);
  }

  g_string_append_printf (listing, "{\"end\":true,\"seq\":%" G_GUINT64_FORMAT "}\n",
                          get_sequence (self));

  return g_string_free_to_bytes (listing);
}


/**
 * double_mailbox_list:
 *
 * Returns: (transfer full): what `GET /v1/messages` answers
 */
GBytes *
double_mailbox_list (DoubleMailbox *self,
                     gboolean       has_since,
                     uint64_t       since)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (has_since && since <= get_sequence (self))
    return make_listing (self, FALSE, since);

  if (self->whole == NULL)
    self->whole = make_listing (self, TRUE, 0);

  return g_bytes_ref (self->whole);
}
