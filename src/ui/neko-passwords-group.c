/* neko-passwords-group.c - the bridge passwords of an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-passwords-group.h"

#include <glib/gi18n.h>

#include "neko-account-text.h"
#include "neko-connect-page.h"
#include "neko-error-text.h"
#include "neko-remove-button.h"
#include "neko-window.h"

struct _NekoPasswordsGroup {
  AdwPreferencesGroup parent_instance;

  NekoModel          *model;
  NekoAccountItem    *item;
  GtkWidget          *connect_row;
  GPtrArray          *rows;   /* GtkWidget, borrowed, one for each password */
};

G_DEFINE_FINAL_TYPE (NekoPasswordsGroup, neko_passwords_group, ADW_TYPE_PREFERENCES_GROUP)


static const char *
get_name (GtkWidget *row)
{
  return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));
}


static void
show_use (NekoPasswordsGroup *self,
          GtkWidget          *row)
{
  gint64 use = neko_account_item_get_password_use (self->item, get_name (row));
  g_autofree char *time = neko_account_text_dup_time (use);
  g_autofree char *text = NULL;

  /* Translators: %s is a time, or a day */
  text = use > 0 ? g_strdup_printf (_ ("Last used: %s"), time) : g_strdup (_ ("Not used yet"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
}


/* The mail program is refused from now on; another password is soon made. */
static void
revoke_cb (GtkWidget          *button,
           NekoPasswordsGroup *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);
  g_autofree char *name = g_strdup (get_name (row));
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (neko_account_store_remove_password (neko_model_get_store (self->model),
                                          neko_account_item_get_account (self->item), name, &error))
    /* Translators: %s is a mail program */
    text = g_strdup_printf (_ ("The password for %s does not work any more"), name);
  else
    text = neko_error_text (error);

  neko_window_toast (GTK_WIDGET (self), text);
}


static void
add_row (NekoPasswordsGroup *self,
         const char         *name)
{
  GtkWidget *row = adw_action_row_new ();
  /* Translators: %s is a mail program */
  g_autofree char *label = g_strdup_printf (_ ("Revoke the Password for %s"), name);
  GtkWidget *button = neko_remove_button_new (label);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_signal_connect_object (button, "clicked", G_CALLBACK (revoke_cb), self, 0);
  show_use (self, row);
  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
}


static void
show_passwords (NekoPasswordsGroup *self)
{
  GPtrArray *passwords = neko_account_get_passwords (neko_account_item_get_account (self->item));

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));

  g_ptr_array_set_size (self->rows, 0);

  for (guint i = 0; i < passwords->len; i++)
    add_row (self, neko_bridge_password_get_name (g_ptr_array_index (passwords, i)));
}


static void
item_changed_cb (NekoPasswordsGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    show_use (self, g_ptr_array_index (self->rows, i));
}


static void
connect_cb (NekoPasswordsGroup *self)
{
  neko_window_push (GTK_WIDGET (self), neko_connect_page_new (self->model, self->item));
}


/**
 * neko_passwords_group_set_account:
 *
 * Shows the bridge passwords of @item, and follows them.
 */
void
neko_passwords_group_set_account (NekoPasswordsGroup *self,
                                  NekoModel          *model,
                                  NekoAccountItem    *item)
{
  g_return_if_fail (NEKO_IS_PASSWORDS_GROUP (self));
  g_return_if_fail (self->item == NULL);

  self->model = g_object_ref (model);
  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (neko_account_item_get_account (item), "passwords-changed",
                           G_CALLBACK (show_passwords), self, G_CONNECT_SWAPPED);
  show_passwords (self);
}


static void
neko_passwords_group_dispose (GObject *object)
{
  NekoPasswordsGroup *self = NEKO_PASSWORDS_GROUP (object);

  g_clear_object (&self->model);
  g_clear_object (&self->item);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (neko_passwords_group_parent_class)->dispose (object);
}


static void
neko_passwords_group_class_init (NekoPasswordsGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_passwords_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-passwords-group.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoPasswordsGroup, connect_row);
  gtk_widget_class_bind_template_callback (widget_class, connect_cb);
}


static void
neko_passwords_group_init (NekoPasswordsGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
}
