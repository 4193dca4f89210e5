/* neko-background-portal.h - asks the desktop to start us at login, from inside a sandbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * NekoAutostartError:
 * @NEKO_AUTOSTART_ERROR_DENIED: the user, or the desktop's settings, said no
 * @NEKO_AUTOSTART_ERROR_NO_PORTAL: this desktop has no way to ask for it
 *
 * Everything else stays in %G_IO_ERROR and %G_DBUS_ERROR.
 */
typedef enum {
  NEKO_AUTOSTART_ERROR_DENIED,
  NEKO_AUTOSTART_ERROR_NO_PORTAL,
} NekoAutostartError;

#define NEKO_AUTOSTART_ERROR (neko_autostart_error_quark ())

GQuark   neko_autostart_error_quark (void);
void     neko_background_portal_request_async (GDBusConnection    *connection,
                                               const char         *parent_window,
                                               const char         *reason,
                                               gboolean            is_wanted,
                                               const char *const  *command,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
gboolean neko_background_portal_request_finish (GAsyncResult *result,
                                                GError      **error);

G_END_DECLS
