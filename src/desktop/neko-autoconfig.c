/* neko-autoconfig.c - lets Thunderbird on this computer find the settings of an account by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE /* memfd_create() */

#include "neko-autoconfig.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What pkexec ends with where the user is not allowed to, or closed its question. */
#define PKEXEC_DISMISSED 126
#define PKEXEC_REFUSED 127

/* Thunderbird looks for isp/DOMAIN.xml beside its program, before it asks the network. What a domain publishes
 * is read by every mail program anywhere, a telephone's too, which would look for these servers on itself. */
static const char *const folders[] = {
  "/usr/lib/thunderbird/isp",
  "/usr/lib64/thunderbird/isp",
  "/usr/share/thunderbird/isp",
  "/opt/thunderbird/isp",
};


/* Names of files are made of it. */
static gboolean
is_domain (const char *domain)
{
  return *domain != '\0' && *domain != '.' &&
         domain[strspn (domain, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")] == '\0';
}


/**
 * neko_autoconfig_dup_text:
 * @domain: of the mail address
 *
 * Returns: (transfer full) (nullable): what Thunderbird calls a client configuration of version 1.1; %NULL where
 *   @domain is none
 */
char *
neko_autoconfig_dup_text (const char *domain,
                          unsigned    pop3_port,
                          unsigned    smtp_port)
{
  if (!is_domain (domain))
    return NULL;

  return g_strdup_printf ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                          "<clientConfig version=\"1.1\">\n"
                          "  <emailProvider id=\"%s\">\n"
                          "    <domain>%s</domain>\n"
                          "    <displayName>%s (Neko Mail)</displayName>\n"
                          "    <displayShortName>Neko Mail</displayShortName>\n"
                          "    <incomingServer type=\"pop3\">\n"
                          "      <hostname>127.0.0.1</hostname>\n"
                          "      <port>%u</port>\n"
                          "      <socketType>plain</socketType>\n"
                          "      <username>%%EMAILADDRESS%%</username>\n"
                          "      <authentication>password-cleartext</authentication>\n"
                          "    </incomingServer>\n"
                          "    <outgoingServer type=\"smtp\">\n"
                          "      <hostname>127.0.0.1</hostname>\n"
                          "      <port>%u</port>\n"
                          "      <socketType>plain</socketType>\n"
                          "      <username>%%EMAILADDRESS%%</username>\n"
                          "      <authentication>password-cleartext</authentication>\n"
                          "      <useGlobalPreferredServer>false</useGlobalPreferredServer>\n"
                          "    </outgoingServer>\n"
                          "  </emailProvider>\n"
                          "</clientConfig>\n",
                          domain, domain, domain, pop3_port, smtp_port);
}


/* Where the program that is started by its name really lies. */
static char *
find_beside_program (void)
{
  g_autofree char *program = g_find_program_in_path ("thunderbird");
  g_autofree char *real = program != NULL ? realpath (program, NULL) : NULL;
  g_autofree char *folder = real != NULL ? g_path_get_dirname (real) : NULL;
  g_autofree char *library = folder != NULL ? g_build_filename (folder, "omni.ja", NULL) : NULL;

  if (library == NULL || !g_file_test (library, G_FILE_TEST_EXISTS))
    return NULL;

  return g_build_filename (folder, "isp", NULL);
}


/**
 * neko_autoconfig_find_folder:
 *
 * Returns: (transfer full) (nullable): where Thunderbird looks; %NULL where it is not here, or in a sandbox
 */
char *
neko_autoconfig_find_folder (void)
{
  char *beside = find_beside_program ();

  if (beside != NULL)
    return beside;

  for (size_t i = 0; i < G_N_ELEMENTS (folders); i++) {
    if (g_file_test (folders[i], G_FILE_TEST_IS_DIR))
      return g_strdup (folders[i]);
  }

  return NULL;
}


static char *
dup_path (const char *folder,
          const char *domain)
{
  g_autofree char *name = g_strconcat (domain, ".xml", NULL);

  return g_build_filename (folder, name, NULL);
}


/**
 * neko_autoconfig_has:
 * @text: as neko_autoconfig_dup_text() gave it
 *
 * Returns: whether Thunderbird finds just that already
 */
gboolean
neko_autoconfig_has (const char *folder,
                     const char *domain,
                     const char *text)
{
  g_autofree char *path = dup_path (folder, domain);
  g_autofree char *present = NULL;

  return g_file_get_contents (path, &present, NULL, NULL) && g_str_equal (present, text);
}


static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}


static void
installed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GSubprocess *process = G_SUBPROCESS (source);
  g_autofree char *output = NULL;
  GError *error = NULL;
  int status;

  if (!g_subprocess_communicate_utf8_finish (process, result, NULL, &output, &error)) {
    g_task_return_error (task, error);
    return;
  }

  status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;

  if (status == 0)
    g_task_return_boolean (task, TRUE);
  else if (status == PKEXEC_DISMISSED || status == PKEXEC_REFUSED)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                             "That was not allowed");
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", g_strchomp (output));
}


/* Returns: a file without a name that has @text in it, or -1 with @error set. A pipe would break where whoever
 * should read it was refused. */
static int
open_text (const char *text,
           GError    **error)
{
  size_t length = strlen (text);
  int descriptor = memfd_create ("autoconfig", MFD_CLOEXEC);
  int reason;

  if (descriptor >= 0 && write (descriptor, text, length) == (ssize_t) length &&
      lseek (descriptor, 0, SEEK_SET) == 0)
    return descriptor;

  reason = errno;
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (reason), g_strerror (reason));

  if (descriptor >= 0)
    close (descriptor);

  return -1;
}


/* The folder belongs to the system: the desktop asks the user for a password. The text is handed over open, so no
 * file of the user's is read with more rights than the user has. */
static GSubprocess *
install_as_root (const char *path,
                 const char *text,
                 GError    **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  int descriptor = open_text (text, error);

  if (descriptor < 0)
    return NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_take_stdin_fd (launcher, descriptor);

  return g_subprocess_launcher_spawn (launcher, error, "pkexec", "install", "-D", "-m", "644", "/dev/stdin", path,
                                      NULL);
}


/**
 * neko_autoconfig_install_async:
 * @folder: as neko_autoconfig_find_folder() found it
 * @text: as neko_autoconfig_dup_text() gave it
 *
 * Puts the settings where Thunderbird finds them. Where the user may not write there, polkit asks.
 */
void
neko_autoconfig_install_async (const char         *folder,
                               const char         *domain,
                               const char         *text,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *path = dup_path (folder, domain);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GSubprocess) process = NULL;
  GError *error = NULL;

  g_return_if_fail (is_domain (domain));

  g_task_set_source_tag (task, neko_autoconfig_install_async);

  if (access (folder, W_OK) == 0) {
    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, cancellable,
                                         written_cb, g_steal_pointer (&task));
    return;
  }

  process = install_as_root (path, text, &error);

  if (process != NULL)
    g_subprocess_communicate_utf8_async (process, NULL, cancellable, installed_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}


/**
 * neko_autoconfig_install_finish:
 *
 * Returns: whether Thunderbird finds them; if not, @error is set, to %G_IO_ERROR_PERMISSION_DENIED where the user
 *   was asked and did not agree
 */
gboolean
neko_autoconfig_install_finish (GAsyncResult *result,
                                GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
