/* neko-autoconfig.h - lets Thunderbird on this computer find the settings of an account by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char    *neko_autoconfig_dup_text (const char *domain,
                                   unsigned    pop3_port,
                                   unsigned    smtp_port) G_GNUC_WARN_UNUSED_RESULT;
char    *neko_autoconfig_find_folder (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_autoconfig_has (const char *folder,
                              const char *domain,
                              const char *text);
void     neko_autoconfig_install_async (const char         *folder,
                                        const char         *domain,
                                        const char         *text,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
gboolean neko_autoconfig_install_finish (GAsyncResult *result,
                                         GError      **error);

G_END_DECLS
