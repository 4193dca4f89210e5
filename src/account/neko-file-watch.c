/* neko-file-watch.c - tells when another program wrote a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-file-watch.h"

#include "neko-log.h"

/* A file is rarely written in one piece, and its mode is often set after that; some editors move it away
 * before they write it again. */
#define SETTLE_MILLISECONDS 100

struct _NekoFileWatch {
  GObject       parent_instance;

  char         *path;
  GFileMonitor *monitor;  /* (nullable): where the system has no way to see it */
  unsigned      settling;
};

G_DEFINE_FINAL_TYPE (NekoFileWatch, neko_file_watch, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static gboolean
settled_cb (gpointer user_data)
{
  NekoFileWatch *self = user_data;

  self->settling = 0;
  g_signal_emit (self, signals[CHANGED], 0);

  return G_SOURCE_REMOVE;
}


static gboolean
is_it (NekoFileWatch *self,
       GFile         *file)
{
  g_autofree char *name = file != NULL ? g_file_get_basename (file) : NULL;
  g_autofree char *its_name = g_path_get_basename (self->path);

  return g_strcmp0 (name, its_name) == 0;
}


static void
folder_changed_cb (GFileMonitor     *monitor,
                   GFile            *file,
                   GFile            *other,
                   GFileMonitorEvent event,
                   NekoFileWatch    *self)
{
  if (self->settling == 0 && (is_it (self, file) || is_it (self, other)))
    self->settling = g_timeout_add (SETTLE_MILLISECONDS, settled_cb, self);
}


static void
neko_file_watch_dispose (GObject *object)
{
  NekoFileWatch *self = NEKO_FILE_WATCH (object);

  g_clear_handle_id (&self->settling, g_source_remove);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (neko_file_watch_parent_class)->dispose (object);
}


static void
neko_file_watch_finalize (GObject *object)
{
  g_free (NEKO_FILE_WATCH (object)->path);

  G_OBJECT_CLASS (neko_file_watch_parent_class)->finalize (object);
}


static void
neko_file_watch_class_init (NekoFileWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_file_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_file_watch_finalize;

  /**
   * NekoFileWatch::changed:
   *
   * The file was written, put there or taken away, a moment ago.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_file_watch_init (NekoFileWatch *self)
{
}


/**
 * neko_file_watch_new:
 * @path: of a file in a folder that exists
 *
 * Returns: (transfer full): a watch, which sees nothing where the system has no way to
 */
NekoFileWatch *
neko_file_watch_new (const char *path)
{
  NekoFileWatch *self = g_object_new (NEKO_TYPE_FILE_WATCH, NULL);
  g_autofree char *folder_path = g_path_get_dirname (path);
  g_autoptr (GFile) folder = g_file_new_for_path (folder_path);
  g_autoptr (GError) error = NULL;

  self->path = g_strdup (path);
  self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);

  if (self->monitor == NULL)
    neko_log_failure (G_LOG_LEVEL_MESSAGE, "changes-not-seen", error,
                      "What other programs do to their files is not seen");
  else
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (folder_changed_cb), self, 0);

  return self;
}
