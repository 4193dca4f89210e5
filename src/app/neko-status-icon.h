/* neko-status-icon.h - how the service is doing, in the tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service.h"

G_BEGIN_DECLS

#define NEKO_TYPE_STATUS_ICON (neko_status_icon_get_type ())

G_DECLARE_FINAL_TYPE (NekoStatusIcon, neko_status_icon, NEKO, STATUS_ICON, GObject)

NekoStatusIcon *neko_status_icon_new (NekoService  *service,
                                      GActionGroup *actions) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_status_icon_is_shown (NekoStatusIcon *self);
void     neko_status_icon_set_new_mail (NekoStatusIcon *self,
                                        gboolean        has_new_mail);

G_END_DECLS
