/* neko-remote-maildrop.c - the Worker as a maildrop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-maildrop.h"

#include <string.h>

#include "neko-listing.h"
#include "neko-read-ahead.h"
#include "neko-remote-error.h"

#define READ_SIZE 65536

/* Ids in one request. */
#define DELETE_LIMIT 1000

struct _NekoRemoteMaildrop {
  GObject           parent_instance;

  NekoRemoteClient *client;
  NekoReadAhead    *messages;
  NekoMessageIndex *index;
  GPtrArray        *listing; /* tasks that wait for the listing under way; empty: there is none */
  GPtrArray        *waiting; /* tasks that came later, and so need the next one */
};

static void neko_remote_maildrop_maildrop_init (NekoMaildropInterface *iface);
static void start_listing (NekoRemoteMaildrop *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (NekoRemoteMaildrop, neko_remote_maildrop, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_MAILDROP,
                                                      neko_remote_maildrop_maildrop_init))


typedef struct {
  NekoRemoteMaildrop *maildrop;
  NekoListing        *listing;
  GInputStream       *stream;
  uint8_t             buffer[READ_SIZE];
} ListCall;


static void
list_call_free (ListCall *call)
{
  g_object_unref (call->maildrop);
  neko_listing_free (call->listing);
  g_clear_object (&call->stream);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ListCall, list_call_free)


static void
return_listing (NekoRemoteMaildrop *self,
                const GError       *error)
{
  g_autoptr (GPtrArray) tasks = g_steal_pointer (&self->listing);

  self->listing = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < tasks->len; i++) {
    GTask *task = g_ptr_array_index (tasks, i);

    if (error != NULL)
      g_task_return_error (task, g_error_copy (error));
    else
      g_task_return_pointer (task, neko_message_index_snapshot (self->index),
                             (GDestroyNotify) neko_message_list_unref);
  }

  if (self->listing->len > 0)
    start_listing (self);
}


static void read_listing (ListCall *call);


static void
listing_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (ListCall) call = user_data;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &reason);

  if (length > 0 && neko_listing_feed (call->listing, call->buffer, length)) {
    read_listing (g_steal_pointer (&call));
    return;
  }

  if (length < 0)
    error = neko_remote_error_new_for_network (reason);
  else if (length > 0 || !neko_listing_apply (call->listing, call->maildrop->index, NULL))
    error = neko_remote_error_new_malformed ("listing");

  return_listing (call->maildrop, error);
}


static void
read_listing (ListCall *call)
{
  g_input_stream_read_async (call->stream, call->buffer, READ_SIZE, G_PRIORITY_DEFAULT, NULL,
                             listing_read_cb, call);
}


static void
listing_sent_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (ListCall) call = user_data;
  g_autoptr (GError) error = NULL;

  call->stream = neko_remote_client_send_finish (NEKO_REMOTE_CLIENT (source), result, &error);

  if (call->stream != NULL)
    read_listing (g_steal_pointer (&call));
  else
    return_listing (call->maildrop, error);
}


/* One listing at a time: two that overlap could bring back what was deleted in between. */
static void
start_listing (NekoRemoteMaildrop *self)
{
  guint64 sequence = neko_message_index_get_sequence (self->index);
  g_autofree char *path = NULL;
  g_autoptr (SoupMessage) message = NULL;
  ListCall *call = g_new0 (ListCall, 1);

  path = sequence > 0
         ? g_strdup_printf ("v1/messages?mailbox=inbox&since=%" G_GUINT64_FORMAT, sequence)
         : g_strdup ("v1/messages?mailbox=inbox");
  message = neko_remote_client_new_message (self->client, SOUP_METHOD_GET, path);
  call->maildrop = g_object_ref (self);
  call->listing = neko_listing_new ();
  neko_remote_client_send_async (self->client, message, NULL, listing_sent_cb, call);
}


/* Who logs in wants to see what is there now, so a listing that is under way already is too old. */
static void
neko_remote_maildrop_list_async (NekoMaildrop       *maildrop,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  NekoRemoteMaildrop *self = NEKO_REMOTE_MAILDROP (maildrop);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, neko_remote_maildrop_list_async);

  if (self->listing->len > 0) {
    g_ptr_array_add (self->waiting, task);
    return;
  }

  g_ptr_array_add (self->listing, task);
  start_listing (self);
}


static NekoMessageList *
neko_remote_maildrop_list_finish (NekoMaildrop *maildrop,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


static NekoMessageReader *
neko_remote_maildrop_peek_message (NekoMaildrop    *maildrop,
                                   NekoMessageList *list,
                                   size_t           position,
                                   int              lines)
{
  return neko_read_ahead_peek (NEKO_REMOTE_MAILDROP (maildrop)->messages, list, position, lines);
}


static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  NekoMessageReader *reader = neko_read_ahead_open_finish (NEKO_READ_AHEAD (source), result, &error);

  if (reader == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, reader, g_object_unref);
}


static void
neko_remote_maildrop_read_async (NekoMaildrop       *maildrop,
                                 NekoMessageList    *list,
                                 size_t              position,
                                 int                 lines,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (maildrop, cancellable, callback, user_data);

  g_task_set_source_tag (task, neko_remote_maildrop_read_async);
  neko_read_ahead_open_async (NEKO_REMOTE_MAILDROP (maildrop)->messages, list, position, lines,
                              cancellable, opened_cb, g_steal_pointer (&task));
}


static NekoMessageReader *
neko_remote_maildrop_read_finish (NekoMaildrop *maildrop,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


typedef struct {
  GStrv  ids;
  size_t done;
} DeleteCall;


static void
delete_call_free (DeleteCall *call)
{
  g_strfreev (call->ids);
  g_free (call);
}


static size_t
count_ids (JsonObject *answer,
           const char *name)
{
  JsonNode *node = json_object_get_member (answer, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
         ? json_array_get_length (json_node_get_array (node)) : 0;
}


static void delete_some (GTask *task);


static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NekoRemoteMaildrop *self = g_task_get_source_object (task);
  DeleteCall *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = neko_remote_client_call_finish (NEKO_REMOTE_CLIENT (source),
                                                                  result, &error);
  size_t asked;

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  asked = MIN (g_strv_length (call->ids + call->done), DELETE_LIMIT);

  /* Nothing is called deleted that the Worker did not name. */
  if (count_ids (answer, "deleted") + count_ids (answer, "gone") != asked) {
    g_task_return_error (task, neko_remote_error_new_malformed ("answer"));
    return;
  }

  neko_message_index_remove (self->index, (const char *const *) call->ids + call->done, asked);

  for (size_t end = call->done + asked; call->done < end; call->done++)
    neko_read_ahead_forget (self->messages, call->ids[call->done]);

  if (call->ids[call->done] == NULL)
    g_task_return_boolean (task, TRUE);
  else
    delete_some (g_steal_pointer (&task));
}


static void
delete_some (GTask *task)
{
  NekoRemoteMaildrop *self = g_task_get_source_object (task);
  DeleteCall *call = g_task_get_task_data (task);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (SoupMessage) message = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ids");
  json_builder_begin_array (builder);

  for (size_t i = call->done; i < call->done + DELETE_LIMIT && call->ids[i] != NULL; i++)
    json_builder_add_string_value (builder, call->ids[i]);

  json_builder_end_array (builder);
  json_builder_end_object (builder);
  message = neko_remote_client_new_message (self->client, SOUP_METHOD_POST, "v1/messages/delete");
  neko_remote_client_set_json (message, builder);
  neko_remote_client_call_async (self->client, message, g_task_get_cancellable (task), deleted_cb,
                                 task);
}


static void
neko_remote_maildrop_delete_async (NekoMaildrop       *maildrop,
                                   const char *const  *ids,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (maildrop, cancellable, callback, user_data);
  DeleteCall *call = g_new0 (DeleteCall, 1);

  g_task_set_source_tag (task, neko_remote_maildrop_delete_async);
  call->ids = g_strdupv ((GStrv) ids);
  g_task_set_task_data (task, call, (GDestroyNotify) delete_call_free);
  delete_some (g_steal_pointer (&task));
}


static gboolean
neko_remote_maildrop_delete_finish (NekoMaildrop *maildrop,
                                    GAsyncResult *result,
                                    GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}


static void
neko_remote_maildrop_maildrop_init (NekoMaildropInterface *iface)
{
  iface->list_async = neko_remote_maildrop_list_async;
  iface->list_finish = neko_remote_maildrop_list_finish;
  iface->peek_message = neko_remote_maildrop_peek_message;
  iface->read_async = neko_remote_maildrop_read_async;
  iface->read_finish = neko_remote_maildrop_read_finish;
  iface->delete_async = neko_remote_maildrop_delete_async;
  iface->delete_finish = neko_remote_maildrop_delete_finish;
}


static void
neko_remote_maildrop_finalize (GObject *object)
{
  NekoRemoteMaildrop *self = NEKO_REMOTE_MAILDROP (object);

  g_clear_object (&self->client);
  g_clear_object (&self->messages);
  neko_message_index_free (self->index);
  g_ptr_array_unref (self->listing);
  g_ptr_array_unref (self->waiting);

  G_OBJECT_CLASS (neko_remote_maildrop_parent_class)->finalize (object);
}


static void
neko_remote_maildrop_class_init (NekoRemoteMaildropClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_remote_maildrop_finalize;
}


static void
neko_remote_maildrop_init (NekoRemoteMaildrop *self)
{
  self->index = neko_message_index_new ();
  self->listing = g_ptr_array_new_with_free_func (g_object_unref);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}


/**
 * neko_remote_maildrop_new:
 * @spool: where messages wait; several maildrops may share it
 *
 * Returns: (transfer full): the inbox of the account whose token @client has
 */
NekoRemoteMaildrop *
neko_remote_maildrop_new (NekoRemoteClient *client,
                          NekoSpool        *spool)
{
  NekoRemoteMaildrop *self = g_object_new (NEKO_TYPE_REMOTE_MAILDROP, NULL);

  self->client = g_object_ref (client);
  self->messages = neko_read_ahead_new (client, spool);

  return self;
}
