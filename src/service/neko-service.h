/* neko-service.h - everything that works without a screen, put together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-account-store.h"
#include "neko-certificate.h"
#include "neko-mailbox.h"
#include "neko-secret.h"
#include "neko-server.h"
#include "neko-service-settings.h"
#include "neko-statistics.h"

G_BEGIN_DECLS

#define NEKO_TYPE_SERVICE (neko_service_get_type ())

G_DECLARE_FINAL_TYPE (NekoService, neko_service, NEKO, SERVICE, GObject)

NekoService *neko_service_new (NekoAccountStore    *accounts,
                               NekoTokenStore      *tokens,
                               NekoServiceSettings *settings,
                               NekoCertificate     *certificate) G_GNUC_WARN_UNUSED_RESULT;
void                 neko_service_start (NekoService *self);
void                 neko_service_stop_async (NekoService        *self,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
gboolean             neko_service_stop_finish (NekoService  *self,
                                               GAsyncResult *result,
                                               GError      **error);
void                 neko_service_set_paused (NekoService *self,
                                              gboolean     is_paused);
gboolean             neko_service_is_paused (NekoService *self);
void                 neko_service_check (NekoService *self);
void                 neko_service_empty_spool (NekoService *self);
GListModel          *neko_service_get_mailboxes (NekoService *self);
NekoServer          *neko_service_get_pop3 (NekoService *self);
NekoServer          *neko_service_get_smtp (NekoService *self);
NekoServiceSettings *neko_service_get_settings (NekoService *self);
NekoStatistics      *neko_service_get_statistics (NekoService *self);
void                 neko_service_set_statistics (NekoService    *self,
                                                  NekoStatistics *statistics);
NekoCertificate     *neko_service_get_certificate (NekoService *self);
unsigned             neko_service_get_spool_size (NekoService *self);
char                *neko_service_dup_spool_folder (void) G_GNUC_WARN_UNUSED_RESULT;
guint64              neko_service_get_spool_used (NekoService *self);

G_END_DECLS
