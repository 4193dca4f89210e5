/* neko-reset-password-page.c - gives a user another password
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-reset-password-page.h"

#include <glib/gi18n.h>

#include "neko-handover-page.h"
#include "neko-new-password-row.h"
#include "neko-new-password.h"
#include "neko-secret.h"
#include "neko-submit-box.h"
#include "neko-window.h"

struct _NekoResetPasswordPage {
  NekoSubpage          parent_instance;

  NekoDirectory       *directory;
  char                *address;
  NekoSecret          *password;     /* (nullable): that is being set */
  gboolean             is_resetting;
  AdwPreferencesGroup *group;
  NekoNewPasswordRow  *password_row;
  NekoSubmitBox       *submit_box;
};

G_DEFINE_FINAL_TYPE (NekoResetPasswordPage, neko_reset_password_page, NEKO_TYPE_SUBPAGE)


static void
changed_cb (NekoResetPasswordPage *self)
{
  g_autofree char *problem = neko_new_password_explain (neko_new_password_row_get_password (self->password_row));

  neko_submit_box_set_problem (self->submit_box, problem);
  neko_submit_box_set_ready (self->submit_box, problem == NULL);
}


static void
reset_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (NekoResetPasswordPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoRemoteUser) user = neko_remote_users_change_finish (result, &error);

  self->is_resetting = FALSE;
  neko_submit_box_set_busy (self->submit_box, FALSE);

  if (user == NULL) {
    g_autofree char *text = neko_directory_explain (self->directory, error);

    neko_submit_box_set_problem (self->submit_box, text);
    return;
  }

  neko_directory_take_user (self->directory, user);
  neko_window_replace (NEKO_SUBPAGE (self),
                       neko_handover_page_new_account (_ ("Password Reset"), neko_directory_get_url (self->directory),
                                                       user->address, self->password));

  /* One's own token is over too. */
  if (neko_directory_is_self (self->directory, user))
    neko_account_item_refresh (neko_directory_get_item (self->directory));
}


/* Not cancelled with the page: whoever leaves it does not know whether it was done. */
static void
submit (NekoResetPasswordPage *self)
{
  NekoRemoteUserChange change = { .parts = NEKO_REMOTE_USER_PASSWORD };

  if (self->is_resetting || !neko_new_password_row_is_good (self->password_row))
    return;

  g_clear_pointer (&self->password, neko_secret_free);
  self->password = g_strdup (neko_new_password_row_get_password (self->password_row));
  self->is_resetting = TRUE;
  neko_submit_box_set_problem (self->submit_box, NULL);
  neko_submit_box_set_busy (self->submit_box, TRUE);
  change.password = self->password;
  neko_remote_users_change_async (neko_directory_get_client (self->directory), self->address, &change, NULL,
                                  reset_cb, g_object_ref (self));
}


static void
neko_reset_password_page_finalize (GObject *object)
{
  NekoResetPasswordPage *self = NEKO_RESET_PASSWORD_PAGE (object);

  g_object_unref (self->directory);
  g_free (self->address);
  g_clear_pointer (&self->password, neko_secret_free);

  G_OBJECT_CLASS (neko_reset_password_page_parent_class)->finalize (object);
}


static void
neko_reset_password_page_class_init (NekoResetPasswordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = neko_reset_password_page_finalize;

  g_type_ensure (NEKO_TYPE_NEW_PASSWORD_ROW);
  g_type_ensure (NEKO_TYPE_SUBMIT_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-reset-password-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoResetPasswordPage, group);
  gtk_widget_class_bind_template_child (widget_class, NekoResetPasswordPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, NekoResetPasswordPage, submit_box);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit);
}


static void
neko_reset_password_page_init (NekoResetPasswordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  neko_submit_box_set_label (self->submit_box, _ ("Reset Password"));
  neko_submit_box_set_ready (self->submit_box, TRUE);
}


/**
 * neko_reset_password_page_new:
 *
 * Returns: (transfer floating): a page that gives @user another password
 */
NekoSubpage *
neko_reset_password_page_new (NekoDirectory  *directory,
                              NekoRemoteUser *user)
{
  NekoResetPasswordPage *self = g_object_new (NEKO_TYPE_RESET_PASSWORD_PAGE, NULL);
  /* Translators: %s is a mail address */
  g_autofree char *text = g_strdup_printf (neko_directory_is_self (directory, user)
                                           ? _ ("The old password of %s stops working. This is your own account: this "
                                                "computer, and every other one, has to sign in again.")
                                           : _ ("The old password of %s stops working, and every computer and telephone "
                                                "has to sign in again."), user->address);
  g_autofree char *markup = g_markup_escape_text (text, -1);

  self->directory = g_object_ref (directory);
  self->address = g_strdup (user->address);
  adw_preferences_group_set_description (self->group, markup);
  g_signal_connect_object (directory, "closed", G_CALLBACK (neko_window_leave), self, G_CONNECT_SWAPPED);

  return NEKO_SUBPAGE (self);
}
