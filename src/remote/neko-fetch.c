/* neko-fetch.c - several messages from the Worker into the spool, in one request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-fetch.h"

#include <string.h>

#include "neko-dot-writer.h"
#include "neko-frame-reader.h"
#include "neko-remote-error.h"

#define READ_SIZE 65536

typedef struct {
  NekoSpoolEntry *entry;
  guint64         octets;
} Wanted;

struct _NekoFetch {
  NekoRemoteClient *client;
  NekoSpool        *spool;
  gconstpointer     owner;
  GCancellable     *cancellable;
  GArray           *wanted;      /* of Wanted */
  guint             next;        /* the one that comes, or comes next */
  GInputStream     *stream;
  NekoFrameReader  *frames;
  NekoSpoolWriter  *writer;
  NekoDotWriter     dots;
  GChecksum        *checksum;
  GString          *text;        /* octets on their way into the spool */
  uint8_t          *buffer;
  gboolean          is_skipping; /* what comes has failed already */
};


static void
wanted_clear (Wanted *wanted)
{
  neko_spool_entry_unref (wanted->entry);
}


/**
 * neko_fetch_new:
 * @owner: whose messages these are
 * @cancellable: (nullable): ends the request
 *
 * Returns: (transfer full): a request for no message yet
 */
NekoFetch *
neko_fetch_new (NekoRemoteClient *client,
                NekoSpool        *spool,
                gconstpointer     owner,
                GCancellable     *cancellable)
{
  NekoFetch *self = g_new0 (NekoFetch, 1);

  self->client = g_object_ref (client);
  self->spool = g_object_ref (spool);
  self->owner = owner;
  g_set_object (&self->cancellable, cancellable);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (Wanted));
  g_array_set_clear_func (self->wanted, (GDestroyNotify) wanted_clear);

  return self;
}


static Wanted *
get_next (NekoFetch *self)
{
  return self->next < self->wanted->len ? &g_array_index (self->wanted, Wanted, self->next) : NULL;
}


/* What comes no more fails, so that nobody waits for it. */
static void
fail_rest (NekoFetch    *self,
           const GError *error)
{
  for (Wanted *wanted; (wanted = get_next (self)) != NULL; self->next++)
    neko_spool_fail (self->spool, wanted->entry, error);
}


void
neko_fetch_free (NekoFetch *self)
{
  g_autoptr (GError) error = NULL;

  if (self == NULL)
    return;

  error = g_error_new_literal (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE,
                               "The message was not fetched");
  fail_rest (self, error);
  g_clear_pointer (&self->writer, neko_spool_writer_free);
  neko_frame_reader_free (self->frames);
  g_clear_object (&self->stream);
  g_array_unref (self->wanted);
  g_clear_pointer (&self->checksum, g_checksum_free);

  if (self->text != NULL)
    g_string_free (self->text, TRUE);

  g_free (self->buffer);
  g_clear_object (&self->cancellable);
  g_object_unref (self->client);
  g_object_unref (self->spool);
  g_free (self);
}


/**
 * neko_fetch_add:
 * @id: of a message that the spool does not know
 * @octets: its size as it is stored
 *
 * Expects one more message, behind the others.
 */
void
neko_fetch_add (NekoFetch  *self,
                const char *id,
                guint64     octets)
{
  Wanted wanted = { neko_spool_expect (self->spool, self->owner, id), octets };

  g_return_if_fail (self->wanted->len < NEKO_FETCH_LIMIT);

  g_array_append_val (self->wanted, wanted);
}


size_t
neko_fetch_get_length (NekoFetch *self)
{
  return self->wanted->len;
}


/* Fails the message that comes; its octets are read and thrown away. */
static void
skip (NekoFetch *self,
      GError    *error)
{
  g_autoptr (GError) reason = error;

  neko_spool_fail (self->spool, get_next (self)->entry, reason);
  self->is_skipping = TRUE;
}


static void
begin_message (NekoFetch       *self,
               const NekoFrame *frame)
{
  GError *error = NULL;

  self->is_skipping = FALSE;
  self->dots = (NekoDotWriter) { 0 };
  g_checksum_reset (self->checksum);

  if (frame->size != get_next (self)->octets)
    skip (self, neko_remote_error_new_malformed ("message"));
  else if (!neko_spool_writer_begin (self->writer, get_next (self)->entry, &error))
    skip (self, error);
}


/* The last octets stay out of reach until the checksum is known to be right: a mail program never has
 * all of a message that is not the right one. */
static void
take_body (NekoFetch       *self,
           const NekoFrame *frame,
           const uint8_t   *body,
           size_t           length)
{
  GError *error = NULL;

  if (self->is_skipping)
    return;

  g_checksum_update (self->checksum, body, length);
  g_string_truncate (self->text, 0);
  neko_dot_writer_write (&self->dots, self->text, body, length);

  if (!neko_spool_writer_append (self->writer, self->text, &error))
    skip (self, error);
  else if (frame->left > 0)
    neko_spool_writer_publish (self->writer);
}


static void
finish_message (NekoFetch       *self,
                const NekoFrame *frame)
{
  GError *error = NULL;

  g_string_truncate (self->text, 0);
  neko_dot_writer_end_line (&self->dots, self->text);

  if (self->is_skipping)
    ;
  else if (g_ascii_strcasecmp (g_checksum_get_string (self->checksum), frame->sha256) != 0)
    skip (self, neko_remote_error_new_malformed ("message"));
  else if (!neko_spool_writer_append (self->writer, self->text, &error))
    skip (self, error);
  else
    neko_spool_writer_finish (self->writer);

  self->next++;
}


static void
pass_gone (NekoFetch *self)
{
  g_autoptr (GError) error = g_error_new_literal (NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_GONE,
                                                  "message gone, it was deleted elsewhere");

  neko_spool_fail (self->spool, get_next (self)->entry, error);
  self->next++;
}


static gboolean
is_next (NekoFetch       *self,
         const NekoFrame *frame)
{
  return get_next (self) != NULL &&
         g_str_equal (neko_spool_entry_get_id (get_next (self)->entry), frame->id);
}


/* Returns: whether what came makes sense */
static gboolean
take (NekoFetch     *self,
      const uint8_t *data,
      size_t         length)
{
  const NekoFrame *frame = neko_frame_reader_get_frame (self->frames);
  const uint8_t *body;
  size_t body_length;

  while (TRUE) {
    switch (neko_frame_reader_next (self->frames, &data, &length, &body, &body_length)) {
    case NEKO_FRAME_BEGIN:
      if (!is_next (self, frame))
        return FALSE;
      begin_message (self, frame);
      break;

    case NEKO_FRAME_BODY:
      take_body (self, frame, body, body_length);
      break;

    case NEKO_FRAME_COMPLETE:
      finish_message (self, frame);
      break;

    case NEKO_FRAME_GONE:
      if (!is_next (self, frame))
        return FALSE;
      pass_gone (self);
      break;

    case NEKO_FRAME_INCOMPLETE:
      return TRUE;

    case NEKO_FRAME_END:
      break;

    case NEKO_FRAME_MALFORMED:
    default:
      return FALSE;
    }
  }
}


static void read_more (NekoFetch *self);


static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (NekoFetch) self = user_data;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &reason);

  if (length > 0 && take (self, self->buffer, length)) {
    read_more (g_steal_pointer (&self));
    return;
  }

  /* An answer that ends early is as bad as one that makes no sense; one that is whole left no rest. */
  error = length < 0 ? neko_remote_error_new_for_network (reason)
                     : neko_remote_error_new_malformed ("messages");
  fail_rest (self, error);
}


static void
read_more (NekoFetch *self)
{
  g_input_stream_read_async (self->stream, self->buffer, READ_SIZE, G_PRIORITY_DEFAULT,
                             self->cancellable, read_cb, self);
}


static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (NekoFetch) self = user_data;
  g_autoptr (GError) error = NULL;

  self->stream = neko_remote_client_send_finish (NEKO_REMOTE_CLIENT (source), result, &error);

  if (self->stream == NULL) {
    fail_rest (self, error);
    return;
  }

  self->frames = neko_frame_reader_new ();
  self->writer = neko_spool_writer_new (self->spool);
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->text = g_string_new (NULL);
  self->buffer = g_malloc (READ_SIZE);
  read_more (g_steal_pointer (&self));
}


/**
 * neko_fetch_start:
 * @self: (transfer full): what to fetch; at least one message
 *
 * Asks the Worker. The entries of the spool tell what comes of it: each of them comes to its end.
 */
void
neko_fetch_start (NekoFetch *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (SoupMessage) message = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ids");
  json_builder_begin_array (builder);

  for (guint i = 0; i < self->wanted->len; i++)
    json_builder_add_string_value (builder, neko_spool_entry_get_id (
                                     g_array_index (self->wanted, Wanted, i).entry));

  json_builder_end_array (builder);
  json_builder_end_object (builder);
  message = neko_remote_client_new_message (self->client, SOUP_METHOD_POST, "v1/messages/fetch");
  neko_remote_client_set_json (message, builder);
  neko_remote_client_set_idempotent (message);
  neko_remote_client_send_async (self->client, message, self->cancellable, sent_cb, self);
}
