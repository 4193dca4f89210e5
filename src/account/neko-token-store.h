/* neko-token-store.h - where the Worker's tokens are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "neko-account-error.h"
#include "neko-secret.h"

G_BEGIN_DECLS

#define NEKO_TYPE_TOKEN_STORE (neko_token_store_get_type ())

G_DECLARE_INTERFACE (NekoTokenStore, neko_token_store, NEKO, TOKEN_STORE, GObject)

struct _NekoTokenStoreInterface {
  GTypeInterface parent_interface;

  void           (*lookup_async)  (NekoTokenStore     *self,
                                   const char         *account,
                                   const char         *url,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
  NekoSecret *(*lookup_finish) (NekoTokenStore *self,
                                GAsyncResult   *result,
                                GError        **error);
  void        (*store_async)   (NekoTokenStore     *self,
                                const char         *account,
                                const char         *url,
                                const char         *token,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
  gboolean (*store_finish)  (NekoTokenStore *self,
                             GAsyncResult   *result,
                             GError        **error);
  void     (*unlock_async)  (NekoTokenStore     *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
  gboolean (*unlock_finish) (NekoTokenStore *self,
                             GAsyncResult   *result,
                             GError        **error);
};

void        neko_token_store_lookup_async (NekoTokenStore     *self,
                                           const char         *account,
                                           const char         *url,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
NekoSecret *neko_token_store_lookup_finish (NekoTokenStore *self,
                                            GAsyncResult   *result,
                                            GError        **error) G_GNUC_WARN_UNUSED_RESULT;
void        neko_token_store_store_async (NekoTokenStore     *self,
                                          const char         *account,
                                          const char         *url,
                                          const char         *token,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean    neko_token_store_store_finish (NekoTokenStore *self,
                                           GAsyncResult   *result,
                                           GError        **error);
void        neko_token_store_unlock_async (NekoTokenStore     *self,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
gboolean    neko_token_store_unlock_finish (NekoTokenStore *self,
                                            GAsyncResult   *result,
                                            GError        **error);
void        neko_token_store_tell_available (NekoTokenStore *self);

G_END_DECLS
