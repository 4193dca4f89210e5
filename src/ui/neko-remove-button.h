/* neko-remove-button.h - a button at the end of a row that takes it away
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *neko_remove_button_new (const char *label);

G_END_DECLS
