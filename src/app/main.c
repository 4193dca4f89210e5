/* main.c - neko-mail, the program with a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gi18n.h>
#include <locale.h>

#include "neko-application.h"
#include "neko-command-line.h"
#include "neko-log.h"


/* A command talks to the Neko Mail that runs, and is over before there could be a window. */
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

  if (argc > 1 && *argv[1] != '-')
    return run_command (argc, argv);

  neko_log_start ();
  application = neko_application_new ();

  return neko_application_run (application, argc, argv);
}
