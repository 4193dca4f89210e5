/* neko-service-control.h - a service on the session bus, for the commands of both programs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service.h"

G_BEGIN_DECLS

#define NEKO_CONTROL_PATH "/io/github/nekomail/NekoMail"
#define NEKO_DAEMON_BUS_NAME NEKO_APPLICATION_ID ".Daemon"

#define NEKO_TYPE_SERVICE_CONTROL (neko_service_control_get_type ())

G_DECLARE_FINAL_TYPE (NekoServiceControl, neko_service_control, NEKO, SERVICE_CONTROL, GObject)

NekoServiceControl *neko_service_control_new (NekoService *service,
                                              const char  *token_file) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_service_control_export (NekoServiceControl *self,
                                      GDBusConnection    *connection,
                                      GError            **error);
void     neko_service_control_set_tray_shown (NekoServiceControl *self,
                                              gboolean            is_tray_shown);

G_END_DECLS
