/* neko-awaited.h - what Worker and token store say, for a command that waits for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "neko-secret.h"
#include "neko-token-store.h"

G_BEGIN_DECLS

NekoSecret *neko_awaited_find_token (NekoTokenStore *tokens,
                                     const char     *address,
                                     const char     *url,
                                     GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    neko_awaited_sign_in (NekoTokenStore *tokens,
                                  const char     *address,
                                  const char     *url,
                                  const char     *password,
                                  GError        **error);
gboolean    neko_awaited_sign_out (NekoTokenStore *tokens,
                                   const char     *address,
                                   const char     *url,
                                   GError        **error);
JsonObject *neko_awaited_ask (const char *url,
                              const char *token,
                              const char *path,
                              GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
