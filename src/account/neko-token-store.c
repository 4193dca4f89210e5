/* neko-token-store.c - where the Worker's tokens are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-token-store.h"

G_DEFINE_INTERFACE (NekoTokenStore, neko_token_store, G_TYPE_OBJECT)

enum {
  AVAILABLE,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


static void
neko_token_store_default_init (NekoTokenStoreInterface *iface)
{
  /**
   * NekoTokenStore::available:
   *
   * A token that could not be looked up because of the keyring may be found now.
   */
  signals[AVAILABLE] = g_signal_new ("available", NEKO_TYPE_TOKEN_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);
}


/* For those who implement it. */
void
neko_token_store_tell_available (NekoTokenStore *self)
{
  g_signal_emit (self, signals[AVAILABLE], 0);
}


/**
 * neko_token_store_lookup_async:
 * @account: the account's address
 * @url: its Worker
 *
 * Looks for a token. It never asks the user anything by itself; in a sandbox the desktop does where the keyring is
 * locked, and a no is %NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED.
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


/**
 * neko_token_store_unlock_async:
 *
 * Makes the store usable where the user has to do something for it: asks for the keyring's password, or for
 * a new one where there is no keyring yet. To be called only when the user wants it, and waits for as long
 * as the user takes.
 */
void
neko_token_store_unlock_async (NekoTokenStore     *self,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_return_if_fail (NEKO_IS_TOKEN_STORE (self));

  NEKO_TOKEN_STORE_GET_IFACE (self)->unlock_async (self, cancellable, callback, user_data);
}


/**
 * neko_token_store_unlock_finish:
 *
 * Returns: %TRUE where tokens can be looked up and stored now; %FALSE with @error set, in
 *   %NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED where the user did not want to after all
 */
gboolean
neko_token_store_unlock_finish (NekoTokenStore *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  return NEKO_TOKEN_STORE_GET_IFACE (self)->unlock_finish (self, result, error);
}
