/* watcher-double.h - the desktop's part that keeps the items of the tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

typedef struct {
  GDBusConnection *connection;
  char            *item;        /* (nullable): the last one that was registered */
  unsigned         count;       /* of registrations */
  gboolean         has_host;
  gboolean         is_refusing;
  guint            object;
  guint            name;
  gboolean         is_owner;
} WatcherDouble;

void watcher_double_start (WatcherDouble   *self,
                           GDBusConnection *connection,
                           gboolean         has_host);
void watcher_double_set_host (WatcherDouble *self,
                              gboolean       has_host);
void watcher_double_stop (WatcherDouble *self);
