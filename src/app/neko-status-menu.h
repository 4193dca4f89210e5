/* neko-status-menu.h - the menu of the icon in the tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service.h"

G_BEGIN_DECLS

#define NEKO_STATUS_MENU_ACCOUNTS 10 /* so many have a line of their own */

#define NEKO_TYPE_STATUS_MENU (neko_status_menu_get_type ())

G_DECLARE_FINAL_TYPE (NekoStatusMenu, neko_status_menu, NEKO, STATUS_MENU, GObject)

NekoStatusMenu *neko_status_menu_new (void) G_GNUC_WARN_UNUSED_RESULT;
GMenuModel *neko_status_menu_get_model (NekoStatusMenu *self);
void        neko_status_menu_update (NekoStatusMenu *self,
                                     NekoService    *service);

G_END_DECLS
