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


static void
token_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Account *account = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (NekoSecret) token = neko_token_store_lookup_finish (NEKO_TOKEN_STORE (source), result, &error);

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
 * Removes the account with its bridge passwords at once, whatever becomes of its token; then has the Worker
 * revoke that, and forgets it.
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
  GError *error = NULL;

  g_task_set_source_tag (task, neko_sign_out_async);
  g_task_set_task_data (task, account, (GDestroyNotify) account_free);
  account->address = g_strdup (neko_account_item_get_address (item));
  account->url = g_strdup (neko_account_get_url (neko_account_item_get_account (item)));

  if (!neko_account_store_remove (neko_model_get_store (model), neko_account_item_get_account (item), &error))
    g_task_return_error (task, error);
  else if (tokens == NULL)
    g_task_return_boolean (task, TRUE);
  else
    neko_token_store_lookup_async (tokens, account->address, account->url, NULL, token_cb,
                                   g_steal_pointer (&task));
}


/**
 * neko_sign_out_finish:
 *
 * Returns: whether all of it is done; if not, @error is set. The account may be removed all the same
 */
gboolean
neko_sign_out_finish (NekoModel    *model,
                      GAsyncResult *result,
                      GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, model), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
