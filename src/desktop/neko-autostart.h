/* neko-autostart.h - whether the desktop starts us at login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-background-portal.h"

G_BEGIN_DECLS

#define NEKO_TYPE_AUTOSTART (neko_autostart_get_type ())

G_DECLARE_FINAL_TYPE (NekoAutostart, neko_autostart, NEKO, AUTOSTART, GObject)

NekoAutostart *neko_autostart_new (GDBusConnection *bus) G_GNUC_WARN_UNUSED_RESULT;
NekoAutostart *neko_autostart_new_for_sandbox (GDBusConnection *bus) G_GNUC_WARN_UNUSED_RESULT;
void           neko_autostart_query_async (NekoAutostart      *self,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
gboolean       neko_autostart_query_finish (NekoAutostart *self,
                                            GAsyncResult  *result,
                                            GError       **error);
void           neko_autostart_set_async (NekoAutostart      *self,
                                         gboolean            is_wanted,
                                         const char         *parent_window,
                                         const char         *reason,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
gboolean       neko_autostart_set_finish (NekoAutostart *self,
                                          GAsyncResult  *result,
                                          GError       **error);

G_END_DECLS
