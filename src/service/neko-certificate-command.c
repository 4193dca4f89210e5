/* neko-certificate-command.c - neko-maild certificate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-certificate-command.h"

#include <stdio.h>


/* Opens it as the service would, so that what is shown is what mail programs will see. */
static NekoCertificate *
open_certificate (NekoServiceOptions *options,
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


static gboolean
show (NekoCertificate *certificate,
      const char      *file,
      GError         **error)
{
  GTlsCertificate *tls = neko_certificate_get_tls (certificate);
  g_autofree char *subject = g_tls_certificate_get_subject_name (tls);
  g_autofree char *fingerprint = neko_certificate_dup_fingerprint (certificate);
  g_auto (GStrv) names = neko_certificate_dup_names (certificate);
  g_autofree char *name_list = g_strjoinv (", ", names);
  g_autoptr (GDateTime) end = g_tls_certificate_get_not_valid_after (tls);
  g_autofree char *end_text = g_date_time_format (end, "%Y-%m-%d %H:%M UTC");

  printf ("Subject: %s\n", subject);
  printf ("Names: %s\n", name_list);
  printf ("SHA-256 fingerprint: %s\n", fingerprint);
  printf ("Valid until: %s\n", end_text);
  printf ("File: %s\n", neko_certificate_get_path (certificate));

  return TRUE;
}


static gboolean
export (NekoCertificate *certificate,
        const char      *file,
        GError         **error)
{
  g_autofree char *pem = neko_certificate_dup_pem (certificate);

  if (file == NULL) {
    fputs (pem, stdout);
    return TRUE;
  }

  /* Nobody wants to lose the key by writing over the file that has it. */
  if (g_file_test (file, G_FILE_TEST_EXISTS)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "There is a file %s already", file);
    return FALSE;
  }

  return g_file_set_contents (file, pem, -1, error);
}


static const struct {
  const char *verb;
  unsigned    arguments; /* at most */
  gboolean    (*run) (NekoCertificate *certificate,
                      const char      *file,
                      GError         **error);
} commands[] = {
  { "show",   0, show   },
  { "export", 1, export },
};


/**
 * neko_certificate_command_run:
 * @words: (array zero-terminated=1): the command and its arguments
 *
 * Returns: an exit status: 0 for success, 1 for failure, 2 for a command that is not understood
 */
int
neko_certificate_command_run (NekoServiceOptions *options,
                              char              **words)
{
  for (size_t i = 0; words[1] != NULL && i < G_N_ELEMENTS (commands); i++) {
    g_autoptr (NekoCertificate) certificate = NULL;
    g_autoptr (GError) error = NULL;

    if (!g_str_equal (words[1], commands[i].verb) ||
        g_strv_length (words + 2) > commands[i].arguments)
      continue;

    certificate = open_certificate (options, &error);

    if (certificate != NULL && commands[i].run (certificate, words[2], &error))
      return 0;

    fprintf (stderr, "neko-maild: %s\n", error->message);

    return 1;
  }

  fputs ("Usage:\n  neko-maild certificate show\n  neko-maild certificate export [FILE]\n", stderr);

  return 2;
}
