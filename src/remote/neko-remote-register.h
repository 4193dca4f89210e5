/* neko-remote-register.h - an account that somebody makes for themselves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void  neko_remote_register_async (const char         *url,
                                  const char         *address,
                                  const char         *password,
                                  const char         *invite,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
char *neko_remote_register_finish (GAsyncResult *result,
                                   GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
