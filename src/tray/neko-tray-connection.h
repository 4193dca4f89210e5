/* neko-tray-connection.h - a connection to the session bus for the item in the tray alone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void             neko_tray_connection_open_async (GCancellable       *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer            user_data);
GDBusConnection *neko_tray_connection_open_finish (GAsyncResult *result,
                                                   GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
