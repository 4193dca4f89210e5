/* neko-log.c - the last lines of the log, kept for whoever asks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-log.h"

#include <string.h>

#include "neko-printable.h"

#define EVENT_FIELD "NEKO_EVENT"
#define ARGUMENTS_FIELD "NEKO_ARGUMENTS"

/* What is printable has none. */
#define SEPARATOR "\x1f"

/* Libraries may log from threads of theirs. */
static GMutex mutex;
static GQueue entries = G_QUEUE_INIT;
static guint64 last_number;

/* Whether what protocols say is kept, too. */
static int detailed;

/* Called in the main context. */
static NekoLogListener listener_function;
static gpointer listener_data;


NekoLogEntry *
neko_log_entry_copy (const NekoLogEntry *self)
{
  NekoLogEntry *copy = g_new (NekoLogEntry, 1);

  *copy = *self;
  copy->text = g_strdup (self->text);
  copy->event = g_strdup (self->event);
  copy->arguments = g_strdupv (self->arguments);

  return copy;
}


void
neko_log_entry_free (NekoLogEntry *self)
{
  g_free (self->text);
  g_free (self->event);
  g_strfreev (self->arguments);
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
      const char    *message,
      const char    *event,
      const char    *arguments)
{
  NekoLogEntry *entry = g_new (NekoLogEntry, 1);
  NekoLogEntry *copy = NULL;

  entry->level = level & G_LOG_LEVEL_MASK;
  entry->text = neko_printable_dup (message, NEKO_LOG_TEXT_LIMIT);
  entry->event = g_strdup (event);
  entry->arguments = g_strsplit (arguments != NULL ? arguments : "", SEPARATOR, -1);

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


/* What libraries tell for information is not for users; ours has no domain. What is for developers is kept
 * where it is an event, as that is known to have no secret, and where the user wants it. */
static gboolean
is_wanted (GLogLevelFlags level,
           gboolean       is_ours,
           gboolean       is_event)
{
  if ((level & G_LOG_LEVEL_DEBUG) != 0)
    return is_event && neko_log_is_detailed ();

  return is_ours || (level & G_LOG_LEVEL_INFO) == 0;
}


static GLogWriterOutput
write_cb (GLogLevelFlags   level,
          const GLogField *fields,
          gsize            count,
          gpointer         user_data)
{
  const char *message = find_field (fields, count, "MESSAGE");
  const char *event = find_field (fields, count, EVENT_FIELD);
  gboolean is_ours = find_field (fields, count, "GLIB_DOMAIN") == NULL;

  if (message != NULL && is_wanted (level, is_ours, event != NULL))
    keep (level, message, event, find_field (fields, count, ARGUMENTS_FIELD));

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


/* The strings that stand for each %s of @format. */
static void
append_arguments (GString    *joined,
                  const char *format,
                  va_list     arguments)
{
  for (const char *place = strstr (format, "%s"); place != NULL; place = strstr (place + 2, "%s")) {
    g_autofree char *argument = neko_printable_dup (va_arg (arguments, const char *), NEKO_LOG_TEXT_LIMIT);

    if (place != strstr (format, "%s"))
      g_string_append (joined, SEPARATOR);

    g_string_append (joined, argument);
  }
}


static gboolean
has_only_strings (const char *format)
{
  for (const char *place = strchr (format, '%'); place != NULL; place = strchr (place + 1, '%')) {
    if (place[1] != 's')
      return FALSE;
  }

  return TRUE;
}


static void
write_event (GLogLevelFlags level,
             const char    *event,
             const char    *text,
             const char    *arguments)
{
  g_log_structured (NULL, level,
                    EVENT_FIELD, event,
                    ARGUMENTS_FIELD, arguments,
                    "MESSAGE", "%s", text);
}


/**
 * neko_log_event:
 * @event: what happened, in a few letters that stay the same
 * @format: the same in English, with %s and nothing else
 *
 * Logs a line that the window can say in another language: it knows the event by its name, and has each string as
 * an argument. There must be no secret among them, and nothing of a message; whom it is from or to counts as that.
 */
void
neko_log_event (GLogLevelFlags level,
                const char    *event,
                const char    *format,
                ...)
{
  g_autoptr (GString) joined = g_string_new (NULL);
  g_autofree char *text = NULL;
  va_list arguments;

  g_return_if_fail (has_only_strings (format));

  va_start (arguments, format);
  append_arguments (joined, format, arguments);
  va_end (arguments);
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  write_event (level, event, text, joined->str);
}


/**
 * neko_log_failure:
 * @error: why; the English text ends with it, after a colon
 * @format: what failed, with %s and nothing else
 *
 * As neko_log_event(). The last arguments are the error's domain, its code and what it says.
 */
void
neko_log_failure (GLogLevelFlags level,
                  const char    *event,
                  const GError  *error,
                  const char    *format,
                  ...)
{
  g_autoptr (GString) joined = g_string_new (NULL);
  g_autofree char *message = neko_printable_dup (error->message, NEKO_LOG_TEXT_LIMIT);
  g_autofree char *what = NULL;
  g_autofree char *text = NULL;
  va_list arguments;

  g_return_if_fail (has_only_strings (format));

  va_start (arguments, format);
  append_arguments (joined, format, arguments);
  va_end (arguments);
  g_string_append_printf (joined, "%s%s" SEPARATOR "%d" SEPARATOR "%s",
                          strchr (format, '%') != NULL ? SEPARATOR : "",
                          g_quark_to_string (error->domain), error->code, message);
  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  text = g_strconcat (what, *what != '\0' ? ": " : "", error->message, NULL);
  write_event (level, event, text, joined->str);
}


/**
 * neko_log_set_detailed:
 *
 * Says whether events for developers are kept as well. Whoever has one that comes often asks
 * neko_log_is_detailed() before.
 */
void
neko_log_set_detailed (gboolean is_detailed)
{
  g_atomic_int_set (&detailed, is_detailed);
}


gboolean
neko_log_is_detailed (void)
{
  return g_atomic_int_get (&detailed);
}
