/* neko-password-command.c - neko-maild password
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-password-command.h"

#include <stdio.h>

#include "neko-account-command.h"


NekoExitStatus
neko_password_command_new (const NekoCommand *command,
                           GError           **error)
{
  g_autoptr (NekoAccountStore) accounts = neko_service_options_open_accounts (command->options,
                                                                              error);
  NekoAccount *account = neko_account_command_find (accounts, command->arguments[0], error);
  g_autoptr (NekoSecret) password = NULL;

  if (account != NULL)
    password = neko_account_store_add_password (accounts, account, command->arguments[1], error);

  if (password == NULL)
    return NEKO_EXIT_FAILED;

  puts (password);

  if (neko_command_flush (error))
    return NEKO_EXIT_DONE;

  /* Nobody has seen it, and nobody ever will. */
  neko_account_store_remove_password (accounts, account, command->arguments[1], NULL);

  return NEKO_EXIT_FAILED;
}


NekoExitStatus
neko_password_command_list (const NekoCommand *command,
                            GError           **error)
{
  g_autoptr (NekoAccountStore) accounts = neko_service_options_open_accounts (command->options,
                                                                              error);
  NekoAccount *account = neko_account_command_find (accounts, command->arguments[0], error);
  GPtrArray *passwords;

  if (account == NULL)
    return NEKO_EXIT_FAILED;

  passwords = neko_account_get_passwords (account);

  for (guint i = 0; i < passwords->len; i++)
    puts (neko_bridge_password_get_name (g_ptr_array_index (passwords, i)));

  return NEKO_EXIT_DONE;
}


NekoExitStatus
neko_password_command_revoke (const NekoCommand *command,
                              GError           **error)
{
  g_autoptr (NekoAccountStore) accounts = neko_service_options_open_accounts (command->options,
                                                                              error);
  NekoAccount *account = neko_account_command_find (accounts, command->arguments[0], error);

  if (account == NULL ||
      !neko_account_store_remove_password (accounts, account, command->arguments[1], error))
    return NEKO_EXIT_FAILED;

  return NEKO_EXIT_DONE;
}
