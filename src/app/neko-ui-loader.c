/* neko-ui-loader.c - gets the window into the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-ui-loader.h"

#include <gmodule.h>

#define MODULE "neko-mail-window.so"


/* Where nothing is installed, as in a build folder, it is beside the program. */
static char *
find_module (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (program != NULL ? program : "/");
  g_autofree char *beside = g_build_filename (folder, MODULE, NULL);

  if (g_file_test (beside, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&beside);

  return g_build_filename (NEKO_MODULE_DIR, MODULE, NULL);
}


static const NekoUi *
get_ui (GModule *module,
        GError **error)
{
  gpointer symbol = NULL;
  const NekoUi *ui;

  if (!g_module_symbol (module, NEKO_UI_SYMBOL, &symbol)) {
    g_set_error_literal (error, G_MODULE_ERROR, G_MODULE_ERROR_FAILED, g_module_error ());
    return NULL;
  }

  ui = symbol;

  /* An update may have replaced the file since this program was started. */
  if (!g_str_equal (ui->version, NEKO_VERSION)) {
    g_set_error (error, G_MODULE_ERROR, G_MODULE_ERROR_FAILED,
                 "it is of version %s and the program of " NEKO_VERSION "; start Neko Mail anew",
                 ui->version);
    return NULL;
  }

  return ui;
}


/**
 * neko_ui_loader_load:
 *
 * Loads the window, and GTK with it, for good: GTK cannot be unloaded.
 *
 * Returns: the window, or %NULL with @error set, which names the file
 */
const NekoUi *
neko_ui_loader_load (GError **error)
{
  g_autofree char *path = find_module ();
  /* All that it needs is looked for now, while its absence can still be told. */
  GModule *module = g_module_open_full (path, G_MODULE_BIND_LOCAL, error);
  const NekoUi *ui = module != NULL ? get_ui (module, error) : NULL;

  if (module != NULL)
    g_module_make_resident (module);

  if (ui == NULL)
    g_prefix_error (error, "the window cannot be loaded from %s: ", path);

  return ui;
}
