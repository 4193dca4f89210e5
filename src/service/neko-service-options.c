/* neko-service-options.c - the command line that neko-mail and neko-maild share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-service-options.h"

#include "neko-file-token-store.h"
#include "neko-keyring-token-store.h"

#define NOT_GIVEN (-1)

struct _NekoServiceOptions {
  char        *token_file;     /* (nullable): the keyring keeps the tokens */
  char        *listen_address; /* (nullable): as the settings say */
  int          pop3_port;
  int          smtp_port;
  int          pop3s_port;
  int          smtps_port;
  int          spool_size;
  gboolean     has_tls;
  GOptionEntry entries[10];
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
    { "pop3s-port", 0, 0, G_OPTION_ARG_INT, &self->pop3s_port,
      "Serve POP3 inside TLS on PORT", "PORT" },
    { "smtps-port", 0, 0, G_OPTION_ARG_INT, &self->smtps_port,
      "Serve SMTP inside TLS on PORT", "PORT" },
    { "tls", 0, 0, G_OPTION_ARG_NONE, &self->has_tls,
      "Offer TLS on this computer too", NULL },
    { "no-tls", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &self->has_tls,
      "Offer TLS to other computers only", NULL },
    { "listen-address", 0, 0, G_OPTION_ARG_STRING, &self->listen_address,
      "Let other computers come in by ADDRESS, with TLS (0.0.0.0 or :: for all of this one)",
      "ADDRESS" },
    { "spool-size", 0, 0, G_OPTION_ARG_INT, &self->spool_size,
      "Keep at most SIZE MiB of messages on the disk (0 for none)", "SIZE" },
    G_OPTION_ENTRY_NULL
  };

  G_STATIC_ASSERT (sizeof entries == sizeof self->entries);

  memcpy (self->entries, entries, sizeof entries);
  self->pop3_port = NOT_GIVEN;
  self->smtp_port = NOT_GIVEN;
  self->pop3s_port = NOT_GIVEN;
  self->smtps_port = NOT_GIVEN;
  self->spool_size = NOT_GIVEN;
  self->has_tls = NOT_GIVEN;

  return self;
}


void
neko_service_options_free (NekoServiceOptions *self)
{
  if (self == NULL)
    return;

  g_free (self->token_file);
  g_free (self->listen_address);
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


/* What systemd hands over with LoadCredential=tokens:FILE, or out of an encrypted file. It is read-only, which is
 * enough: tokens are stored by commands, never by a program that serves. */
static char *
dup_credential (void)
{
  const char *folder = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "tokens", NULL) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}


/**
 * neko_service_options_dup_token_file:
 *
 * Returns: (transfer full) (nullable): the absolute path of the file that keeps the tokens; %NULL for the
 *   keyring
 */
char *
neko_service_options_dup_token_file (NekoServiceOptions *self)
{
  return self->token_file != NULL ? g_canonicalize_filename (self->token_file, NULL) : dup_credential ();
}


/**
 * neko_service_options_set_token_file:
 *
 * As --token-file does, which counts more.
 */
void
neko_service_options_set_token_file (NekoServiceOptions *self,
                                     const char         *path)
{
  if (self->token_file == NULL)
    self->token_file = g_strdup (path);
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
  g_autofree char *path = neko_service_options_dup_token_file (self);

  if (path != NULL)
    return NEKO_TOKEN_STORE (neko_file_token_store_new (path));

  return NEKO_TOKEN_STORE (neko_keyring_token_store_new ());
}


/**
 * neko_service_options_open_certificate:
 *
 * Returns: (transfer full): the certificate of this user, not opened yet
 */
NekoCertificate *
neko_service_options_open_certificate (NekoServiceOptions *self)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "neko-mail", NULL);

  return neko_certificate_new (folder);
}


static gboolean
override_number (NekoServiceSettings *settings,
                 const char          *key,
                 int                  option,
                 int                  maximum,
                 GError             **error)
{
  if (option == NOT_GIVEN)
    return TRUE;

  if (option < 0 || option > maximum) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--%s cannot be %d; choose from 0 to %d", key, option, maximum);
    return FALSE;
  }

  neko_service_settings_override (settings, key, g_variant_new_uint32 (option));

  return TRUE;
}


static gboolean
override_address (NekoServiceSettings *settings,
                  const char          *option,
                  GError             **error)
{
  if (option == NULL)
    return TRUE;

  if (*option != '\0' && !neko_service_settings_check_address (option, error))
    return FALSE;

  neko_service_settings_override (settings, NEKO_SETTING_LISTEN_ADDRESS,
                                  g_variant_new_string (option));

  return TRUE;
}


/**
 * neko_service_options_open_settings:
 *
 * Returns: (transfer full): the settings of this user, under the options; or %NULL with @error set
 */
NekoServiceSettings *
neko_service_options_open_settings (NekoServiceOptions *self,
                                    GError            **error)
{
  g_autoptr (NekoServiceSettings) settings = neko_service_settings_new ();

  if (!override_number (settings, NEKO_SETTING_POP3_PORT, self->pop3_port, G_MAXUINT16, error) ||
      !override_number (settings, NEKO_SETTING_SMTP_PORT, self->smtp_port, G_MAXUINT16, error) ||
      !override_number (settings, NEKO_SETTING_POP3S_PORT, self->pop3s_port, G_MAXUINT16, error) ||
      !override_number (settings, NEKO_SETTING_SMTPS_PORT, self->smtps_port, G_MAXUINT16, error) ||
      !override_number (settings, NEKO_SETTING_SPOOL_SIZE, self->spool_size,
                        NEKO_SPOOL_SIZE_LIMIT, error) ||
      !override_address (settings, self->listen_address, error))
    return NULL;

  if (self->has_tls != NOT_GIVEN)
    neko_service_settings_override (settings, NEKO_SETTING_TLS,
                                    g_variant_new_boolean (self->has_tls));

  return g_steal_pointer (&settings);
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
  g_autoptr (NekoServiceSettings) settings = neko_service_options_open_settings (self, error);
  g_autoptr (NekoAccountStore) accounts = NULL;
  g_autoptr (NekoTokenStore) tokens = NULL;
  g_autoptr (NekoCertificate) certificate = NULL;
  g_autoptr (NekoStatistics) statistics = NULL;
  g_autoptr (NekoService) service = NULL;
  g_autofree char *path = NULL;

  if (settings == NULL)
    return NULL;

  accounts = neko_service_options_open_accounts (self, error);

  if (accounts == NULL)
    return NULL;

  tokens = neko_service_options_open_tokens (self);
  certificate = neko_service_options_open_certificate (self);

  service = neko_service_new (accounts, tokens, settings, certificate);
  path = g_build_filename (g_get_user_state_dir (), "neko-mail", "statistics.ini", NULL);
  statistics = neko_statistics_new (path, NULL);
  neko_service_set_statistics (service, statistics);

  return g_steal_pointer (&service);
}
