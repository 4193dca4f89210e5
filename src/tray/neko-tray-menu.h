/* neko-tray-menu.h - a GMenuModel on the bus, as com.canonical.dbusmenu
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_TRAY_MENU (neko_tray_menu_get_type ())

G_DECLARE_FINAL_TYPE (NekoTrayMenu, neko_tray_menu, NEKO, TRAY_MENU, GObject)

NekoTrayMenu *neko_tray_menu_new (void) G_GNUC_WARN_UNUSED_RESULT;
void     neko_tray_menu_set_model (NekoTrayMenu *self,
                                   GMenuModel   *model,
                                   GActionGroup *actions);
gboolean neko_tray_menu_export (NekoTrayMenu    *self,
                                GDBusConnection *connection,
                                const char      *path,
                                GError         **error);

G_END_DECLS
