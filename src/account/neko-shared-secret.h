/* neko-shared-secret.h - the secret that the desktop keeps for this program, for all who need it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NEKO_TYPE_SHARED_SECRET (neko_shared_secret_get_type ())

G_DECLARE_FINAL_TYPE (NekoSharedSecret, neko_shared_secret, NEKO, SHARED_SECRET, GObject)

NekoSharedSecret *neko_shared_secret_new (void) G_GNUC_WARN_UNUSED_RESULT;
void    neko_shared_secret_get_async (NekoSharedSecret   *self,
                                      gboolean            may_ask_again,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
GBytes *neko_shared_secret_get_finish (NekoSharedSecret *self,
                                       GAsyncResult     *result,
                                       GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
