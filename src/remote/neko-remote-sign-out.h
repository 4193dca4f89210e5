/* neko-remote-sign-out.h - the end of a token
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     neko_remote_sign_out_async (const char         *url,
                                     const char         *token,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean neko_remote_sign_out_finish (GAsyncResult *result,
                                      GError      **error);

G_END_DECLS
