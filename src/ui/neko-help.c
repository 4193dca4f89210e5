/* neko-help.c - the help, in a browser
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-help.h"

#include <glib/gi18n.h>

#include "neko-surroundings.h"

/* The language that all others are translated from has no name in the file's. */
#define FIRST_LANGUAGE "en"
#define FIRST_FILE "neko-mail.html"


/* Where nothing is installed, as in a build folder, the help is not far from this program. */
static char *
find_folder (void)
{
  g_autofree char *beside = neko_surroundings_find_program ("neko-mail");
  g_autofree char *built = beside != NULL ? g_canonicalize_filename ("../../../data/help", beside) : NULL;

  if (built != NULL && g_file_test (built, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&built);

  return g_strdup (NEKO_HELP_DIR);
}


static char *
find_file (void)
{
  const char *const *languages = g_get_language_names ();
  g_autofree char *folder = find_folder ();

  for (size_t i = 0; languages[i] != NULL && !g_str_equal (languages[i], FIRST_LANGUAGE); i++) {
    g_autofree char *name = g_strdup_printf ("neko-mail.%s.html", languages[i]);
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }

  return g_build_filename (folder, FIRST_FILE, NULL);
}


static void
tell_where (NekoWindow *window,
            const char *path)
{
  /* Translators: %s is the path of a file */
  g_autofree char *text = g_strdup_printf (_ ("No program opens the help. It is in %s"), path);

  neko_window_toast (GTK_WIDGET (window), text);
}


static void
shown_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree char *path = user_data;
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_where (NEKO_WINDOW (source), path);
}


/**
 * neko_help_show:
 *
 * Opens the help in the user's language, in whatever the desktop opens web pages with. Where there is nothing, it
 * says so and where the file is.
 */
void
neko_help_show (NekoWindow *window)
{
  g_autofree char *path = find_file ();
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

  g_return_if_fail (NEKO_IS_WINDOW (window));
  g_return_if_fail (uri != NULL);

  gtk_show_uri_full (GTK_WINDOW (window), uri, GDK_CURRENT_TIME, NULL, shown_cb, g_steal_pointer (&path));
}
