/* neko-token-store.c - where the Worker's tokens are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-token-store.h"

G_DEFINE_INTERFACE (NekoTokenStore, neko_token_store, G_TYPE_OBJECT)


static void
neko_token_store_default_init (NekoTokenStoreInterface *iface)
{
}


/**
 * neko_token_store_lookup_async:
 * @account: the account's address
 * @url: its Worker
 *
 * Looks for a token. It never asks the user anything.
 */
void
neko_token_store_lookup_async (NekoTokenStore     *self,
                               const char         *account,
                               const char         *url,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_return_if_fail (NEKO_IS_TOKEN_STORE (self));

  NEKO_TOKEN_STORE_GET_IFACE (self)->lookup_async (self, account, url, cancellable, callback,
                                                   user_data);
}


/**
 * neko_token_store_lookup_finish:
 *
 * Returns: (transfer full): the token, or %NULL with @error set in %NEKO_ACCOUNT_ERROR
 */
NekoSecret *
neko_token_store_lookup_finish (NekoTokenStore *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  return NEKO_TOKEN_STORE_GET_IFACE (self)->lookup_finish (self, result, error);
}


/**
 * neko_token_store_store_async:
 * @token: (nullable): %NULL to keep none
 *
 * Keeps a token, in place of the one before.
 */
void
neko_token_store_store_async (NekoTokenStore     *self,
                              const char         *account,
                              const char         *url,
                              const char         *token,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_return_if_fail (NEKO_IS_TOKEN_STORE (self));

  NEKO_TOKEN_STORE_GET_IFACE (self)->store_async (self, account, url, token, cancellable, callback,
                                                  user_data);
}


gboolean
neko_token_store_store_finish (NekoTokenStore *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  return NEKO_TOKEN_STORE_GET_IFACE (self)->store_finish (self, result, error);
}
