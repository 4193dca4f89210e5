/* neko-remote-setup.h - the first admin of a new Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-secret.h"

G_BEGIN_DECLS

void        neko_remote_setup_async (const char         *url,
                                     const char         *setup_key,
                                     const char         *address,
                                     const char         *password,
                                     const char         *device,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
NekoSecret *neko_remote_setup_finish (GAsyncResult *result,
                                      GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
