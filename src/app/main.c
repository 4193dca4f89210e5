/* main.c - neko-mail, the program with a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gi18n.h>
#include <locale.h>

#include "neko-application.h"
#include "neko-command-line.h"
#include "neko-log.h"


/* A command is what is neither an option nor the value of one; options may come before it. Where these are
 * wrong, whoever reads them afterwards says so; that is the command if there is one. */
static gboolean
has_command (char **argv)
{
  g_autofree char *application_id = NULL;
  const GOptionEntry entries[] = {
    { "gapplication-app-id", 0, 0, G_OPTION_ARG_STRING, &application_id, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (NekoServiceOptions) options = neko_service_options_new ();
  g_auto (GStrv) words = g_strdupv (argv);
  gboolean is_understood;
  gboolean is_found = FALSE;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  g_option_context_add_main_entries (context, neko_service_options_get_entries (options), NULL);
  g_option_context_add_main_entries (context, entries, NULL);

  is_understood = g_option_context_parse_strv (context, &words, NULL);

  for (size_t i = 1; words[i] != NULL; i++)
    is_found = is_found || (is_understood ? *words[i] != '-' : neko_command_line_is_command (words[i]));

  return is_found;
}


/* It talks to the Neko Mail that runs, and is over before there could be a window. */
static int
run_command (int    argc,
             char **argv)
{
  g_autoptr (NekoCommandLine) command_line = neko_command_line_new ();

  if (!neko_command_line_parse (command_line, &argc, &argv))
    return NEKO_EXIT_USAGE;

  return neko_command_line_run (command_line);
}


int
main (int   argc,
      char *argv[])
{
  g_autoptr (NekoApplication) application = NULL;

  /* libsoup 3.2 loses requests over HTTP/2 where the other side closes the connection. */
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, NEKO_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (has_command (argv))
    return run_command (argc, argv);

  neko_log_start ();
  application = neko_application_new ();

  return neko_application_run (application, argc, argv);
}
