/* neko-remote-maildrop.c - the Worker as a maildrop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-maildrop.h"

#include "neko-read-ahead.h"
#include "neko-remote-error.h"
#include "neko-remote-index.h"

/* Ids in one request. */
#define DELETE_LIMIT 1000

struct _NekoRemoteMaildrop {
  GObject           parent_instance;

  NekoRemoteClient *client;
  NekoRemoteIndex  *index;
  NekoReadAhead    *messages;
  gboolean          is_read;  /* a mail program asked what is there */
};

static void neko_remote_maildrop_maildrop_init (NekoMaildropInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NekoRemoteMaildrop, neko_remote_maildrop, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEKO_TYPE_MAILDROP,
                                                      neko_remote_maildrop_maildrop_init))


enum {
  ARRIVED,
  CHANGED,
  READ,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
index_changed_cb (NekoRemoteMaildrop *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}


/* What nobody reads here need not come here, and not over a line that is paid for by the octet. */
static void
arrived_cb (NekoRemoteIndex    *index,
            NekoMessageList    *list,
            guint64             first_new,
            NekoRemoteMaildrop *self)
{
  if (self->is_read && !g_network_monitor_get_network_metered (g_network_monitor_get_default ()))
    neko_read_ahead_prefetch (self->messages, list, first_new);

  g_signal_emit (self, signals[ARRIVED], 0, list, first_new);
}


static NekoMessageList *
neko_remote_maildrop_peek_list (NekoMaildrop *maildrop)
{
  NekoRemoteMaildrop *self = NEKO_REMOTE_MAILDROP (maildrop);

  self->is_read = TRUE;

  return neko_remote_index_peek (self->index);
}


static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  NekoMessageList *list = neko_remote_index_list_finish (NEKO_REMOTE_INDEX (source), result, &error);

  if (list == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, list, (GDestroyNotify) neko_message_list_unref);
}


static void
neko_remote_maildrop_list_async (NekoMaildrop       *maildrop,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  NekoRemoteMaildrop *self = NEKO_REMOTE_MAILDROP (maildrop);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, neko_remote_maildrop_list_async);
  self->is_read = TRUE;
  neko_remote_index_list_async (self->index, cancellable, listed_cb, g_steal_pointer (&task));
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

  neko_remote_index_remove (self->index, (const char *const *) call->ids + call->done, asked);

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
  neko_remote_client_set_idempotent (message);
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
neko_remote_maildrop_note_read (NekoMaildrop    *maildrop,
                                NekoMessageList *list,
                                size_t           position)
{
  NekoMessageInfo message = neko_message_list_get (list, position);

  g_signal_emit (maildrop, signals[READ], 0, message.id, (guint64) message.octets);
}


static void
neko_remote_maildrop_maildrop_init (NekoMaildropInterface *iface)
{
  iface->peek_list = neko_remote_maildrop_peek_list;
  iface->list_async = neko_remote_maildrop_list_async;
  iface->list_finish = neko_remote_maildrop_list_finish;
  iface->peek_message = neko_remote_maildrop_peek_message;
  iface->read_async = neko_remote_maildrop_read_async;
  iface->read_finish = neko_remote_maildrop_read_finish;
  iface->delete_async = neko_remote_maildrop_delete_async;
  iface->delete_finish = neko_remote_maildrop_delete_finish;
  iface->note_read = neko_remote_maildrop_note_read;
}


static void
neko_remote_maildrop_finalize (GObject *object)
{
  NekoRemoteMaildrop *self = NEKO_REMOTE_MAILDROP (object);

  g_clear_object (&self->client);
  g_clear_object (&self->index);
  g_clear_object (&self->messages);

  G_OBJECT_CLASS (neko_remote_maildrop_parent_class)->finalize (object);
}


static void
neko_remote_maildrop_class_init (NekoRemoteMaildropClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_remote_maildrop_finalize;

  /**
   * NekoRemoteMaildrop::arrived:
   * @list: (type NekoMessageList): what is there now
   * @first_new: the position of the first message that was not there before
   *
   * There is new mail; what was there at the first listing does not count as new.
   */
  signals[ARRIVED] = g_signal_new ("arrived", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_UINT64);

  /**
   * NekoRemoteMaildrop::changed:
   *
   * neko_remote_maildrop_dup_known() may tell something else now.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * NekoRemoteMaildrop::read:
   * @id: of a message
   * @octets: its size
   *
   * A mail program was given the whole message.
   */
  signals[READ] = g_signal_new ("read", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                                G_TYPE_UINT64);
}


static void
neko_remote_maildrop_init (NekoRemoteMaildrop *self)
{
}


/**
 * neko_remote_maildrop_dup_known:
 * @in_step: (out): whether that is what is there now
 *
 * For whoever shows it: unlike peek_list() this does not count as a mail program that reads here.
 *
 * Returns: (transfer full): what was on the Worker when it was heard of last
 */
NekoMessageList *
neko_remote_maildrop_dup_known (NekoRemoteMaildrop *self,
                                gboolean           *in_step)
{
  return neko_remote_index_dup_known (self->index, in_step);
}


/**
 * neko_remote_maildrop_new:
 * @events: the channel of the same account
 * @spool: where messages wait; several maildrops may share it
 *
 * Returns: (transfer full): the inbox of the account whose token @client has
 */
NekoRemoteMaildrop *
neko_remote_maildrop_new (NekoRemoteClient *client,
                          NekoEventChannel *events,
                          NekoSpool        *spool)
{
  NekoRemoteMaildrop *self = g_object_new (NEKO_TYPE_REMOTE_MAILDROP, NULL);

  self->client = g_object_ref (client);
  self->index = neko_remote_index_new (client, events);
  self->messages = neko_read_ahead_new (client, spool);
  g_signal_connect_object (self->index, "arrived", G_CALLBACK (arrived_cb), self, 0);
  g_signal_connect_object (self->index, "changed", G_CALLBACK (index_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
