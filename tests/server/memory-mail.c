/* memory-mail.c - mail of one account in memory, for tests of the servers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "memory-mail.h"

#include <string.h>

#include "neko-stream-reader.h"

typedef struct {
  GBytes *bytes;
  size_t  available; /* a read beyond it fails */
} Stored;

/* What was asked for, with its data in the task. */
typedef void (*Step) (GTask *task);

typedef struct {
  GTask *task;
  Step   step;
} Held;

struct _MemoryMail {
  GObject           parent_instance;

  NekoMessageIndex *index;
  GHashTable       *messages; /* id -> Stored */
  int               failure;  /* NekoMailError, -1 for none */
  int               log_in_failure;
  NekoSubmission   *submission;
  GBytes           *submitted;
  unsigned          submissions;
  GArray           *held;     /* of Held; (nullable): nothing is held */
};

static void memory_mail_authenticator_init (NekoAuthenticatorInterface *iface);
static void memory_mail_maildrop_init (NekoMaildropInterface *iface);
static void memory_mail_outbox_init (NekoOutboxInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MemoryMail, memory_mail, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_AUTHENTICATOR,
                                                      memory_mail_authenticator_init)
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_MAILDROP,
                                                      memory_mail_maildrop_init)
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_OUTBOX, memory_mail_outbox_init))


/* A stream that breaks off, as a connection to the Worker can. */
#define CUT_TYPE_STREAM (cut_stream_get_type ())

G_DECLARE_FINAL_TYPE (CutStream, cut_stream, CUT, STREAM, GInputStream)

struct _CutStream {
  GInputStream parent_instance;

  GBytes      *bytes;
  size_t       position;
};

G_DEFINE_FINAL_TYPE (CutStream, cut_stream, G_TYPE_INPUT_STREAM)


static gssize
cut_stream_read (GInputStream *stream,
                 void         *buffer,
                 gsize         count,
                 GCancellable *cancellable,
                 GError      **error)
{
  CutStream *self = CUT_STREAM (stream);
  size_t length = MIN (count, g_bytes_get_size (self->bytes) - self->position);

  if (length == 0) {
    g_set_error_literal (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE, "cut");
    return -1;
  }

  memcpy (buffer, (const char *) g_bytes_get_data (self->bytes, NULL) + self->position, length);
  self->position += length;

  return length;
}


static void
cut_stream_finalize (GObject *object)
{
  g_bytes_unref (CUT_STREAM (object)->bytes);

  G_OBJECT_CLASS (cut_stream_parent_class)->finalize (object);
}


static void
cut_stream_class_init (CutStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cut_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = cut_stream_read;
}


static void
cut_stream_init (CutStream *self)
{
}


static void
stored_free (Stored *stored)
{
  g_bytes_unref (stored->bytes);
  g_free (stored);
}


static gboolean
fails (MemoryMail *self,
       GTask      *task)
{
  if (self->failure < 0)
    return FALSE;

  g_task_return_new_error (task, NEKO_MAIL_ERROR, self->failure, "told to fail");

  return TRUE;
}


/* Does what was asked for, now or later. */
static void
carry_out (MemoryMail *self,
           GTask      *task,
           Step        step)
{
  Held held = { g_object_ref (task), step };

  if (self->held != NULL) {
    g_array_append_val (self->held, held);
    return;
  }

  step (task);
  g_object_unref (task);
}


static gboolean
memory_mail_log_in (NekoAuthenticator *authenticator,
                    const char        *user,
                    const char        *password,
                    NekoMaildrop     **maildrop,
                    NekoOutbox       **outbox,
                    char             **credential,
                    GError           **error)
{
  MemoryMail *self = MEMORY_MAIL (authenticator);

  if (self->log_in_failure >= 0) {
    g_set_error_literal (error, NEKO_MAIL_ERROR, self->log_in_failure, "told to fail");
    return FALSE;
  }

  if (!g_str_equal (user, MEMORY_USER) || !g_str_equal (password, MEMORY_PASSWORD)) {
    g_set_error_literal (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_PASSWORD, "wrong password");
    return FALSE;
  }

  *maildrop = g_object_ref (NEKO_MAILDROP (self));
  *outbox = g_object_ref (NEKO_OUTBOX (self));
  *credential = g_strdup (user);

  return TRUE;
}


static void
memory_mail_authenticator_init (NekoAuthenticatorInterface *iface)
{
  iface->log_in = memory_mail_log_in;
}


static void
memory_mail_list_async (NekoMaildrop       *maildrop,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  MemoryMail *self = MEMORY_MAIL (maildrop);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (!fails (self, task))
    g_task_return_pointer (task, neko_message_index_snapshot (self->index),
                           (GDestroyNotify) neko_message_list_unref);
}


static NekoMessageList *
memory_mail_list_finish (NekoMaildrop *maildrop,
                         GAsyncResult *result,
                         GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


static void
memory_mail_read_async (NekoMaildrop       *maildrop,
                        NekoMessageList    *list,
                        size_t              position,
                        int                 lines,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  MemoryMail *self = MEMORY_MAIL (maildrop);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Stored *stored = g_hash_table_lookup (self->messages,
                                        neko_message_list_get (list, position).id);
  g_autoptr (GInputStream) stream = NULL;

  if (fails (self, task))
    return;

  if (stored == NULL) {
    g_task_return_new_error (task, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_GONE, "message gone");
    return;
  }

  if (stored->available == g_bytes_get_size (stored->bytes)) {
    stream = g_memory_input_stream_new_from_bytes (stored->bytes);
  } else {
    stream = g_object_new (CUT_TYPE_STREAM, NULL);
    CUT_STREAM (stream)->bytes = g_bytes_new_from_bytes (stored->bytes, 0, stored->available);
  }

  g_task_return_pointer (task, neko_stream_reader_new (stream, cancellable), g_object_unref);
}


static NekoMessageReader *
memory_mail_read_finish (NekoMaildrop *maildrop,
                         GAsyncResult *result,
                         GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


static void
delete_now (GTask *task)
{
  MemoryMail *self = g_task_get_source_object (task);
  const char *const *ids = g_task_get_task_data (task);

  neko_message_index_remove (self->index, ids, g_strv_length ((GStrv) ids));

  for (size_t i = 0; ids[i] != NULL; i++)
    g_hash_table_remove (self->messages, ids[i]);

  g_task_return_boolean (task, TRUE);
}


static void
memory_mail_delete_async (NekoMaildrop       *maildrop,
                          const char *const  *ids,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  MemoryMail *self = MEMORY_MAIL (maildrop);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (fails (self, task))
    return;

  g_task_set_task_data (task, g_strdupv ((GStrv) ids), (GDestroyNotify) g_strfreev);
  carry_out (self, task, delete_now);
}


static gboolean
memory_mail_delete_finish (NekoMaildrop *maildrop,
                           GAsyncResult *result,
                           GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}


static void
memory_mail_maildrop_init (NekoMaildropInterface *iface)
{
  iface->list_async = memory_mail_list_async;
  iface->list_finish = memory_mail_list_finish;
  iface->read_async = memory_mail_read_async;
  iface->read_finish = memory_mail_read_finish;
  iface->delete_async = memory_mail_delete_async;
  iface->delete_finish = memory_mail_delete_finish;
}


static guint64
memory_mail_get_max_size (NekoOutbox *outbox)
{
  return 8 * 1024 * 1024;
}


static gboolean
memory_mail_may_send_as (NekoOutbox *outbox,
                         const char *address)
{
  return g_str_equal (address, MEMORY_USER);
}


static void
submitted_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  MemoryMail *self = g_task_get_source_object (task);
  g_autoptr (GPtrArray) deliveries = g_ptr_array_new_with_free_func (
    (GDestroyNotify) neko_delivery_free);

  g_assert_cmpint (g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, NULL), >=, 0);
  g_clear_pointer (&self->submitted, g_bytes_unref);
  self->submitted = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (source));
  self->submissions++;

  for (guint i = 0; i < self->submission->recipients->len; i++) {
    const NekoRecipient *recipient = g_ptr_array_index (self->submission->recipients, i);
    gboolean is_refused = g_str_has_prefix (recipient->address, "nobody@");

    g_ptr_array_add (deliveries, neko_delivery_new (recipient->address, is_refused,
                                                    is_refused ? "550 5.1.1" : "",
                                                    is_refused ? "no such user" : ""));
  }

  g_task_return_pointer (task, g_steal_pointer (&deliveries), (GDestroyNotify) g_ptr_array_unref);
}


static void
submit_now (GTask *task)
{
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();

  g_output_stream_splice_async (output, g_task_get_task_data (task),
                                G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, G_PRIORITY_DEFAULT,
                                g_task_get_cancellable (task), submitted_cb, g_object_ref (task));
}


static void
memory_mail_submit_async (NekoOutbox           *outbox,
                          const NekoSubmission *submission,
                          GInputStream         *message,
                          GCancellable         *cancellable,
                          GAsyncReadyCallback   callback,
                          gpointer              user_data)
{
  MemoryMail *self = MEMORY_MAIL (outbox);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (fails (self, task))
    return;

  g_clear_pointer (&self->submission, neko_submission_free);
  self->submission = neko_submission_new (submission->sender);
  self->submission->size = submission->size;
  self->submission->sha256 = g_strdup (submission->sha256);

  for (guint i = 0; i < submission->recipients->len; i++) {
    const NekoRecipient *recipient = g_ptr_array_index (submission->recipients, i);

    neko_submission_add_recipient (self->submission, recipient->address, NULL, NULL);
  }

  g_task_set_task_data (task, g_object_ref (message), g_object_unref);
  carry_out (self, task, submit_now);
}


static GPtrArray *
memory_mail_submit_finish (NekoOutbox   *outbox,
                           GAsyncResult *result,
                           GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


static void
memory_mail_outbox_init (NekoOutboxInterface *iface)
{
  iface->get_max_size = memory_mail_get_max_size;
  iface->may_send_as = memory_mail_may_send_as;
  iface->submit_async = memory_mail_submit_async;
  iface->submit_finish = memory_mail_submit_finish;
}


/* Adds a message; its size on the wire is counted from a text with CRLF only. */
void
memory_mail_add (MemoryMail *self,
                 const char *id,
                 const char *text,
                 gssize      length)
{
  Stored *stored = g_new0 (Stored, 1);
  g_autoptr (NekoMessageChanges) changes = neko_message_changes_new ();
  NekoMessageInfo info = { .id = id };

  stored->available = length < 0 ? strlen (text) : (size_t) length;
  stored->bytes = g_bytes_new (text, stored->available);
  info.octets = stored->available;
  info.wire = stored->available;
  g_hash_table_insert (self->messages, g_strdup (id), stored);
  g_assert_true (neko_message_changes_add (changes, &info));
  g_assert_true (neko_message_index_apply (self->index, g_steal_pointer (&changes), NULL));
}


void
memory_mail_cut (MemoryMail *self,
                 const char *id,
                 size_t      length)
{
  Stored *stored = g_hash_table_lookup (self->messages, id);

  stored->available = length;
}


void
memory_mail_fail_with (MemoryMail   *self,
                       NekoMailError code)
{
  self->failure = code;
}


void
memory_mail_fail_log_in_with (MemoryMail   *self,
                              NekoMailError code)
{
  self->log_in_failure = code;
}


void
memory_mail_succeed (MemoryMail *self)
{
  self->failure = -1;
  self->log_in_failure = -1;
}


/* From now on deletions and submissions wait. */
void
memory_mail_hold (MemoryMail *self)
{
  g_assert_null (self->held);
  self->held = g_array_new (FALSE, FALSE, sizeof (Held));
}


void
memory_mail_release (MemoryMail *self)
{
  g_autoptr (GArray) held = g_steal_pointer (&self->held);

  for (guint i = 0; i < held->len; i++) {
    g_autoptr (GTask) task = g_array_index (held, Held, i).task;

    g_array_index (held, Held, i).step (task);
  }
}


/* How many deletions and submissions wait. */
unsigned
memory_mail_count_held (MemoryMail *self)
{
  return self->held != NULL ? self->held->len : 0;
}


size_t
memory_mail_get_length (MemoryMail *self)
{
  return g_hash_table_size (self->messages);
}


const NekoSubmission *
memory_mail_get_submission (MemoryMail *self)
{
  return self->submission;
}


GBytes *
memory_mail_get_submitted (MemoryMail *self)
{
  return self->submitted;
}


unsigned
memory_mail_count_submitted (MemoryMail *self)
{
  return self->submissions;
}


static void
memory_mail_finalize (GObject *object)
{
  MemoryMail *self = MEMORY_MAIL (object);

  neko_message_index_free (self->index);
  g_hash_table_unref (self->messages);
  g_clear_pointer (&self->submission, neko_submission_free);
  g_clear_pointer (&self->submitted, g_bytes_unref);

  G_OBJECT_CLASS (memory_mail_parent_class)->finalize (object);
}


static void
memory_mail_class_init (MemoryMailClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = memory_mail_finalize;
}


static void
memory_mail_init (MemoryMail *self)
{
  self->index = neko_message_index_new ();
  self->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) stored_free);
  memory_mail_succeed (self);
}


MemoryMail *
memory_mail_new (void)
{
  return g_object_new (MEMORY_TYPE_MAIL, NULL);
}
