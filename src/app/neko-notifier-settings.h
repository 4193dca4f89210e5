/* neko-notifier-settings.h - how much notifications show
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_SETTING_NOTIFICATIONS "notifications"

/* As in the schema of the settings. */
typedef enum {
  NEKO_NOTIFICATIONS_NONE,
  NEKO_NOTIFICATIONS_COUNT,
  NEKO_NOTIFICATIONS_SENDER,
} NekoNotificationSetting;


static inline NekoNotificationSetting
neko_notifier_get_setting (GSettings *settings)
{
  return (NekoNotificationSetting) g_settings_get_enum (settings, NEKO_SETTING_NOTIFICATIONS);
}

G_END_DECLS
