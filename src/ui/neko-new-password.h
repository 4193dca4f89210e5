/* neko-new-password.h - a password that is chosen, in two fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean neko_new_password_has_good_length (const char *password);
char    *neko_new_password_explain (const char *password) G_GNUC_WARN_UNUSED_RESULT;
gboolean neko_new_password_is_good (GtkWidget *password_row,
                                    GtkWidget *repeat_row);
char    *neko_new_password_check (GtkWidget *password_row,
                                  GtkWidget *repeat_row) G_GNUC_WARN_UNUSED_RESULT;
void     neko_new_password_mark (GtkWidget *row,
                                 gboolean   is_wrong);

G_END_DECLS
