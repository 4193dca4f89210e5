/* neko-service-options.h - the command line that neko-mail and neko-maild share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "neko-service.h"

G_BEGIN_DECLS

typedef struct _NekoServiceOptions NekoServiceOptions;

NekoServiceOptions  *neko_service_options_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                 neko_service_options_free (NekoServiceOptions *self);
const GOptionEntry  *neko_service_options_get_entries (NekoServiceOptions *self);
char                *neko_service_options_dup_token_file (NekoServiceOptions *self) G_GNUC_WARN_UNUSED_RESULT;
void                 neko_service_options_set_token_file (NekoServiceOptions *self,
                                                          const char         *path);
NekoAccountStore    *neko_service_options_open_accounts (NekoServiceOptions *self,
                                                         GError            **error) G_GNUC_WARN_UNUSED_RESULT;
NekoTokenStore      *neko_service_options_open_tokens (NekoServiceOptions *self) G_GNUC_WARN_UNUSED_RESULT;
NekoCertificate     *neko_service_options_open_certificate (NekoServiceOptions *self) G_GNUC_WARN_UNUSED_RESULT;
NekoServiceSettings *neko_service_options_open_settings (NekoServiceOptions *self,
                                                         GError            **error) G_GNUC_WARN_UNUSED_RESULT;
NekoService         *neko_service_options_create (NekoServiceOptions *self,
                                                  GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NekoServiceOptions, neko_service_options_free)

G_END_DECLS
