/* neko-keyring-portal.c - what is asked of the keyring from inside a sandbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-file-token-store.h"
#include "neko-keyring-token-store-private.h"
#include "neko-sealed-token.h"

/* The desktop's portal gives each program a secret of its own, out of the keyring. Tokens are in a file, sealed with
 * it. Whether the keyring is locked cannot be seen from here: the portal asks the user to unlock it, which at the start
 * nobody has asked for, so it is asked once. libsecret does much the same, but its file is not for programs that read and
 * write it at the same time, and see neko-secret-portal.c. */


static NekoTokenStore *
open_file (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "neko-mail", "sealed-tokens", NULL);

  return NEKO_TOKEN_STORE (neko_file_token_store_new_for_sealed (path));
}


/* Takes @error. Those of accounts say what is wrong already. */
static void
fail (NekoKeyringRequest *request,
      GError             *error)
{
  g_autoptr (GError) owned = error;

  /* The user never chose a file. */
  if (g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN))
    neko_keyring_call_fail (request, NEKO_ACCOUNT_ERROR_NO_TOKEN, NEKO_KEYRING_NO_TOKEN);
  else if (error->domain == NEKO_ACCOUNT_ERROR)
    neko_keyring_token_store_fail (request, g_steal_pointer (&owned));
  else
    neko_keyring_call_fail_as (request, owned);
}


static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  GError *error = NULL;

  if (neko_token_store_store_finish (NEKO_TOKEN_STORE (source), result, &error))
    neko_keyring_call_succeed (request);
  else
    fail (request, error);
}


/* @text is %NULL to keep nothing, for which nobody has to be asked. */
static void
store (NekoKeyringRequest *request,
       const char         *text)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  g_autoptr (NekoTokenStore) file = open_file ();

  neko_token_store_store_async (file, g_hash_table_lookup (call->attributes, "account"),
                                g_hash_table_lookup (call->attributes, "url"), text,
                                neko_keyring_request_get_cancellable (request), stored_cb,
                                neko_keyring_request_ref (request));
}


static void
seal_and_store (NekoKeyringRequest *request,
                GBytes             *secret)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  GError *error = NULL;
  g_autofree char *sealed = neko_sealed_token_new (secret, call->name, call->token, &error);

  if (sealed != NULL)
    store (request, sealed);
  else
    fail (request, error);
}


/* With another secret than it was sealed with, as in a keyring that was made anew, it is lost. */
static void
open_and_hand_over (NekoKeyringRequest *request,
                    GBytes             *secret)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  GError *error = NULL;
  g_autoptr (NekoSecret) token = neko_sealed_token_open (secret, call->name, call->sealed, &error);

  if (token != NULL)
    neko_keyring_token_store_hand_over (request, token);
  else
    neko_keyring_token_store_fail (request, error);
}


static void
retrieved_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  GError *error = NULL;
  g_autoptr (GBytes) secret = neko_shared_secret_get_finish (NEKO_SHARED_SECRET (source), result, &error);

  /* The question goes on where nobody wants the outcome any more. Then nothing must be kept. */
  if (secret == NULL ||
      g_cancellable_set_error_if_cancelled (neko_keyring_request_get_cancellable (request), &error))
    fail (request, error);
  else if (call->purpose == NEKO_KEYRING_LOOK_UP)
    open_and_hand_over (request, secret);
  else if (call->purpose == NEKO_KEYRING_STORE)
    seal_and_store (request, secret);
  else
    neko_keyring_call_succeed (request);
}


static void
retrieve (NekoKeyringRequest *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);

  neko_shared_secret_get_async (call->shared, call->purpose != NEKO_KEYRING_LOOK_UP, retrieved_cb,
                                neko_keyring_request_ref (request));
}


static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (NekoKeyringRequest) request = user_data;
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  GError *error = NULL;

  call->sealed = neko_token_store_lookup_finish (NEKO_TOKEN_STORE (source), result, &error);

  if (call->sealed != NULL)
    retrieve (request);
  else
    fail (request, error);
}


static void
look_up (NekoKeyringRequest *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);
  g_autoptr (NekoTokenStore) file = open_file ();

  neko_token_store_lookup_async (file, g_hash_table_lookup (call->attributes, "account"),
                                 g_hash_table_lookup (call->attributes, "url"),
                                 neko_keyring_request_get_cancellable (request), found_cb,
                                 neko_keyring_request_ref (request));
}


void
neko_keyring_portal_start (NekoKeyringRequest *request)
{
  NekoKeyringCall *call = neko_keyring_request_get_data (request);

  switch (call->purpose) {
  case NEKO_KEYRING_LOOK_UP:
    look_up (request);
    break;

  case NEKO_KEYRING_STORE:
    if (call->token != NULL)
      retrieve (request);
    else
      store (request, NULL);

    break;

  case NEKO_KEYRING_UNLOCK:
  default:
    neko_keyring_request_wait_longer (request);
    retrieve (request);
  }
}
