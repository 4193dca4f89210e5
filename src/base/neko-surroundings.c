/* neko-surroundings.c - where this program is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-surroundings.h"

/**
 * neko_surroundings_are_flatpak:
 *
 * Returns: whether it is in a sandbox of Flatpak, from inside which the desktop is reached by its portals alone
 */
gboolean
neko_surroundings_are_flatpak (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}


/**
 * neko_surroundings_find_program:
 *
 * Returns: (transfer full) (nullable): the path of the program of that name in the folder that this one is in, as in a build
 *   folder
 */
char *
neko_surroundings_find_program (const char *name)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : "/");
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&path) : NULL;
}
