/* neko-sign-in.c - adds an account, or signs in to one again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-sign-in.h"

#include <glib/gi18n.h>

#include "neko-mail-error.h"
#include "neko-remote-register.h"
#include "neko-remote-setup.h"
#include "neko-remote-sign-in.h"

typedef struct {
  NekoSignInKind kind;
  NekoAccount   *account; /* as it is kept: that spells address and URL */
  NekoSecret    *password;
  NekoSecret    *key;     /* (nullable) */
} Form;


static void
form_free (Form *form)
{
  g_clear_object (&form->account);
  neko_secret_free (form->password);
  neko_secret_free (form->key);
  g_free (form);
}


/* Under this name the user finds this computer in the list of devices. */
static char *
dup_device (void)
{
  return g_strdup_printf ("Neko Mail on %s", g_get_host_name ());
}


static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Form *form = g_task_get_task_data (task);
  NekoModel *model = g_task_get_source_object (task);
  NekoAccountItem *item = neko_model_find_account (model, neko_account_get_address (form->account));

  /* Where it ended, it looks for the token when it starts again. */
  neko_control_call_connect_finish (NEKO_CONTROL (source), result, NULL);

  if (item == NULL) {
    g_task_return_new_error (task, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_GONE, "the account was removed meanwhile");
    return;
  }

  neko_account_item_refresh (item);
  g_task_return_pointer (task, item, NULL);
}


static void
add_account (GTask *task)
{
  Form *form = g_task_get_task_data (task);
  NekoModel *model = g_task_get_source_object (task);
  NekoAccountStore *store = neko_model_get_store (model);
  NekoControl *control = neko_model_get_control (model);
  const char *address = neko_account_get_address (form->account);
  GError *error = NULL;
  NekoAccountItem *item;

  if (neko_account_store_find (store, address) == NULL &&
      neko_account_store_add (store, address, neko_account_get_url (form->account), &error) == NULL) {
    g_task_return_error (task, error);
    g_object_unref (task);
    return;
  }

  item = neko_model_find_account (model, address);

  if (control != NULL) {
    neko_control_call_connect (control, address, NULL, connected_cb, task);
    return;
  }

  neko_account_item_refresh (item);
  g_task_return_pointer (task, item, NULL);
  g_object_unref (task);
}


static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (neko_token_store_store_finish (NEKO_TOKEN_STORE (source), result, &error))
    add_account (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}


/* Takes @error, which counts where there is no token. */
static void
store_token (GTask      *task,
             const char *token,
             GError     *error)
{
  Form *form = g_task_get_task_data (task);
  NekoModel *model = g_task_get_source_object (task);

  if (token == NULL) {
    g_task_return_error (task, error);
    g_object_unref (task);
    return;
  }

  neko_token_store_store_async (neko_model_get_tokens (model), neko_account_get_address (form->account),
                                neko_account_get_url (form->account), token,
                                g_task_get_cancellable (task), stored_cb, task);
}


static void
signed_in_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GError *error = NULL;
  g_autoptr (NekoSecret) token = neko_remote_sign_in_finish (result, &error);

  store_token (user_data, token, error);
}


static void
sign_in (GTask *task)
{
  Form *form = g_task_get_task_data (task);
  g_autofree char *device = dup_device ();

  neko_remote_sign_in_async (neko_account_get_url (form->account), neko_account_get_address (form->account),
                             form->password, device, g_task_get_cancellable (task), signed_in_cb, task);
}


static void
set_up_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;
  g_autoptr (NekoSecret) token = neko_remote_setup_finish (result, &error);

  store_token (user_data, token, error);
}


static void
set_up (GTask *task)
{
  Form *form = g_task_get_task_data (task);
  g_autofree char *device = dup_device ();

  neko_remote_setup_async (neko_account_get_url (form->account), form->key,
                           neko_account_get_address (form->account), form->password, device,
                           g_task_get_cancellable (task), set_up_cb, task);
}


static void
registered_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autofree char *address = neko_remote_register_finish (result, &error);

  if (address != NULL)
    sign_in (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}


static void
register_account (GTask *task)
{
  Form *form = g_task_get_task_data (task);

  neko_remote_register_async (neko_account_get_url (form->account), neko_account_get_address (form->account),
                              form->password, form->key, g_task_get_cancellable (task), registered_cb,
                              task);
}


static void
ask_worker (GTask *task)
{
  Form *form = g_task_get_task_data (task);

  switch (form->kind) {
  case NEKO_SIGN_IN_SET_UP:
    set_up (task);
    break;

  case NEKO_SIGN_IN_REGISTER:
    register_account (task);
    break;

  case NEKO_SIGN_IN_KNOWN:
  default:
    sign_in (task);
    break;
  }
}


static void
unlocked_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (neko_token_store_unlock_finish (NEKO_TOKEN_STORE (source), result, &error))
    ask_worker (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}


/* The account belongs to one Worker: a token of another one would not be used. */
static gboolean
check_account (NekoModel   *model,
               NekoAccount *account,
               GError     **error)
{
  NekoAccount *known = neko_account_store_find (neko_model_get_store (model),
                                                neko_account_get_address (account));

  if (known == NULL || neko_account_is_at (known, neko_account_get_url (account)))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               /* Translators: the first %s is a mail address, the second one a web address */
               _ ("%s is an account of %s already. To move it, first sign out of it here"),
               neko_account_get_address (known), neko_account_get_url (known));

  return FALSE;
}


/**
 * neko_sign_in_async:
 * @cancellable: (nullable): what is stored or made by then, stays
 *
 * Opens the keyring, which may ask the user, and asks the Worker for a token only when there is a place to
 * keep it: set-up keys and invites work once.
 */
void
neko_sign_in_async (NekoModel            *model,
                    const NekoSignInForm *form,
                    GCancellable         *cancellable,
                    GAsyncReadyCallback   callback,
                    gpointer              user_data)
{
  g_autoptr (GTask) task = g_task_new (model, cancellable, callback, user_data);
  NekoTokenStore *tokens = neko_model_get_tokens (model);
  Form *copy = g_new0 (Form, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, neko_sign_in_async);
  g_task_set_task_data (task, copy, (GDestroyNotify) form_free);
  copy->kind = form->kind;
  copy->password = g_strdup (form->password);
  copy->key = g_strdup (form->key);
  copy->account = neko_account_new (form->address, form->url, &error);

  if (copy->account == NULL || !check_account (model, copy->account, &error))
    g_task_return_error (task, error);
  else if (tokens == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "%s",
                             _ ("Neko Mail does not run in the background; start it first"));
  else
    neko_token_store_unlock_async (tokens, cancellable, unlocked_cb, g_steal_pointer (&task));
}


/**
 * neko_sign_in_finish:
 *
 * Returns: (transfer none): the account, or %NULL with @error set
 */
NekoAccountItem *
neko_sign_in_finish (NekoModel    *model,
                     GAsyncResult *result,
                     GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, model), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
