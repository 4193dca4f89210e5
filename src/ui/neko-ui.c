/* neko-ui.c - the window as the program gets at it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-ui.h"

#include <gmodule.h>

#include "neko-window.h"

extern const NekoUi neko_ui;


static gboolean
init (void)
{
  /* Wayland's application id, by which the desktop finds the icon. */
  g_set_prgname (NEKO_APPLICATION_ID);

  if (!gtk_init_check ())
    return FALSE;

  adw_init ();

  return TRUE;
}


static void
present (NekoWindow *window)
{
  gtk_window_present (GTK_WINDOW (window));
}


static void
destroy (NekoWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
}


G_MODULE_EXPORT const NekoUi neko_ui = {
  .version = NEKO_VERSION,
  .init = init,
  .create_window = neko_window_new,
  .present = present,
  .destroy = destroy,
};
