/* neko-account-command.c - neko-maild account and neko-maild password
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-command.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "neko-remote-sign-in.h"

#define PASSWORD_LIMIT 1024

typedef struct {
  NekoAccountStore *accounts;
  NekoTokenStore   *tokens;
  char            **arguments;
  NekoSecret       *token;
  GMainLoop        *loop;
  GError           *error;
} Command;


static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Command *command = user_data;

  neko_token_store_store_finish (NEKO_TOKEN_STORE (source), result, &command->error);
  g_main_loop_quit (command->loop);
}


static void
signed_in_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Command *command = user_data;

  command->token = neko_remote_sign_in_finish (result, &command->error);

  if (command->token == NULL)
    g_main_loop_quit (command->loop);
  else
    neko_token_store_store_async (command->tokens, command->arguments[0], command->arguments[1],
                                  command->token, NULL, stored_cb, command);
}


/* Reads a line from standard input; where that is a terminal, without showing it.  A password in the
 * command line would be seen by everybody on this computer. */
static NekoSecret *
read_password (const char *address)
{
  NekoSecret *password = g_malloc0 (PASSWORD_LIMIT);
  struct termios before;
  gboolean is_terminal = tcgetattr (STDIN_FILENO, &before) == 0;

  if (is_terminal) {
    struct termios silent = before;

    silent.c_lflag &= ~(tcflag_t) ECHO;
    fprintf (stderr, "Password of %s on the Worker: ", address);
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
  }

  if (fgets (password, PASSWORD_LIMIT, stdin) == NULL)
    *password = '\0';

  if (is_terminal) {
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
    fputc ('\n', stderr);
  }

  password[strcspn (password, "\r\n")] = '\0';

  return password;
}


/* Signing in again to an account that is there gives it a new token. */
static gboolean
add_account (Command *command)
{
  const char *address = command->arguments[0];
  const char *url = command->arguments[1];
  g_autoptr (NekoAccount) checked = neko_account_new (address, url, &command->error);
  g_autoptr (NekoSecret) password = NULL;
  g_autofree char *device = NULL;

  if (checked == NULL)
    return FALSE;

  /* From here on as the accounts file spells it. */
  g_free (command->arguments[0]);
  command->arguments[0] = g_strdup (neko_account_get_address (checked));
  password = read_password (command->arguments[0]);
  device = g_strdup_printf ("Neko Mail on %s", g_get_host_name ());
  neko_remote_sign_in_async (url, command->arguments[0], password, device, NULL, signed_in_cb,
                             command);
  g_main_loop_run (command->loop);

  if (command->error != NULL)
    return FALSE;

  return neko_account_store_find (command->accounts, command->arguments[0]) != NULL ||
         neko_account_store_add (command->accounts, command->arguments[0], url,
                                 &command->error) != NULL;
}


static gboolean
list_accounts (Command *command)
{
  GListModel *accounts = neko_account_store_get_accounts (command->accounts);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    printf ("%s\t%s\n", neko_account_get_address (account), neko_account_get_url (account));
  }

  return TRUE;
}


static NekoAccount *
find_account (Command *command)
{
  NekoAccount *account = neko_account_store_find (command->accounts, command->arguments[0]);

  if (account == NULL)
    g_set_error (&command->error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_INVALID,
                 "There is no account %s; neko-maild account list shows them",
                 command->arguments[0]);

  return account;
}


static gboolean
remove_account (Command *command)
{
  NekoAccount *account = find_account (command);

  return account != NULL &&
         neko_account_store_remove (command->accounts, account, &command->error);
}


static gboolean
new_password (Command *command)
{
  NekoAccount *account = find_account (command);
  g_autoptr (NekoSecret) password = NULL;

  if (account == NULL)
    return FALSE;

  password = neko_account_store_add_password (command->accounts, account, command->arguments[1],
                                              &command->error);

  if (password == NULL)
    return FALSE;

  puts (password);

  return TRUE;
}


static gboolean
list_passwords (Command *command)
{
  NekoAccount *account = find_account (command);
  GPtrArray *passwords;

  if (account == NULL)
    return FALSE;

  passwords = neko_account_get_passwords (account);

  for (guint i = 0; i < passwords->len; i++)
    puts (neko_bridge_password_get_name (g_ptr_array_index (passwords, i)));

  return TRUE;
}


static gboolean
revoke_password (Command *command)
{
  NekoAccount *account = find_account (command);

  return account != NULL &&
         neko_account_store_remove_password (command->accounts, account, command->arguments[1],
                                             &command->error);
}


static const struct {
  const char *noun;
  const char *verb;
  unsigned    arguments;
  gboolean    (*run) (Command *command);
  const char *usage;
} commands[] = {
  { "account",  "add",    2, add_account,     "account add ADDRESS URL"       },
  { "account",  "list",   0, list_accounts,   "account list"                  },
  { "account",  "remove", 1, remove_account,  "account remove ADDRESS"        },
  { "password", "new",    2, new_password,    "password new ADDRESS NAME"     },
  { "password", "list",   1, list_passwords,  "password list ADDRESS"         },
  { "password", "revoke", 2, revoke_password, "password revoke ADDRESS NAME"  },
};


static int
show_usage (void)
{
  fputs ("Usage:\n", stderr);

  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stderr, "  neko-maild %s\n", commands[i].usage);

  return 2;
}


static gboolean
run (NekoServiceOptions *options,
     gboolean (         *function ) (Command *command),
     char              **arguments)
{
  Command command = { 0 };
  gboolean is_done;

  command.arguments = g_strdupv (arguments);
  command.loop = g_main_loop_new (NULL, FALSE);
  command.tokens = neko_service_options_open_tokens (options);
  command.accounts = neko_service_options_open_accounts (options, &command.error);
  is_done = command.accounts != NULL && function (&command);

  if (!is_done)
    fprintf (stderr, "neko-maild: %s\n", command.error->message);

  g_clear_error (&command.error);
  neko_secret_free (command.token);
  g_clear_object (&command.accounts);
  g_object_unref (command.tokens);
  g_main_loop_unref (command.loop);
  g_strfreev (command.arguments);

  return is_done;
}


/**
 * neko_account_command_is_one:
 *
 * Returns: whether @word begins a command about accounts
 */
gboolean
neko_account_command_is_one (const char *word)
{
  return g_str_equal (word, "account") || g_str_equal (word, "password");
}


/**
 * neko_account_command_run:
 * @words: (array zero-terminated=1): the command and its arguments
 *
 * Returns: an exit status: 0 for success, 1 for failure, 2 for a command that is not understood
 */
int
neko_account_command_run (NekoServiceOptions *options,
                          char              **words)
{
  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (!g_str_equal (words[0], commands[i].noun) || g_strcmp0 (words[1], commands[i].verb) != 0)
      continue;

    if (g_strv_length (words + 2) == commands[i].arguments)
      return run (options, commands[i].run, words + 2) ? 0 : 1;
  }

  return show_usage ();
}
