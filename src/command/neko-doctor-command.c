/* neko-doctor-command.c - neko-maild doctor
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-doctor-command.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "neko-certificate-command.h"
#include "neko-doctor.h"
#include "neko-instance.h"

#define GREETING_SECONDS 5


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


/* Returns: whether Neko Mail answers there. */
static gboolean
check_port (NekoDoctor *self,
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
    return FALSE;

  if (read_greeting (port, greeting, sizeof greeting, &error) &&
      g_str_has_prefix (greeting, expected)) {
    neko_doctor_say_well ("%s answers on port %u", protocol, port);
    return TRUE;
  }

  if (error == NULL) {
    problem = g_strdup_printf ("Another program listens on port %u for %s", port, protocol);
    remedy = g_strdup_printf ("end that program, or choose another port with --%s PORT or gsettings set "
                              NEKO_APPLICATION_ID " %s PORT", key, key);
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
    problem = g_strdup_printf ("Nothing listens on port %u for %s", port, protocol);
    remedy = g_strdup_printf ("start Neko Mail; if it runs with another port, tell this command with "
                              "--%s PORT", key);
  } else {
    problem = g_strdup_printf ("What listens on port %u for %s does not answer: %s", port, protocol,
                               error->message);
    remedy = g_strdup ("if it is Neko Mail, end it and start it anew");
  }

  neko_doctor_say_problem (self, problem, remedy);

  return FALSE;
}


/* Where there is no bus, as on a server, mail may go well all the same. */
static void
check_ports (NekoDoctor   *self,
             const GError *reason)
{
  gboolean has_pop3 = check_port (self, "POP3", NEKO_SETTING_POP3_PORT, "+OK Neko Mail");
  gboolean has_smtp = check_port (self, "SMTP", NEKO_SETTING_SMTP_PORT, "220 localhost ESMTP Neko Mail");

  if (has_pop3 && has_smtp)
    neko_doctor_say_well ("Mail programs are served, but how that goes cannot be asked: %s",
                          reason->message);
  else
    neko_doctor_say_problem (self, reason->message, NULL);
}


/* What the program itself says of its ports covers those that the settings do not tell. */
static void
check_listener (NekoDoctor *self,
                GVariant   *listener)
{
  const char *protocol = "";
  const char *state = "";
  const char *problem = NULL;
  const char *remedy = NULL;
  guint64 port = 0;
  g_autofree char *text = NULL;

  g_variant_lookup (listener, "protocol", "&s", &protocol);
  g_variant_lookup (listener, "port", "t", &port);
  g_variant_lookup (listener, "state", "&s", &state);
  g_variant_lookup (listener, "problem", "&s", &problem);

  if (g_str_equal (state, "listening")) {
    neko_doctor_say_well ("%s: listening on port %" G_GUINT64_FORMAT, protocol, port);
    return;
  }

  /* What is wrong with other states, and with the settings, is said with what to do. */
  if (g_str_equal (state, "port-taken"))
    remedy = "choose it in the settings, or by the option that the program was started with; it is "
             "tried again by itself";

  text = g_strdup_printf ("%s: %s", protocol, problem != NULL ? problem : state);
  neko_doctor_say_problem (self, text, remedy);
}


static void
check_listeners (NekoDoctor *self,
                 GVariant   *status)
{
  g_autoptr (GVariant) listeners = g_variant_lookup_value (status, "listeners",
                                                           G_VARIANT_TYPE ("aa{sv}"));
  gboolean is_paused;

  if (g_variant_lookup (status, "paused", "b", &is_paused) && is_paused) {
    g_autofree char *remedy = g_strdup_printf ("%s resume", g_get_prgname ());

    neko_doctor_say_problem (self, "It is paused: no mail program can log in", remedy);
    return;
  }

  for (gsize i = 0; listeners != NULL && i < g_variant_n_children (listeners); i++) {
    g_autoptr (GVariant) listener = g_variant_get_child_value (listeners, i);

    check_listener (self, listener);
  }
}


/* Before anything runs: a program that does says it of its ports. */
static void
check_certificate (NekoDoctor *self)
{
  g_autofree char *address = neko_service_settings_dup_address (self->settings);
  g_autoptr (NekoCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;

  if (address == NULL && !neko_service_settings_has_tls (self->settings))
    return;

  certificate = neko_certificate_command_open (self->options, &error);

  if (certificate != NULL)
    neko_doctor_say_well ("The certificate for TLS can be used");
  else
    neko_doctor_say_problem (self, error->message, NULL);
}


/* Returns: (transfer full) (nullable): what a program that runs says of itself */
static GVariant *
check_instance (NekoDoctor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoControl) instance = neko_instance_find (&error);
  g_autoptr (GVariant) status = NULL;
  const char *program = "";
  const char *token_file;

  if (instance == NULL) {
    check_ports (self, error);
    check_certificate (self);
    return NULL;
  }

  status = neko_instance_get_status (instance, &error);

  if (status == NULL) {
    neko_doctor_say_problem (self, error->message, "end it, and start it anew");
    return NULL;
  }

  g_variant_lookup (status, "program", "&s", &program);
  neko_doctor_say_well ("%s runs and answers", program);
  check_listeners (self, status);

  if (g_variant_lookup (status, "tokenFile", "&s", &token_file))
    neko_service_options_set_token_file (self->options, token_file);

  return g_steal_pointer (&status);
}


/* @status: (nullable): of a program that runs, whose spool may be another one than the settings say */
static void
check_spool (NekoDoctor *self,
             GVariant   *status)
{
  g_autofree char *folder = neko_service_dup_spool_folder ();
  guint64 limit = neko_service_settings_get_spool_size (self->settings) * NEKO_MEBIBYTE;
  guint64 used = 0;
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *problem = NULL;

  if (status != NULL) {
    g_variant_lookup (status, "spoolLimit", "t", &limit);
    g_variant_lookup (status, "spoolOctets", "t", &used);
  }

  if (limit == 0)
    return;

  if (g_mkdir_with_parents (folder, 0700) < 0 || g_access (folder, W_OK) < 0) {
    problem = g_strdup_printf ("Nothing can be written to %s, so messages are not read ahead", folder);
    neko_doctor_say_problem (self, problem, "let it belong to you: chown and chmod 700");
    return;
  }

  info = g_file_query_filesystem_info (file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, NULL, NULL);

  if (info == NULL ||
      g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE) + used >= limit) {
    neko_doctor_say_well ("There is room for the spool in %s", folder);
    return;
  }

  problem = g_strdup_printf ("The disk is nearly full, there is no room for the spool in %s", folder);
  neko_doctor_say_problem (self, problem, "make room, or choose a smaller spool with --spool-size");
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
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GHashTable) workers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) tested = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  NekoDoctor self = { 0 };

  if (settings == NULL)
    return NEKO_EXIT_FAILED;

  self.options = command->options;
  self.settings = settings;
  self.workers = workers;
  self.tested = tested;
  status = check_instance (&self);
  check_spool (&self, status);

  /* The program that runs may have said where they are. */
  tokens = neko_service_options_open_tokens (command->options);
  self.tokens = tokens;
  neko_doctor_check_accounts (&self);

  return self.problems == 0 ? NEKO_EXIT_DONE : NEKO_EXIT_FAILED;
}
