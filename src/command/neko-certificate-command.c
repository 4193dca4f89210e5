/* neko-certificate-command.c - neko-maild certificate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-certificate-command.h"

#include <stdio.h>


/**
 * neko_certificate_command_open:
 *
 * Opens it as the service would, so that what is shown is what mail programs will see.
 *
 * Returns: (transfer full): the certificate, or %NULL with @error set
 */
NekoCertificate *
neko_certificate_command_open (NekoServiceOptions *options,
                               GError            **error)
{
  g_autoptr (NekoServiceSettings) settings = neko_service_options_open_settings (options, error);
  g_autoptr (NekoCertificate) certificate = neko_service_options_open_certificate (options);
  g_autofree char *address = NULL;

  if (settings == NULL)
    return NULL;

  address = neko_service_settings_dup_address (settings);

  if ((address != NULL && !neko_service_settings_check_address (address, error)) ||
      !neko_certificate_open (certificate, address, error))
    return NULL;

  return g_steal_pointer (&certificate);
}


NekoExitStatus
neko_certificate_command_show (const NekoCommand *command,
                               GError           **error)
{
  g_autoptr (NekoCertificate) certificate = neko_certificate_command_open (command->options, error);
  GTlsCertificate *tls;
  g_autofree char *subject = NULL;
  g_autofree char *fingerprint = NULL;
  g_auto (GStrv) names = NULL;
  g_autofree char *name_list = NULL;
  g_autoptr (GDateTime) end = NULL;
  g_autofree char *end_text = NULL;

  if (certificate == NULL)
    return NEKO_EXIT_FAILED;

  tls = neko_certificate_get_tls (certificate);
  subject = g_tls_certificate_get_subject_name (tls);
  fingerprint = neko_certificate_dup_fingerprint (certificate);
  names = neko_certificate_dup_names (certificate);
  name_list = g_strjoinv (", ", names);
  end = g_tls_certificate_get_not_valid_after (tls);
  end_text = g_date_time_format (end, "%Y-%m-%d %H:%M UTC");

  printf ("Subject: %s\n", subject);
  printf ("Names: %s\n", name_list);
  printf ("SHA-256 fingerprint: %s\n", fingerprint);
  printf ("Valid until: %s\n", end_text);
  printf ("File: %s\n", neko_certificate_get_path (certificate));

  return NEKO_EXIT_DONE;
}


NekoExitStatus
neko_certificate_command_export (const NekoCommand *command,
                                 GError           **error)
{
  const char *file = command->arguments[0];
  g_autoptr (NekoCertificate) certificate = neko_certificate_command_open (command->options, error);
  g_autofree char *pem = NULL;

  if (certificate == NULL)
    return NEKO_EXIT_FAILED;

  pem = neko_certificate_dup_pem (certificate);

  if (file == NULL) {
    fputs (pem, stdout);
    return NEKO_EXIT_DONE;
  }

  /* Nobody wants to lose the key by writing over the file that has it. */
  if (g_file_test (file, G_FILE_TEST_EXISTS)) {
    g_set_error (error, NEKO_COMMAND_ERROR, NEKO_COMMAND_ERROR_EXISTS,
                 "There is a file %s already", file);
    return NEKO_EXIT_FAILED;
  }

  return g_file_set_contents (file, pem, -1, error) ? NEKO_EXIT_DONE : NEKO_EXIT_FAILED;
}
