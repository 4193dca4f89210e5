/* neko-service-status.h - how a service is doing, to be shown to people and programs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service.h"

G_BEGIN_DECLS

GVariant *neko_service_status_new (NekoService *service,
                                   const char  *program,
                                   const char  *token_file,
                                   gboolean     is_tray_shown,
                                   gint64       started) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
