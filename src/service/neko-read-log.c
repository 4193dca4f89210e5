/* neko-read-log.c - what mail programs read, for the log
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-read-log.h"

#include "neko-log.h"

/* Somebody who reads a mailbox of thousands of messages for the first time must not fill the log with them: one line
 * tells of all until a pause, or else of what was read in a minute. */
#define PAUSE 1000 /* milliseconds */
#define PAUSES_LIMIT 60

struct _NekoReadLog {
  char    *address;
  guint64  messages;
  guint64  octets;
  guint64  before; /* how many messages there were at the last look */
  unsigned looks;
  unsigned timer;
};


static void
write_line (NekoReadLog *self)
{
  g_autofree char *messages = g_strdup_printf ("%" G_GUINT64_FORMAT, self->messages);
  g_autofree char *octets = g_strdup_printf ("%" G_GUINT64_FORMAT, self->octets);

  neko_log_event (G_LOG_LEVEL_INFO, "read", "%s: messages read: %s, with %s octets", self->address, messages, octets);
  self->messages = self->octets = self->before = self->looks = 0;
}


static gboolean
look_cb (gpointer user_data)
{
  NekoReadLog *self = user_data;

  if (self->messages > self->before && ++self->looks < PAUSES_LIMIT) {
    self->before = self->messages;
    return G_SOURCE_CONTINUE;
  }

  self->timer = 0;
  write_line (self);

  return G_SOURCE_REMOVE;
}


/**
 * neko_read_log_add:
 *
 * Tells that a message was read; the log has it a moment later.
 */
void
neko_read_log_add (NekoReadLog *self,
                   guint64      octets)
{
  self->messages++;
  self->octets += octets;

  if (self->timer != 0)
    return;

  self->before = self->messages;
  self->timer = g_timeout_add (PAUSE, look_cb, self);
}


/**
 * neko_read_log_free:
 *
 * What is not written yet is written now.
 */
void
neko_read_log_free (NekoReadLog *self)
{
  if (self == NULL)
    return;

  if (self->messages > 0)
    write_line (self);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self->address);
  g_free (self);
}


/**
 * neko_read_log_new:
 * @address: of the account whose messages are read
 */
NekoReadLog *
neko_read_log_new (const char *address)
{
  NekoReadLog *self = g_new0 (NekoReadLog, 1);

  self->address = g_strdup (address);

  return self;
}
