/* neko-service-options.c - the command line that neko-mail and neko-maild share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-options.h"

#include "neko-file-token-store.h"
#include "neko-keyring-token-store.h"

struct _NekoServiceOptions {
  char        *token_file; /* (nullable): the keyring keeps the tokens */
  int          pop3_port;  /* -1: as the settings say */
  int          smtp_port;
  GOptionEntry entries[4];
};


/**
 * neko_service_options_new:
 *
 * Returns: (transfer full): options that were not given
 */
NekoServiceOptions *
neko_service_options_new (void)
{
  NekoServiceOptions *self = g_new0 (NekoServiceOptions, 1);
  const GOptionEntry entries[] = {
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &self->token_file,
      "Keep the Worker's tokens in FILE, not in the keyring", "FILE" },
    { "pop3-port", 0, 0, G_OPTION_ARG_INT, &self->pop3_port,
      "Serve POP3 on PORT (0 for any that is free)", "PORT" },
    { "smtp-port", 0, 0, G_OPTION_ARG_INT, &self->smtp_port,
      "Serve SMTP on PORT (0 for any that is free)", "PORT" },
    G_OPTION_ENTRY_NULL
  };

  G_STATIC_ASSERT (sizeof entries == sizeof self->entries);

  memcpy (self->entries, entries, sizeof entries);
  self->pop3_port = -1;
  self->smtp_port = -1;

  return self;
}


void
neko_service_options_free (NekoServiceOptions *self)
{
  if (self == NULL)
    return;

  g_free (self->token_file);
  g_free (self);
}


/**
 * neko_service_options_get_entries:
 *
 * Returns: entries for a #GOptionContext, which fills in @self
 */
const GOptionEntry *
neko_service_options_get_entries (NekoServiceOptions *self)
{
  return self->entries;
}


/**
 * neko_service_options_open_accounts:
 *
 * Returns: (transfer full): the accounts of this user, or %NULL with @error set
 */
NekoAccountStore *
neko_service_options_open_accounts (NekoServiceOptions *self,
                                    GError            **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "neko-mail", NULL);

  return neko_account_store_open (folder, error);
}


/**
 * neko_service_options_open_tokens:
 *
 * Returns: (transfer full): where the Worker's tokens are kept
 */
NekoTokenStore *
neko_service_options_open_tokens (NekoServiceOptions *self)
{
  if (self->token_file != NULL)
    return NEKO_TOKEN_STORE (neko_file_token_store_new (self->token_file));

  return NEKO_TOKEN_STORE (neko_keyring_token_store_new ());
}


static gboolean
choose_port (int         option,
             const char *key,
             guint16    *port,
             GError    **error)
{
  g_autoptr (GSettings) settings = NULL;

  if (option > G_MAXUINT16 || option < -1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "There is no port %d; choose one from 1 to 65535", option);
    return FALSE;
  }

  if (option >= 0) {
    *port = option;
    return TRUE;
  }

  settings = g_settings_new (NEKO_APPLICATION_ID);
  *port = g_settings_get_uint (settings, key);

  return TRUE;
}


/**
 * neko_service_options_create:
 *
 * Returns: (transfer full): a service as the options and the settings say, or %NULL with @error set
 */
NekoService *
neko_service_options_create (NekoServiceOptions *self,
                             GError            **error)
{
  g_autoptr (NekoAccountStore) accounts = NULL;
  g_autoptr (NekoTokenStore) tokens = NULL;
  guint16 pop3_port;
  guint16 smtp_port;

  if (!choose_port (self->pop3_port, "pop3-port", &pop3_port, error) ||
      !choose_port (self->smtp_port, "smtp-port", &smtp_port, error))
    return NULL;

  accounts = neko_service_options_open_accounts (self, error);

  if (accounts == NULL)
    return NULL;

  tokens = neko_service_options_open_tokens (self);

  return neko_service_new (accounts, tokens, pop3_port, smtp_port);
}
