/* neko-logs-command.c - neko-maild logs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-logs-command.h"

#include <stdio.h>

#include "neko-instance.h"

typedef struct {
  GMainLoop *loop;
  guint64    last; /* number of the last line shown */
} Following;


static const char *
describe_level (guint32 level)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    return "error: ";

  return level & G_LOG_LEVEL_WARNING ? "warning: " : "";
}


static void
show (gint64      microseconds,
      guint32     level,
      const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (microseconds / G_USEC_PER_SEC);
  g_autofree char *time_text = g_date_time_format (time, "%Y-%m-%d %H:%M:%S");

  printf ("%s %s%s\n", time_text, describe_level (level), text);
}


/* Returns: the number of the last line. */
static guint64
show_all (GVariant *entries)
{
  GVariantIter iter;
  guint64 number = 0;
  gint64 time;
  guint32 level;
  const char *text;

  g_variant_iter_init (&iter, entries);

  while (g_variant_iter_next (&iter, "(txu&s&sas)", &number, &time, &level, &text, NULL, NULL))
    show (time, level, text);

  return number;
}


/* What was logged while the first lines were asked for comes twice. */
static void
logged_cb (NekoControl       *instance,
           guint64            number,
           gint64             time,
           guint32            level,
           const char        *text,
           const char        *event,
           const char *const *arguments,
           Following         *following)
{
  if (number <= following->last)
    return;

  show (time, level, text);
  following->last = number;

  /* Somebody had seen enough, as in `logs --follow | head`. */
  if (fflush (stdout) != 0)
    g_main_loop_quit (following->loop);
}


/**
 * neko_logs_command_run:
 *
 * With --follow it ends when the program that it asks does.
 */
NekoExitStatus
neko_logs_command_run (const NekoCommand *command,
                       GError           **error)
{
  g_autoptr (NekoControl) instance = neko_instance_find (error);
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GVariant) entries = NULL;
  Following following = { NULL, 0 };

  /* Not for what it says: this waits until it answers. */
  if (instance != NULL)
    status = neko_instance_get_status (instance, error);

  if (status == NULL)
    return NEKO_EXIT_NOT_RUNNING;

  loop = g_main_loop_new (NULL, FALSE);
  following.loop = loop;
  g_signal_connect (instance, "logged", G_CALLBACK (logged_cb), &following);
  g_signal_connect_swapped (instance, "notify::g-name-owner", G_CALLBACK (g_main_loop_quit), loop);

  if (!neko_control_call_get_log_sync (instance, &entries, NULL, error))
    return NEKO_EXIT_FAILED;

  following.last = show_all (entries);

  if (command->is_following && fflush (stdout) == 0)
    g_main_loop_run (loop);

  return NEKO_EXIT_DONE;
}
