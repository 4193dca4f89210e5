/* neko-window-main.c - neko-mail-window, which neko-mail starts to show its window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>

#include "neko-window-application.h"

/* As long as somebody who closed it may think of something else. */
#define DEFAULT_SECONDS 120


int
main (int   argc,
      char *argv[])
{
  g_autoptr (NekoWindowApplication) application = NULL;

  /* libsoup 3.2 loses requests over HTTP/2 where the other side closes the connection. */
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, NEKO_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (argc < 2 || argc > 3 || !g_application_id_is_valid (argv[1])) {
    g_printerr ("This is the window of Neko Mail; neko-mail shows it.\n");
    return EXIT_FAILURE;
  }

  /* Wayland's application id, by which the desktop finds the icon. */
  g_set_prgname (NEKO_APPLICATION_ID);
  application = neko_window_application_new (argv[1], argc > 2 ? atoi (argv[2]) : DEFAULT_SECONDS);

  return neko_window_application_run (application);
}
