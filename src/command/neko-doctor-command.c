/* neko-doctor-command.c - neko-maild doctor
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-doctor-command.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "neko-certificate-command.h"
#include "neko-instance.h"
#include "neko-json.h"
#include "neko-worker-check.h"

#define GREETING_SECONDS 5
#define NEARLY_FULL 90 /* per cent of a quota */
#define MEBIBYTE G_GUINT64_CONSTANT (1048576)

typedef struct {
  NekoServiceOptions  *options;
  NekoServiceSettings *settings;
  NekoTokenStore      *tokens;
  GHashTable          *workers;    /* URL → whether it answered */
  gboolean             is_running; /* a Neko Mail that could be asked */
  unsigned             problems;
} Doctor;


G_GNUC_PRINTF (1, 2)
static void
say_well (const char *format,
          ...)
{
  va_list arguments;

  fputs ("ok       ", stdout);
  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
}


/* @remedy says what to do, in whole words. */
static void
say_problem (Doctor     *self,
             const char *problem,
             const char *remedy)
{
  self->problems++;
  printf ("PROBLEM  %s\n", problem);

  if (remedy != NULL)
    printf ("         → %s\n", remedy);
}


static void
say_error (Doctor       *self,
           const GError *error,
           const char   *remedy)
{
  say_problem (self, error->message, remedy);
}


/* Reads the first octets that a mail program would see. */
static gboolean
read_greeting (guint16  port,
               char    *greeting,
               size_t   size,
               GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  gssize length;

  g_socket_client_set_timeout (client, GREETING_SECONDS);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, error);

  if (connection == NULL)
    return FALSE;

  length = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), greeting,
                                size - 1, NULL, error);
  greeting[MAX (length, 0)] = '\0';

  return length >= 0;
}


static void
check_port (Doctor     *self,
            const char *protocol,
            const char *key,
            const char *expected)
{
  guint16 port = neko_service_settings_get_port (self->settings, key);
  char greeting[64];
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *remedy = NULL;

  /* Any that is free, as tests and containers want it: only the program itself knows which. */
  if (port == 0)
    return;

  if (read_greeting (port, greeting, sizeof greeting, &error) &&
      g_str_has_prefix (greeting, expected)) {
    say_well ("%s answers on port %u", protocol, port);
    return;
  }

  if (error != NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
    problem = g_strdup_printf ("Nothing listens on port %u for %s", port, protocol);
    remedy = g_strdup_printf ("start Neko Mail; if it runs with another port, tell this command with "
                              "--%s PORT", key);
  } else {
    problem = g_strdup_printf ("Another program listens on port %u for %s", port, protocol);
    remedy = g_strdup_printf ("end that program, or choose another port with --%s PORT or gsettings set "
                              NEKO_APPLICATION_ID " %s PORT", key, key);
  }

  say_problem (self, problem, remedy);
}


/* What the program itself says of its ports covers those that the settings do not tell. */
static void
check_listeners (Doctor   *self,
                 GVariant *status)
{
  g_autoptr (GVariant) listeners = g_variant_lookup_value (status, "listeners",
                                                           G_VARIANT_TYPE ("aa{sv}"));

  for (gsize i = 0; listeners != NULL && i < g_variant_n_children (listeners); i++) {
    g_autoptr (GVariant) listener = g_variant_get_child_value (listeners, i);
    const char *protocol = "";
    const char *state = "";
    const char *problem;
    guint64 port = 0;

    g_variant_lookup (listener, "protocol", "&s", &protocol);
    g_variant_lookup (listener, "port", "t", &port);
    g_variant_lookup (listener, "state", "&s", &state);

    if (g_variant_lookup (listener, "problem", "&s", &problem))
      say_problem (self, problem, "change the port or the address in the settings; it is tried again "
                   "by itself");
    else
      say_well ("%s: %s on port %" G_GUINT64_FORMAT, protocol, state, port);
  }
}


static void
check_instance (Doctor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoControl) instance = neko_instance_find (&error);
  g_autoptr (GVariant) status = NULL;
  const char *program = "";

  if (instance != NULL)
    status = neko_instance_get_status (instance, &error);

  if (status == NULL) {
    say_error (self, error, NULL);
    check_port (self, "POP3", NEKO_SETTING_POP3_PORT, "+OK Neko Mail");
    check_port (self, "SMTP", NEKO_SETTING_SMTP_PORT, "220 ");
    return;
  }

  self->is_running = TRUE;
  g_variant_lookup (status, "program", "&s", &program);
  say_well ("%s runs and answers", program);
  check_listeners (self, status);
}


static void
check_certificate (Doctor *self)
{
  g_autofree char *address = neko_service_settings_dup_address (self->settings);
  g_autoptr (NekoCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;

  if (address == NULL && !neko_service_settings_has_tls (self->settings))
    return;

  certificate = neko_certificate_command_open (self->options, &error);

  if (certificate != NULL)
    say_well ("The certificate for TLS can be used");
  else
    say_error (self, error, NULL);
}


static void
check_spool (Doctor *self)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "neko-mail", NULL);
  guint64 limit = neko_service_settings_get_spool_size (self->settings) * MEBIBYTE;
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *problem = NULL;
  guint64 space;

  if (limit == 0)
    return;

  if (g_mkdir_with_parents (folder, 0700) < 0 || g_access (folder, W_OK) < 0) {
    problem = g_strdup_printf ("Nothing can be written to %s, so messages are not read ahead", folder);
    say_problem (self, problem, "let it belong to you: chown and chmod 700");
    return;
  }

  info = g_file_query_filesystem_info (file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, NULL, NULL);
  space = info != NULL
          ? g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE) : limit;

  if (space >= limit) {
    say_well ("There is room for the spool in %s", folder);
    return;
  }

  problem = g_strdup_printf ("The disk is nearly full, there is no room for the spool in %s", folder);
  say_problem (self, problem, "make room, or choose a smaller spool with --spool-size");
}


static gboolean
check_worker (Doctor     *self,
              const char *url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) info = NULL;
  g_autofree char *problem = NULL;
  const char *version;

  if (g_hash_table_contains (self->workers, url))
    return GPOINTER_TO_INT (g_hash_table_lookup (self->workers, url));

  g_hash_table_insert (self->workers, g_strdup (url), GINT_TO_POINTER (FALSE));
  info = neko_worker_check_ask (url, NULL, "v1/info", &error);

  if (info == NULL) {
    problem = g_strdup_printf ("%s: %s", url, error->message);
    say_problem (self, problem,
                 g_network_monitor_get_network_available (g_network_monitor_get_default ())
                 ? "see whether the address is right, and whether a browser opens it"
                 : "connect this computer to a network");
    return FALSE;
  }

  version = neko_json_get_text (info, "version");

  if (version == NULL) {
    problem = g_strdup_printf ("What answers at %s is no Worker of Neko Mail", url);
    say_problem (self, problem, "see whether the address is right");
    return FALSE;
  }

  if (!neko_json_is_true (info, "setupDone")) {
    problem = g_strdup_printf ("The Worker at %s has no admin yet", url);
    say_problem (self, problem, "open it in a browser, it says how to make the first one");
    return FALSE;
  }

  say_well ("The Worker at %s answers, version %s", url, version);
  g_hash_table_insert (self->workers, g_strdup (url), GINT_TO_POINTER (TRUE));

  return TRUE;
}


/* The Worker's self-test, which it makes for admins only. */
static void
check_diagnostics (Doctor     *self,
                   const char *url,
                   const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = neko_worker_check_ask (url, token, "v1/diagnostics", &error);
  JsonNode *node = answer != NULL ? json_object_get_member (answer, "checks") : NULL;
  JsonArray *checks = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  unsigned good = 0;

  if (error != NULL) {
    say_error (self, error, "ask again later: the Worker's self-test did not answer");
    return;
  }

  for (guint i = 0; checks != NULL && i < json_array_get_length (checks); i++) {
    JsonNode *element = json_array_get_element (checks, i);
    JsonObject *check = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
    const char *finding = check != NULL ? neko_json_get_text (check, "finding") : NULL;

    if (finding == NULL)
      continue;

    if (neko_json_is_true (check, "ok"))
      good++;
    else
      say_problem (self, finding, neko_json_get_text (check, "remedy"));
  }

  say_well ("The Worker's self-test: %u well", good);
}


static void
check_mailbox (Doctor      *self,
               NekoAccount *account,
               const char  *token)
{
  const char *url = neko_account_get_url (account);
  const char *address = neko_account_get_address (account);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) profile = neko_worker_check_ask (url, token, "v1/me", &error);
  g_autofree char *problem = NULL;
  g_autofree char *remedy = NULL;
  guint64 size = 0;
  guint64 quota = 0;

  if (profile == NULL) {
    problem = g_strdup_printf ("%s: %s", address, error->message);

    if (g_error_matches (error, NEKO_MAIL_ERROR, NEKO_MAIL_ERROR_SIGN_IN))
      remedy = g_strdup_printf ("%s account add %s %s", g_get_prgname (), address, url);

    say_problem (self, problem, remedy);
    return;
  }

  if (neko_json_get_number (profile, "size", &size) &&
      neko_json_get_number (profile, "quota", &quota) && quota > 0 &&
      size >= quota / 100 * NEARLY_FULL) {
    problem = g_strdup_printf ("The mailbox of %s is nearly full; then mail for it is refused", address);
    say_problem (self, problem, "let a mail program delete old mail from the server, or ask an admin "
                 "for more room");
  } else {
    say_well ("The Worker takes the token of %s", address);
  }

  if (g_strcmp0 (neko_json_get_text (profile, "role"), "admin") == 0)
    check_diagnostics (self, url, token);
}


static void
check_token (Doctor      *self,
             NekoAccount *account)
{
  const char *address = neko_account_get_address (account);
  const char *url = neko_account_get_url (account);
  gboolean is_reachable = check_worker (self, url);
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) token = neko_worker_check_find_token (self->tokens, address, url, &error);
  g_autofree char *problem = NULL;
  g_autofree char *remedy = NULL;

  if (token != NULL) {
    if (is_reachable)
      check_mailbox (self, account, token);

    return;
  }

  problem = g_strdup_printf ("%s: %s", address, error->message);

  if (g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_NO_TOKEN))
    remedy = g_strdup_printf ("%s account add %s %s", g_get_prgname (), address, url);

  say_problem (self, problem, remedy);
}


static void
check_account (Doctor      *self,
               NekoAccount *account)
{
  const char *address = neko_account_get_address (account);
  g_autofree char *problem = NULL;
  g_autofree char *remedy = NULL;

  check_token (self, account);

  if (neko_account_get_passwords (account)->len > 0)
    return;

  problem = g_strdup_printf ("No mail program can log in as %s yet", address);
  remedy = g_strdup_printf ("%s password new %s NAME, with the mail program's name", g_get_prgname (),
                            address);
  say_problem (self, problem, remedy);
}


static void
check_accounts (Doctor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoAccountStore) store = neko_service_options_open_accounts (self->options, &error);
  GListModel *accounts;
  g_autofree char *remedy = NULL;

  if (store == NULL) {
    say_error (self, error, NULL);
    return;
  }

  accounts = neko_account_store_get_accounts (store);

  if (g_list_model_get_n_items (accounts) == 0) {
    remedy = g_strdup_printf ("%s account add ADDRESS URL", g_get_prgname ());
    say_problem (self, "There is no account", remedy);
  }

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (NekoAccount) account = g_list_model_get_item (accounts, i);

    check_account (self, account);
  }
}


/**
 * neko_doctor_command_run:
 *
 * Looks at what mail depends on, from this computer to the Worker, and says what to do.
 *
 * Returns: %NEKO_EXIT_FAILED where there are problems
 */
NekoExitStatus
neko_doctor_command_run (const NekoCommand *command,
                         GError           **error)
{
  g_autoptr (NekoServiceSettings) settings = neko_service_options_open_settings (command->options,
                                                                                 error);
  g_autoptr (NekoTokenStore) tokens = NULL;
  g_autoptr (GHashTable) workers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Doctor self = { 0 };

  if (settings == NULL)
    return NEKO_EXIT_FAILED;

  tokens = neko_service_options_open_tokens (command->options);
  self.options = command->options;
  self.settings = settings;
  self.tokens = tokens;
  self.workers = workers;
  check_instance (&self);
  check_certificate (&self);
  check_spool (&self);
  check_accounts (&self);

  return self.problems == 0 ? NEKO_EXIT_DONE : NEKO_EXIT_FAILED;
}
