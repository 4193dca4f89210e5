/* neko-add-user-page.c - makes a user
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-add-user-page.h"

#include <glib/gi18n.h>

#include "neko-handover-page.h"
#include "neko-new-password-row.h"
#include "neko-new-password.h"
#include "neko-number-row.h"
#include "neko-secret.h"
#include "neko-size-text.h"
#include "neko-submit-box.h"
#include "neko-window.h"

#define DEFAULT_QUOTA 1024 /* megabytes, as the Worker gives */

struct _NekoAddUserPage {
  NekoSubpage         parent_instance;

  NekoDirectory      *directory;
  GCancellable       *adding;        /* (nullable) */
  NekoSecret         *password;      /* (nullable): of the user that is being added */
  GtkWidget          *address_group;
  GtkWidget          *name_row;
  AdwComboRow        *domain_row;
  GtkStringList      *domains;
  NekoNewPasswordRow *password_row;
  GtkSwitch          *admin_switch;
  NekoNumberRow      *quota_row;
  NekoSubmitBox      *submit_box;
};

G_DEFINE_FINAL_TYPE (NekoAddUserPage, neko_add_user_page, NEKO_TYPE_SUBPAGE)


/* Whoever enters a whole address means that one. */
static char *
dup_address (NekoAddUserPage *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  const char *domain = gtk_string_list_get_string (self->domains, adw_combo_row_get_selected (self->domain_row));

  if (*name == '\0' || domain == NULL || strchr (name, '@') != NULL)
    return g_steal_pointer (&name);

  return g_strconcat (name, "@", domain, NULL);
}


static gboolean
is_complete (NekoAddUserPage *self)
{
  g_autofree char *address = dup_address (self);
  guint64 quota;

  return *address != '\0' && neko_new_password_row_is_good (self->password_row) &&
         neko_number_row_get_value (self->quota_row, &quota);
}


static void
changed_cb (NekoAddUserPage *self)
{
  g_autofree char *address = dup_address (self);
  g_autofree char *markup = g_markup_escape_text (address, -1);
  g_autofree char *problem = NULL;

  /* The template sets things before it is complete. */
  if (self->directory == NULL)
    return;

  gtk_widget_set_sensitive (GTK_WIDGET (self->domain_row),
                            strchr (gtk_editable_get_text (GTK_EDITABLE (self->name_row)), '@') == NULL);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->address_group), markup);

  problem = neko_new_password_explain (neko_new_password_row_get_password (self->password_row));
  neko_submit_box_set_problem (self->submit_box, problem);
  neko_submit_box_set_ready (self->submit_box, is_complete (self));
}


static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (NekoAddUserPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoRemoteUser) user = neko_remote_users_create_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->adding);
  neko_submit_box_set_busy (self->submit_box, FALSE);

  if (user == NULL) {
    g_autofree char *text = neko_directory_explain (self->directory, error);

    neko_submit_box_set_problem (self->submit_box, text);
    return;
  }

  neko_directory_take_user (self->directory, user);
  neko_window_replace (NEKO_SUBPAGE (self),
                       neko_handover_page_new_account (_ ("User Added"), neko_directory_get_url (self->directory),
                                                       user->address, self->password));
}


static void
submit (NekoAddUserPage *self)
{
  g_autofree char *address = dup_address (self);
  guint64 quota;

  if (self->adding != NULL || !is_complete (self) || !neko_number_row_get_value (self->quota_row, &quota))
    return;

  g_clear_pointer (&self->password, neko_secret_free);
  self->password = g_strdup (neko_new_password_row_get_password (self->password_row));
  self->adding = g_cancellable_new ();
  neko_submit_box_set_problem (self->submit_box, NULL);
  neko_submit_box_set_busy (self->submit_box, TRUE);
  neko_remote_users_create_async (neko_directory_get_client (self->directory), address, self->password,
                                  gtk_switch_get_active (self->admin_switch), quota * NEKO_MEGABYTE, self->adding,
                                  added_cb, g_object_ref (self));
}


static void
neko_add_user_page_dispose (GObject *object)
{
  NekoAddUserPage *self = NEKO_ADD_USER_PAGE (object);

  g_cancellable_cancel (self->adding);
  g_clear_object (&self->adding);
  g_clear_object (&self->directory);
  g_clear_pointer (&self->password, neko_secret_free);

  G_OBJECT_CLASS (neko_add_user_page_parent_class)->dispose (object);
}


static void
neko_add_user_page_class_init (NekoAddUserPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_add_user_page_dispose;

  g_type_ensure (NEKO_TYPE_NEW_PASSWORD_ROW);
  g_type_ensure (NEKO_TYPE_SUBMIT_BOX);
  g_type_ensure (NEKO_TYPE_NUMBER_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/nekomail/NekoMail/neko-add-user-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoAddUserPage, address_group);
  gtk_widget_class_bind_template_child (widget_class, NekoAddUserPage, admin_switch);
  gtk_widget_class_bind_template_child (widget_class, NekoAddUserPage, domain_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddUserPage, domains);
  gtk_widget_class_bind_template_child (widget_class, NekoAddUserPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddUserPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddUserPage, quota_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAddUserPage, submit_box);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit);
}


static void
neko_add_user_page_init (NekoAddUserPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  neko_submit_box_set_label (self->submit_box, _ ("Add User"));
  neko_number_row_set_range (self->quota_row, 1, NEKO_REMOTE_QUOTA_MAX / NEKO_MEGABYTE);
  neko_number_row_set_value (self->quota_row, DEFAULT_QUOTA);
}


/**
 * neko_add_user_page_new:
 *
 * Returns: (transfer floating): a page that makes a user of @directory
 */
NekoSubpage *
neko_add_user_page_new (NekoDirectory *directory)
{
  NekoAddUserPage *self = g_object_new (NEKO_TYPE_ADD_USER_PAGE, NULL);

  gtk_string_list_splice (self->domains, 0, 0, neko_directory_get_domains (directory));
  self->directory = g_object_ref (directory);
  g_signal_connect_object (directory, "closed", G_CALLBACK (neko_window_leave), self, G_CONNECT_SWAPPED);
  changed_cb (self);

  return NEKO_SUBPAGE (self);
}
