/* neko-account-command.c - neko-maild account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-command.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "neko-awaited.h"
#include "neko-instance.h"
#include "neko-prompt.h"

/* A program that runs sees a new account in the accounts file; that an account which it knows has
 * another token it sees at the next log-in, unless it is told. */
static void
tell_instance (const char *address)
{
  g_autoptr (NekoControl) instance = neko_instance_find (NULL);

  if (instance != NULL)
    neko_control_call_connect_sync (instance, address, NULL, NULL);
}


/* The account that is there already, else a new one. It belongs to one Worker: a token of another one would
 * not be used. */
static NekoAccount *
choose_account (NekoAccountStore *accounts,
                const char       *address,
                const char       *url,
                GError          **error)
{
  g_autoptr (NekoAccount) checked = neko_account_new (address, url, error);
  NekoAccount *known;

  if (checked == NULL)
    return NULL;

  known = neko_account_store_find (accounts, neko_account_get_address (checked));

  if (known == NULL)
    return g_steal_pointer (&checked);

  if (neko_account_is_at (known, url))
    return g_object_ref (known);

  g_set_error (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_EXISTS,
               "%s is an account of %s; to move it, first %s account remove %s",
               neko_account_get_address (known), neko_account_get_url (known), g_get_prgname (),
               neko_account_get_address (known));

  return NULL;
}


static NekoSecret *
ask_for_password (const char *address,
                  GError    **error)
{
  g_autofree char *question = g_strdup_printf ("Password of %s on the Worker: ", address);

  return neko_prompt_read_secret (question, error);
}


/* Signing in again to an account that is there gives it a new token. */
NekoExitStatus
neko_account_command_add (const NekoCommand *command,
                          GError           **error)
{
  g_autoptr (NekoAccountStore) accounts = neko_service_options_open_accounts (command->options,
                                                                              error);
  g_autoptr (NekoTokenStore) tokens = neko_service_options_open_tokens (command->options);
  g_autoptr (NekoAccount) account = NULL;
  g_autoptr (NekoSecret) password = NULL;
  const char *address;
  const char *url;

  if (accounts != NULL)
    account = choose_account (accounts, command->arguments[0], command->arguments[1], error);

  if (account == NULL)
    return NEKO_EXIT_FAILED;

  /* As the accounts file spells them. */
  address = neko_account_get_address (account);
  url = neko_account_get_url (account);
  password = ask_for_password (address, error);

  if (password == NULL || !neko_awaited_sign_in (tokens, address, url, password, error))
    return NEKO_EXIT_FAILED;

  if (neko_account_store_find (accounts, address) == NULL &&
      neko_account_store_add (accounts, address, url, error) == NULL)
    return NEKO_EXIT_FAILED;

  tell_instance (address);

  return NEKO_EXIT_DONE;
}


/* A copy that systemd, or what runs a container, made when it started the program. To a user's own file, tokens are added
 * in its folder, whatever its mode. */
static gboolean
is_credential (const char *token_file)
{
  g_autofree char *folder = g_path_get_dirname (token_file);

  return g_access (token_file, R_OK) == 0 && g_access (folder, W_OK) != 0;
}


/**
 * neko_account_command_dup_advice:
 * @token_file: (nullable): where the tokens are, %NULL for the keyring
 *
 * Returns: (transfer full): the command that signs in to an account again, with what else there is to do
 */
char *
neko_account_command_dup_advice (const char *address,
                                 const char *url,
                                 const char *token_file)
{
  g_autofree char *quoted = token_file != NULL ? g_shell_quote (token_file) : NULL;

  if (token_file != NULL && is_credential (token_file))
    return g_strdup_printf ("%s account add %s %s --token-file FILE, where FILE is what its tokens are "
                            "copied from; then start it again", g_get_prgname (), address, url);

  return g_strdup_printf ("%s account add %s %s%s%s", g_get_prgname (), address, url,
                          quoted != NULL ? " --token-file " : "", quoted != NULL ? quoted : "");
}


NekoExitStatus
neko_account_command_list (const NekoCommand *command,
                           GError           **error)
{
  g_autoptr (NekoAccountStore) store = neko_service_options_open_accounts (command->options, error);
  GListModel *accounts = store != NULL ? neko_account_store_get_accounts (store) : NULL;

  if (accounts == NULL)
    return NEKO_EXIT_FAILED;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    printf ("%s\t%s\n", neko_account_get_address (account), neko_account_get_url (account));
  }

  return NEKO_EXIT_DONE;
}


/**
 * neko_account_command_find:
 * @accounts: (nullable): %NULL where they could not be opened, with @error set already
 *
 * Returns: (nullable): the account that the user named, or %NULL with @error set
 */
NekoAccount *
neko_account_command_find (NekoAccountStore *accounts,
                           const char       *address,
                           GError          **error)
{
  NekoAccount *account;

  if (accounts == NULL)
    return NULL;

  account = neko_account_store_find (accounts, address);

  if (account == NULL)
    g_set_error (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_NOT_FOUND,
                 "There is no account %s; %s account list shows them", address, g_get_prgname ());

  return account;
}


NekoExitStatus
neko_account_command_remove (const NekoCommand *command,
                             GError           **error)
{
  g_autoptr (NekoAccountStore) accounts = neko_service_options_open_accounts (command->options,
                                                                              error);
  NekoAccount *account = neko_account_command_find (accounts, command->arguments[0], error);
  g_autoptr (NekoTokenStore) tokens = neko_service_options_open_tokens (command->options);
  g_autoptr (GError) failure = NULL;
  g_autofree char *address = NULL;
  g_autofree char *url = NULL;

  if (account == NULL)
    return NEKO_EXIT_FAILED;

  address = g_strdup (neko_account_get_address (account));
  url = g_strdup (neko_account_get_url (account));

  if (!neko_account_store_remove (accounts, account, error))
    return NEKO_EXIT_FAILED;

  if (!neko_awaited_sign_out (tokens, address, url, &failure))
    fprintf (stderr, "%s: The account is removed, but this device could not be signed out of %s: %s; "
             "revoke it there\n", g_get_prgname (), url, failure->message);

  return NEKO_EXIT_DONE;
}
