/* neko-new-password.c - a password that is chosen, in two fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-new-password.h"

#include <glib/gi18n.h>

#include "neko-remote-error.h"


static const char *
get_text (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}


/**
 * neko_new_password_has_good_length:
 *
 * Returns: whether the Worker takes such a password
 */
gboolean
neko_new_password_has_good_length (const char *password)
{
  glong length = g_utf8_strlen (password, -1);

  return length >= NEKO_REMOTE_PASSWORD_MIN && length <= NEKO_REMOTE_PASSWORD_MAX;
}


/**
 * neko_new_password_explain:
 *
 * Returns: (transfer full) (nullable): why the Worker does not take such a password, %NULL where it does
 */
char *
neko_new_password_explain (const char *password)
{
  if (neko_new_password_has_good_length (password))
    return NULL;

  return g_strdup_printf (ngettext ("A password has at least %d character", "A password has at least %d characters",
                                    NEKO_REMOTE_PASSWORD_MIN), NEKO_REMOTE_PASSWORD_MIN);
}


/**
 * neko_new_password_is_good:
 *
 * Returns: whether the Worker takes it, and both fields have the same
 */
gboolean
neko_new_password_is_good (GtkWidget *password_row,
                           GtkWidget *repeat_row)
{
  return neko_new_password_has_good_length (get_text (password_row)) &&
         g_str_equal (get_text (password_row), get_text (repeat_row));
}


/**
 * neko_new_password_mark:
 * @row: a field
 * @is_wrong: whether what is in it cannot be
 */
void
neko_new_password_mark (GtkWidget *row,
                        gboolean   is_wrong)
{
  if (is_wrong)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");

  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}


/**
 * neko_new_password_check:
 *
 * Marks the fields that are wrong; what is empty is not yet.
 *
 * Returns: (transfer full) (nullable): what is wrong, %NULL for nothing that can be told yet
 */
char *
neko_new_password_check (GtkWidget *password_row,
                         GtkWidget *repeat_row)
{
  const char *password = get_text (password_row);
  const char *repeated = get_text (repeat_row);
  g_autofree char *problem = *password != '\0' ? neko_new_password_explain (password) : NULL;
  gboolean is_other = problem == NULL && *repeated != '\0' && !g_str_equal (password, repeated);

  neko_new_password_mark (password_row, problem != NULL);
  neko_new_password_mark (repeat_row, is_other);

  return is_other ? g_strdup (_ ("The two passwords are not the same")) : g_steal_pointer (&problem);
}
