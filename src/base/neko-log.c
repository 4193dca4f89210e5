/* neko-log.c - the last lines of the log, kept for whoever asks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-log.h"

#include "neko-printable.h"

/* Libraries may log from threads of theirs. */
static GMutex mutex;
static GQueue entries = G_QUEUE_INIT;
static guint64 last_number;

/* Called in the main context. */
static NekoLogListener listener_function;
static gpointer listener_data;


NekoLogEntry *
neko_log_entry_copy (const NekoLogEntry *self)
{
  NekoLogEntry *copy = g_new (NekoLogEntry, 1);

  *copy = *self;
  copy->text = g_strdup (self->text);

  return copy;
}


void
neko_log_entry_free (NekoLogEntry *self)
{
  g_free (self->text);
  g_free (self);
}


static gboolean
tell_cb (gpointer user_data)
{
  NekoLogListener function;
  gpointer data;

  g_mutex_lock (&mutex);
  function = listener_function;
  data = listener_data;
  g_mutex_unlock (&mutex);

  /* It is replaced in the main context only, where this is. */
  if (function != NULL)
    function (user_data, data);

  return G_SOURCE_REMOVE;
}


/* At once where this is the thread of the main context, else when that runs. Takes @entry. */
static void
tell (NekoLogEntry *entry)
{
  g_autoptr (GSource) source = NULL;

  if (g_main_context_is_owner (NULL)) {
    tell_cb (entry);
    neko_log_entry_free (entry);
    return;
  }

  source = g_idle_source_new ();
  g_source_set_callback (source, tell_cb, entry, (GDestroyNotify) neko_log_entry_free);
  g_source_attach (source, NULL);
}


static void
keep (GLogLevelFlags level,
      const char    *message)
{
  NekoLogEntry *entry = g_new (NekoLogEntry, 1);
  NekoLogEntry *copy = NULL;

  entry->level = level & G_LOG_LEVEL_MASK;
  entry->text = neko_printable_dup (message, NEKO_LOG_TEXT_LIMIT);

  g_mutex_lock (&mutex);
  entry->number = ++last_number;
  entry->time = g_get_real_time ();

  if (listener_function != NULL)
    copy = neko_log_entry_copy (entry);

  g_queue_push_tail (&entries, entry);

  if (entries.length > NEKO_LOG_LENGTH)
    neko_log_entry_free (g_queue_pop_head (&entries));

  g_mutex_unlock (&mutex);

  if (copy != NULL)
    tell (copy);
}


static const char *
find_field (const GLogField *fields,
            size_t           count,
            const char      *key)
{
  for (size_t i = 0; i < count; i++) {
    if (g_str_equal (fields[i].key, key) && fields[i].length < 0)
      return fields[i].value;
  }

  return NULL;
}


/* What libraries tell for information is not for users; ours has no domain. */
static GLogWriterOutput
write_cb (GLogLevelFlags   level,
          const GLogField *fields,
          gsize            count,
          gpointer         user_data)
{
  const char *message = find_field (fields, count, "MESSAGE");
  gboolean is_ours = find_field (fields, count, "GLIB_DOMAIN") == NULL;

  if (message != NULL && (level & G_LOG_LEVEL_DEBUG) == 0 &&
      (is_ours || (level & G_LOG_LEVEL_INFO) == 0))
    keep (level, message);

  return g_log_writer_default (level, fields, count, user_data);
}


/**
 * neko_log_start:
 *
 * From now on the last %NEKO_LOG_LENGTH lines are kept, those for information too, which are not
 * written otherwise. To be called once, before anything is logged.
 */
void
neko_log_start (void)
{
  g_log_set_writer_func (write_cb, NULL, NULL);
}


/**
 * neko_log_dup_entries:
 *
 * Returns: (transfer full) (element-type NekoLogEntry): what was logged, the oldest first
 */
GPtrArray *
neko_log_dup_entries (void)
{
  GPtrArray *copies = g_ptr_array_new_with_free_func ((GDestroyNotify) neko_log_entry_free);

  g_mutex_lock (&mutex);

  for (GList *link = entries.head; link != NULL; link = link->next)
    g_ptr_array_add (copies, neko_log_entry_copy (link->data));

  g_mutex_unlock (&mutex);

  return copies;
}


/**
 * neko_log_set_listener:
 * @listener: (nullable): called in the main context for each line; %NULL to hear no more
 *
 * To be called in the main context, too.
 */
void
neko_log_set_listener (NekoLogListener listener,
                       gpointer        user_data)
{
  g_mutex_lock (&mutex);
  listener_function = listener;
  listener_data = user_data;
  g_mutex_unlock (&mutex);
}
