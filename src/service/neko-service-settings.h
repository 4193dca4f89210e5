/* neko-service-settings.h - the settings of the service: GSettings, and the command line above it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_SETTING_LISTEN_ADDRESS "listen-address"
#define NEKO_SETTING_LOG_LEVEL "log-level"
#define NEKO_SETTING_POP3_PORT "pop3-port"
#define NEKO_SETTING_POP3S_PORT "pop3s-port"
#define NEKO_SETTING_SMTP_PORT "smtp-port"
#define NEKO_SETTING_SMTPS_PORT "smtps-port"
#define NEKO_SETTING_SPOOL_SIZE "spool-size"
#define NEKO_SETTING_TLS "tls"

#define NEKO_SPOOL_SIZE_LIMIT 4096 /* MiB */
#define NEKO_MEBIBYTE G_GUINT64_CONSTANT (1048576) /* octets */

#define NEKO_TYPE_SERVICE_SETTINGS (neko_service_settings_get_type ())

G_DECLARE_FINAL_TYPE (NekoServiceSettings, neko_service_settings, NEKO, SERVICE_SETTINGS, GObject)

NekoServiceSettings *neko_service_settings_new (void) G_GNUC_WARN_UNUSED_RESULT;
void     neko_service_settings_override (NekoServiceSettings *self,
                                         const char          *key,
                                         GVariant            *value);
GStrv    neko_service_settings_list_overrides (NekoServiceSettings *self) G_GNUC_WARN_UNUSED_RESULT;
guint16  neko_service_settings_get_port (NekoServiceSettings *self,
                                         const char          *key);
gboolean neko_service_settings_has_tls (NekoServiceSettings *self);
gboolean neko_service_settings_has_detailed_log (NekoServiceSettings *self);
unsigned neko_service_settings_get_spool_size (NekoServiceSettings *self);
char    *neko_service_settings_dup_address (NekoServiceSettings *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_service_settings_check_address (const char *address,
                                              GError    **error);

G_END_DECLS
