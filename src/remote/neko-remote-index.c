/* neko-remote-index.c - what is in a mailbox on the Worker, followed as it changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-remote-index.h"

#include "neko-listing.h"
#include "neko-remote-error.h"
#include "neko-task-wait.h"

#define READ_SIZE 65536

/**
 * NekoRemoteIndex:
 *
 * While the event channel is alive, and has told of nothing that is not in here, what is in here is what
 * is on the Worker, and nobody has to ask it.
 */
struct _NekoRemoteIndex {
  GObject           parent_instance;

  NekoRemoteClient *client;
  NekoEventChannel *events;
  GCancellable     *cancellable;
  NekoMessageIndex *index;
  GPtrArray        *tasks;      /* that wait for the listing under way */
  GPtrArray        *later;      /* that came after it had begun */
  gboolean          is_listing;
  gboolean          is_known;   /* there was a listing, and nothing speaks against it */
  gboolean          was_alive;  /* the channel, when it was heard of last */
};

G_DEFINE_FINAL_TYPE (NekoRemoteIndex, neko_remote_index, G_TYPE_OBJECT)

enum {
  ARRIVED,
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void start_listing (NekoRemoteIndex *self);


static gboolean
is_behind (NekoRemoteIndex *self)
{
  return !self->is_known || neko_message_index_get_sequence (self->index) <
         neko_event_channel_get_sequence (self->events);
}


static gboolean
is_in_step (NekoRemoteIndex *self)
{
  return neko_event_channel_is_alive (self->events) && !is_behind (self);
}


typedef struct {
  NekoRemoteIndex *index;
  NekoListing     *listing;
  GInputStream    *stream;
  uint8_t          buffer[READ_SIZE];
} ListCall;


static void
list_call_free (ListCall *call)
{
  g_object_unref (call->index);
  neko_listing_free (call->listing);
  g_clear_object (&call->stream);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ListCall, list_call_free)


static GPtrArray *
new_tasks (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}


static void
return_tasks (NekoRemoteIndex *self,
              GPtrArray       *tasks,
              const GError    *error)
{
  for (guint i = 0; i < tasks->len; i++) {
    GTask *task = g_ptr_array_index (tasks, i);

    neko_task_wait_end (task);

    if (error != NULL)
      g_task_return_error (task, g_error_copy (error));
    else
      g_task_return_pointer (task, neko_message_index_snapshot (self->index),
                             (GDestroyNotify) neko_message_list_unref);
  }
}


/* Who logs in wants to see what is there now, so a listing that had begun before may be too old. Where
 * the event channel says that it is not, all can have it. */
static void
end_listing (NekoRemoteIndex *self,
             const GError    *error)
{
  g_autoptr (GPtrArray) tasks = g_steal_pointer (&self->tasks);

  self->is_listing = FALSE;
  self->tasks = g_steal_pointer (&self->later);
  self->later = new_tasks ();

  if (error == NULL && is_in_step (self))
    g_ptr_array_extend_and_steal (tasks, g_steal_pointer (&self->tasks));

  if (self->tasks == NULL)
    self->tasks = new_tasks ();

  return_tasks (self, tasks, error);

  if (self->tasks->len > 0 ||
      (error == NULL && neko_event_channel_is_alive (self->events) && is_behind (self)))
    start_listing (self);
}


static void
apply_listing (NekoRemoteIndex *self,
               NekoListing     *listing)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoMessageList) list = NULL;
  size_t first_new;

  if (!neko_listing_apply (listing, self->index, &first_new)) {
    error = neko_remote_error_new_malformed ("listing");
    end_listing (self, error);
    return;
  }

  self->is_known = TRUE;
  list = neko_message_index_snapshot (self->index);
  end_listing (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);

  if (first_new < neko_message_list_get_length (list))
    g_signal_emit (self, signals[ARRIVED], 0, list, (guint64) first_new);
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

  if (length == 0) {
    apply_listing (call->index, call->listing);
    return;
  }

  error = length < 0 ? neko_remote_error_new_for_network (reason)
                     : neko_remote_error_new_malformed ("listing");
  end_listing (call->index, error);
}


static void
read_listing (ListCall *call)
{
  g_input_stream_read_async (call->stream, call->buffer, READ_SIZE, G_PRIORITY_DEFAULT,
                             call->index->cancellable, listing_read_cb, call);
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
    end_listing (call->index, error);
}


/* One listing at a time: two that overlap could bring back what was deleted in between. */
static void
start_listing (NekoRemoteIndex *self)
{
  guint64 sequence = neko_message_index_get_sequence (self->index);
  g_autofree char *path = NULL;
  g_autoptr (SoupMessage) message = NULL;
  ListCall *call = g_new0 (ListCall, 1);

  self->is_listing = TRUE;
  path = sequence > 0
         ? g_strdup_printf ("v1/messages?mailbox=inbox&since=%" G_GUINT64_FORMAT, sequence)
         : g_strdup ("v1/messages?mailbox=inbox");
  message = neko_remote_client_new_message (self->client, SOUP_METHOD_GET, path);
  call->index = g_object_ref (self);
  call->listing = neko_listing_new ();
  neko_remote_client_send_async (self->client, message, self->cancellable, listing_sent_cb, call);
}


/* A listing may know of a change before its event comes. At the beginning of a channel there is no such
 * event: a sequence that is smaller then is that of a mailbox which was set back. */
static void
check_beginning (NekoRemoteIndex *self)
{
  gboolean is_alive = neko_event_channel_is_alive (self->events);

  if (is_alive && !self->was_alive && neko_event_channel_get_sequence (self->events) <
      neko_message_index_get_sequence (self->index))
    self->is_known = FALSE;

  self->was_alive = is_alive;
}


/* A listing that fails now is asked for again at the next log-in, or at the next event. */
static void
events_changed_cb (NekoRemoteIndex *self)
{
  check_beginning (self);

  if (!self->is_listing && neko_event_channel_is_alive (self->events) && is_behind (self))
    start_listing (self);

  g_signal_emit (self, signals[CHANGED], 0);
}


/**
 * neko_remote_index_peek:
 *
 * Returns: (transfer full) (nullable): what is on the Worker, where that is known without asking
 */
NekoMessageList *
neko_remote_index_peek (NekoRemoteIndex *self)
{
  return is_in_step (self) ? neko_message_index_snapshot (self->index) : NULL;
}


/**
 * neko_remote_index_dup_known:
 * @in_step: (out): whether that is what is there now
 *
 * Returns: (transfer full): what was on the Worker when it was heard of last
 */
NekoMessageList *
neko_remote_index_dup_known (NekoRemoteIndex *self,
                             gboolean        *in_step)
{
  *in_step = is_in_step (self);

  return neko_message_index_snapshot (self->index);
}


/* The listing goes on: others may wait for it, and whoever comes next has less to list. */
static gboolean
list_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  NekoRemoteIndex *self = g_task_get_source_object (task);

  neko_task_wait_end (task);

  if (!g_ptr_array_remove (self->tasks, task))
    g_ptr_array_remove (self->later, task);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}


/**
 * neko_remote_index_list_async:
 *
 * Asks the Worker what is there now.
 */
void
neko_remote_index_list_async (NekoRemoteIndex    *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, neko_remote_index_list_async);
  neko_task_wait_begin (task, list_cancelled_cb);

  if (self->is_listing) {
    g_ptr_array_add (self->later, task);
    return;
  }

  g_ptr_array_add (self->tasks, task);
  start_listing (self);
}


/**
 * neko_remote_index_list_finish:
 *
 * Returns: (transfer full): the messages in order of arrival, or %NULL with @error set in
 *   %NEKO_MAIL_ERROR
 */
NekoMessageList *
neko_remote_index_list_finish (NekoRemoteIndex *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


/**
 * neko_remote_index_remove:
 * @ids: messages that were deleted for good
 * @count: how many
 */
void
neko_remote_index_remove (NekoRemoteIndex   *self,
                          const char *const *ids,
                          size_t             count)
{
  neko_message_index_remove (self->index, ids, count);
  g_signal_emit (self, signals[CHANGED], 0);
}


static void
neko_remote_index_dispose (GObject *object)
{
  NekoRemoteIndex *self = NEKO_REMOTE_INDEX (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->client);
  g_clear_object (&self->events);

  G_OBJECT_CLASS (neko_remote_index_parent_class)->dispose (object);
}


static void
neko_remote_index_finalize (GObject *object)
{
  NekoRemoteIndex *self = NEKO_REMOTE_INDEX (object);

  g_object_unref (self->cancellable);
  neko_message_index_free (self->index);
  g_ptr_array_unref (self->tasks);
  g_ptr_array_unref (self->later);

  G_OBJECT_CLASS (neko_remote_index_parent_class)->finalize (object);
}


static void
neko_remote_index_class_init (NekoRemoteIndexClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_remote_index_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_remote_index_finalize;

  /**
   * NekoRemoteIndex::arrived:
   * @list: (type NekoMessageList): what is there now
   * @first_new: the position of the first message that was not there before
   *
   * There is new mail; what was there at the first listing does not count as new.
   */
  signals[ARRIVED] = g_signal_new ("arrived", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_UINT64);

  /**
   * NekoRemoteIndex::changed:
   *
   * neko_remote_index_dup_known() may tell something else now.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_remote_index_init (NekoRemoteIndex *self)
{
  self->cancellable = g_cancellable_new ();
  self->index = neko_message_index_new ();
  self->tasks = new_tasks ();
  self->later = new_tasks ();
}


/**
 * neko_remote_index_new:
 * @events: the channel of the same account
 *
 * Returns: (transfer full): an index that knows nothing yet
 */
NekoRemoteIndex *
neko_remote_index_new (NekoRemoteClient *client,
                       NekoEventChannel *events)
{
  NekoRemoteIndex *self = g_object_new (NEKO_TYPE_REMOTE_INDEX, NULL);

  self->client = g_object_ref (client);
  self->events = g_object_ref (events);
  g_signal_connect_object (events, "changed", G_CALLBACK (events_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (events, "state-changed", G_CALLBACK (events_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
