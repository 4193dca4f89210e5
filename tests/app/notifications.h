/* notifications.h - a desktop for tests that shows notifications
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Notifications:
 * @shown: what is shown now: number → "title|body", in order of their numbers
 * @sent: how many were sent so far, those in place of another one too
 * @closed: how many were withdrawn
 */
typedef struct {
  GDBusConnection *connection;
  unsigned         object;
  unsigned         name;
  GTree           *shown;
  unsigned         last;
  unsigned         sent;
  unsigned         closed;
} Notifications;

void  notifications_start (Notifications *self,
                           const char    *bus_address);
void  notifications_stop (Notifications *self);
void  notifications_clear (Notifications *self);
char *notifications_dup_text (Notifications *self) G_GNUC_WARN_UNUSED_RESULT;
void  notifications_sync (Notifications   *self,
                          GDBusConnection *program);
void  notifications_click (Notifications *self);

G_END_DECLS
