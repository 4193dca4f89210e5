/* neko-sign-out.c - takes an account off this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-sign-out.h"

#include "neko-remote-sign-out.h"

typedef struct {
  char   *address;
  char   *url;
  GError *failure; /* (nullable): why the Worker takes the token on */
} Account;


static void
account_free (Account *account)
{
  g_free (account->address);
  g_free (account->url);
  g_clear_error (&account->failure);
  g_free (account);
}


static void
forgotten_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Account *account = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  neko_token_store_store_finish (NEKO_TOKEN_STORE (source), result, &error);

  if (account->failure != NULL)
    g_task_return_error (task, g_steal_pointer (&account->failure));
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}


/* A token that the Worker may still take is of no use here any more. */
static void
forget_token (GTask *task)
{
  Account *account = g_task_get_task_data (task);
  NekoModel *model = g_task_get_source_object (task);

  neko_token_store_store_async (neko_model_get_tokens (model), account->address, account->url, NULL, NULL,
                                forgotten_cb, task);
}


static void
revoked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  Account *account = g_task_get_task_data (task);

  neko_remote_sign_out_finish (result, &account->failure);
  forget_token (task);
}


/* Returns: whether there is one account less; if not, @task is at its end */
static gboolean
remove_account (GTask *task)
{
  Account *account = g_task_get_task_data (task);
  NekoAccountStore *store = neko_model_get_store (g_task_get_source_object (task));
  NekoAccount *known = neko_account_store_find (store, account->address);
  GError *error = NULL;

  /* Another program may have removed it. */
  if (known == NULL || neko_account_store_remove (store, known, &error))
    return TRUE;

  g_task_return_error (task, error);

  return FALSE;
}


/* Where it helps to wait, or to unlock the keyring: the account stays, or nobody could revoke its token from here
 * any more. */
static gboolean
may_be_found_later (const GError *error)
{
  return g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_LOCKED) ||
         g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED) ||
         g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_SLOW);
}


static void
token_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Account *account = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (NekoSecret) token = neko_token_store_lookup_finish (NEKO_TOKEN_STORE (source), result, &error);

  if (may_be_found_later (error)) {
    g_task_return_error (task, error);
    return;
  }

  if (!remove_account (task)) {
    g_clear_error (&error);
    return;
  }

  if (token != NULL) {
    neko_remote_sign_out_async (account->url, token, NULL, revoked_cb, g_steal_pointer (&task));
    return;
  }

  /* One that is not there need not be revoked. */
  if (g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN)) {
    g_error_free (error);
    g_task_return_boolean (task, TRUE);
    return;
  }

  g_task_return_error (task, error);
}


/**
 * neko_sign_out_async:
 *
 * Removes the account with its bridge passwords, whether or not the Worker can be reached; then has that revoke
 * the token, and forgets it. While the keyring is locked the account stays.
 */
void
neko_sign_out_async (NekoModel          *model,
                     NekoAccountItem    *item,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (model, NULL, callback, user_data);
  NekoTokenStore *tokens = neko_model_get_tokens (model);
  Account *account = g_new0 (Account, 1);

  g_task_set_source_tag (task, neko_sign_out_async);
  g_task_set_task_data (task, account, (GDestroyNotify) account_free);
  account->address = g_strdup (neko_account_item_get_address (item));
  account->url = g_strdup (neko_account_get_url (neko_account_item_get_account (item)));

  if (tokens != NULL)
    neko_token_store_lookup_async (tokens, account->address, account->url, NULL, token_cb,
                                   g_steal_pointer (&task));
  else if (remove_account (task))
    g_task_return_boolean (task, TRUE);
}


/**
 * neko_sign_out_finish:
 *
 * Returns: whether all of it is done; if not, @error is set. The account may be removed all the same, but not
 *   where it is of %NEKO_ACCOUNT_ERROR_KEYRING_LOCKED or _SLOW
 */
gboolean
neko_sign_out_finish (NekoModel    *model,
                      GAsyncResult *result,
                      GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, model), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
