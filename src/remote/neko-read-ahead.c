/* neko-read-ahead.c - messages of one account, and those that will be asked for next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-read-ahead.h"

#include "neko-download.h"
#include "neko-fetch.h"
#include "neko-spool-reader.h"
#include "neko-task-wait.h"

/* Octets asked for where nothing tells yet that the client goes on in order, and at most. What is asked
 * for at first is about what comes in during one more round trip on a fast line. */
#define WINDOW_MIN (128 * 1024)
#define WINDOW_MAX (4 * 1024 * 1024)

/* The part of the spool that one request, and new mail that came while nobody asked, may fill. */
#define WINDOW_PART 8
#define PREFETCH_PART 4

/* Sessions that are read ahead for at the same time. */
#define RUNS 8

/* A client that reads one message after the other. */
typedef struct {
  const NekoMessageList *list;    /* never looked into: it may be gone */
  size_t                 trigger; /* who reads this one, or one behind it, needs more */
  size_t                 next;    /* the first one that was not asked for */
  guint64                window;
} Run;

/**
 * NekoReadAhead:
 *
 * A round trip to the Worker takes longer than most messages, so a request asks for several. Whoever
 * reads what the last request asked for gets the next one going, twice as large, so that there is always
 * one on its way.
 */
struct _NekoReadAhead {
  GObject           parent_instance;

  NekoRemoteClient *client;
  NekoSpool        *spool;
  GCancellable     *cancellable;
  Run               runs[RUNS];
  unsigned          last_run; /* the one that was made last */
};

G_DEFINE_FINAL_TYPE (NekoReadAhead, neko_read_ahead, G_TYPE_OBJECT)


/* Asks for messages from @start on, until they have @octets.
 *
 * Returns: the position behind the last one that was looked at */
static size_t
fetch (NekoReadAhead   *self,
       NekoMessageList *list,
       size_t           start,
       guint64          octets)
{
  g_autoptr (NekoFetch) batch = neko_fetch_new (self->client, self->spool, self, self->cancellable);
  size_t count = neko_message_list_get_length (list);
  size_t position;
  guint64 size = 0;

  for (position = start;
       position < count && size < octets && neko_fetch_get_length (batch) < NEKO_FETCH_LIMIT;
       position++) {
    NekoMessageInfo info = neko_message_list_get (list, position);

    if (!neko_spool_takes (self->spool, info.wire) ||
        neko_spool_lookup (self->spool, self, info.id) != NULL)
      continue;

    neko_fetch_add (batch, info.id, info.octets);
    size += info.wire;
  }

  if (neko_fetch_get_length (batch) > 0)
    neko_fetch_start (g_steal_pointer (&batch));

  return position;
}


static guint64
limit_window (NekoReadAhead *self,
              guint64        window)
{
  return MIN (window, MIN (neko_spool_get_limit (self->spool) / WINDOW_PART, WINDOW_MAX));
}


/* Asks for what comes next, where the client comes near its end. */
static void
follow (NekoReadAhead   *self,
        NekoMessageList *list,
        size_t           position)
{
  for (unsigned i = 0; i < RUNS; i++) {
    Run *run = &self->runs[i];

    if (run->list != list || position < run->trigger || position >= run->next ||
        run->next >= neko_message_list_get_length (list))
      continue;

    run->window = limit_window (self, run->window * 2);
    run->trigger = run->next;
    run->next = fetch (self, list, run->next, run->window);
    return;
  }
}


static Run *
find_run (NekoReadAhead   *self,
          NekoMessageList *list,
          size_t           next)
{
  for (unsigned i = 0; i < RUNS; i++) {
    if (self->runs[i].list == list && self->runs[i].next == next)
      return &self->runs[i];
  }

  return NULL;
}


/* Asks for a message that nobody expected, and for some behind it. */
static void
begin (NekoReadAhead   *self,
       NekoMessageList *list,
       size_t           position)
{
  Run *run = find_run (self, list, position);
  gboolean is_in_order = run != NULL;

  if (!is_in_order) {
    self->last_run = (self->last_run + 1) % RUNS;
    run = &self->runs[self->last_run];
    run->list = list;
    run->window = limit_window (self, WINDOW_MIN);
  }

  run->trigger = is_in_order ? position : position + 1;
  run->next = fetch (self, list, position, run->window);
  follow (self, list, position);
}


static gboolean
has_octets (NekoSpoolEntry *entry)
{
  return neko_spool_entry_get_length (entry) > 0 ||
         neko_spool_entry_get_state (entry) == NEKO_SPOOL_WHOLE;
}


/**
 * neko_read_ahead_peek:
 *
 * Returns: (transfer full) (nullable): the message, where the spool has at least its beginning
 */
NekoMessageReader *
neko_read_ahead_peek (NekoReadAhead   *self,
                      NekoMessageList *list,
                      size_t           position,
                      int              lines)
{
  NekoSpoolEntry *entry = neko_spool_lookup (self->spool, self,
                                             neko_message_list_get (list, position).id);

  if (entry == NULL || !has_octets (entry))
    return NULL;

  if (lines < 0)
    follow (self, list, position);

  return NEKO_MESSAGE_READER (neko_spool_reader_new (entry, lines));
}


typedef struct {
  char           *id;
  guint64         octets;
  int             lines;
  NekoSpoolEntry *entry;  /* (nullable): what is waited for */
} OpenCall;


static void
open_call_free (OpenCall *call)
{
  g_free (call->id);
  g_clear_pointer (&call->entry, neko_spool_entry_unref);
  g_free (call);
}


static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  NekoMessageReader *reader = neko_download_finish (result, &error);

  if (reader == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, reader, g_object_unref);
}


static void
download (GTask *task)
{
  NekoReadAhead *self = g_task_get_source_object (task);
  OpenCall *call = g_task_get_task_data (task);

  neko_download_async (self->client, call->id, call->octets, call->lines,
                       g_task_get_cancellable (task), downloaded_cb, task);
}


/* Whether it makes sense to ask for one message alone after a request for several failed: that one may
 * have been cut behind others, or this computer has no room. */
static gboolean
is_worth_another_try (const GError *error)
{
  return error->domain == G_IO_ERROR
         ? error->code != G_IO_ERROR_CANCELLED
         : g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_UNAVAILABLE);
}


static void
entry_changed_cb (gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  OpenCall *call = g_task_get_task_data (user_data);
  const GError *error = neko_spool_entry_get_error (call->entry);

  if (error == NULL && !has_octets (call->entry))
    return;

  task = user_data;
  neko_task_wait_end (task);
  neko_spool_entry_remove_notify (call->entry, task);

  if (error == NULL)
    g_task_return_pointer (task, neko_spool_reader_new (call->entry, call->lines), g_object_unref);
  else if (is_worth_another_try (error))
    download (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_error_copy (error));
}


/* The request goes on: it has other messages, too, and this one may be asked for again. */
static gboolean
open_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data; /* what the entry would have called back with */
  OpenCall *call = g_task_get_task_data (task);

  neko_task_wait_end (task);
  neko_spool_entry_remove_notify (call->entry, task);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}


/**
 * neko_read_ahead_open_async:
 * @list: the snapshot in which the client numbers its messages
 * @lines: -1 for all of the message, or the number of lines of the body to get behind the headers
 *
 * Opens a message, when its first octets are here.
 */
void
neko_read_ahead_open_async (NekoReadAhead      *self,
                            NekoMessageList    *list,
                            size_t              position,
                            int                 lines,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  NekoMessageInfo info = neko_message_list_get (list, position);
  OpenCall *call = g_new0 (OpenCall, 1);
  NekoSpoolEntry *entry;

  g_task_set_source_tag (task, neko_read_ahead_open_async);
  call->id = g_strdup (info.id);
  call->octets = info.octets;
  call->lines = lines;
  g_task_set_task_data (task, call, (GDestroyNotify) open_call_free);

  if (lines < 0 && neko_spool_takes (self->spool, info.wire) &&
      neko_spool_lookup (self->spool, self, info.id) == NULL)
    begin (self, list, position);
  else if (lines < 0)
    follow (self, list, position);

  entry = neko_spool_lookup (self->spool, self, call->id);

  if (entry == NULL) {
    download (g_steal_pointer (&task));
    return;
  }

  call->entry = neko_spool_entry_ref (entry);
  neko_spool_entry_add_notify (entry, entry_changed_cb, task);
  neko_task_wait_begin (task, open_cancelled_cb);

  /* Nothing may be called back before this returns, and nothing comes in before. */
  g_steal_pointer (&task);
}


/**
 * neko_read_ahead_open_finish:
 *
 * Returns: (transfer full): the message, or %NULL with @error set in %NEKO_MAIL_ERROR
 */
NekoMessageReader *
neko_read_ahead_open_finish (NekoReadAhead *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}


/**
 * neko_read_ahead_prefetch:
 * @position: of the first message that is new
 *
 * Fetches new mail, as far as it is small compared with the spool, so that it is here when a mail
 * program asks.
 */
void
neko_read_ahead_prefetch (NekoReadAhead   *self,
                          NekoMessageList *list,
                          size_t           position)
{
  fetch (self, list, position, neko_spool_get_limit (self->spool) / PREFETCH_PART);
}


/**
 * neko_read_ahead_forget:
 * @id: of a message that was deleted
 *
 * Gives back the room that it took.
 */
void
neko_read_ahead_forget (NekoReadAhead *self,
                        const char    *id)
{
  neko_spool_remove (self->spool, self, id);
}


static void
neko_read_ahead_dispose (GObject *object)
{
  NekoReadAhead *self = NEKO_READ_AHEAD (object);

  g_cancellable_cancel (self->cancellable);

  if (self->spool != NULL)
    neko_spool_remove_owner (self->spool, self);

  g_clear_object (&self->client);
  g_clear_object (&self->spool);

  G_OBJECT_CLASS (neko_read_ahead_parent_class)->dispose (object);
}


static void
neko_read_ahead_finalize (GObject *object)
{
  g_object_unref (NEKO_READ_AHEAD (object)->cancellable);

  G_OBJECT_CLASS (neko_read_ahead_parent_class)->finalize (object);
}


static void
neko_read_ahead_class_init (NekoReadAheadClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_read_ahead_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_read_ahead_finalize;
}


static void
neko_read_ahead_init (NekoReadAhead *self)
{
  self->cancellable = g_cancellable_new ();
}


/**
 * neko_read_ahead_new:
 * @spool: where messages wait; it may have other owners' messages too
 *
 * Returns: (transfer full): the messages of the account whose token @client has
 */
NekoReadAhead *
neko_read_ahead_new (NekoRemoteClient *client,
                     NekoSpool        *spool)
{
  NekoReadAhead *self = g_object_new (NEKO_TYPE_READ_AHEAD, NULL);

  self->client = g_object_ref (client);
  self->spool = g_object_ref (spool);

  return self;
}
