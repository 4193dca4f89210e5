/* neko-tray.h - our item in the tray
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * NekoTrayStatus:
 * @NEKO_TRAY_PASSIVE: there is nothing to see; hosts hide the item
 * @NEKO_TRAY_ACTIVE: shown with its icon
 * @NEKO_TRAY_NEEDS_ATTENTION: shown with the icon for attention
 */
typedef enum {
  NEKO_TRAY_PASSIVE,
  NEKO_TRAY_ACTIVE,
  NEKO_TRAY_NEEDS_ATTENTION,
} NekoTrayStatus;

#define NEKO_TYPE_TRAY (neko_tray_get_type ())

G_DECLARE_FINAL_TYPE (NekoTray, neko_tray, NEKO, TRAY, GObject)

NekoTray *neko_tray_new (GDBusConnection *connection,
                         const char      *id,
                         const char      *title) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_tray_start (NekoTray *self,
                          GError  **error);
gboolean neko_tray_is_shown (NekoTray *self);
void     neko_tray_set_status (NekoTray      *self,
                               NekoTrayStatus status);
void     neko_tray_set_icon_name (NekoTray   *self,
                                  const char *icon_name);
void     neko_tray_set_attention_icon_name (NekoTray   *self,
                                            const char *icon_name);
void     neko_tray_set_tooltip (NekoTray   *self,
                                const char *title,
                                const char *text);
void     neko_tray_set_menu (NekoTray     *self,
                             GMenuModel   *model,
                             GActionGroup *actions);

G_END_DECLS
