/* neko-change-password-page.c - another password for an account on the Worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-change-password-page.h"

#include <glib/gi18n.h>

#include "neko-error-text.h"
#include "neko-new-password.h"
#include "neko-remote-error.h"
#include "neko-remote-me.h"
#include "neko-submit-box.h"
#include "neko-window.h"

struct _NekoChangePasswordPage {
  NekoSubpage      parent_instance;

  NekoAccountItem *item;
  gboolean         is_changing;
  GtkWidget       *old_row;
  GtkWidget       *new_row;
  GtkWidget       *repeat_row;
  NekoSubmitBox   *submit_box;
};

G_DEFINE_FINAL_TYPE (NekoChangePasswordPage, neko_change_password_page, NEKO_TYPE_SUBPAGE)


static const char *
get_text (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}


static gboolean
is_complete (NekoChangePasswordPage *self)
{
  return *get_text (self->old_row) != '\0' && neko_new_password_is_good (self->new_row, self->repeat_row);
}


static void
changed_cb (NekoChangePasswordPage *self)
{
  g_autofree char *problem = neko_new_password_check (self->new_row, self->repeat_row);

  neko_new_password_mark (self->old_row, FALSE);
  neko_submit_box_set_problem (self->submit_box, problem);
  neko_submit_box_set_ready (self->submit_box, is_complete (self));
}


/* Whether it is changed matters, wherever the user is by then. */
static void
password_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (NekoChangePasswordPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  self->is_changing = FALSE;
  neko_submit_box_set_busy (self->submit_box, FALSE);

  if (neko_remote_me_change_password_finish (result, &error)) {
    neko_window_toast (GTK_WIDGET (self), _ ("The password is changed"));
    neko_window_leave (NEKO_SUBPAGE (self));
    return;
  }

  text = neko_error_text (error);
  neko_submit_box_set_problem (self->submit_box, text);

  if (g_error_matches (error, NEKO_REMOTE_ERROR, NEKO_REMOTE_ERROR_OLD_PASSWORD)) {
    neko_new_password_mark (self->old_row, TRUE);
    gtk_widget_grab_focus (self->old_row);
  }
}


static void
submit (NekoChangePasswordPage *self)
{
  NekoRemoteClient *client = neko_account_item_get_client (self->item);

  if (self->is_changing || client == NULL || !is_complete (self))
    return;

  self->is_changing = TRUE;
  neko_submit_box_set_problem (self->submit_box, NULL);
  neko_submit_box_set_busy (self->submit_box, TRUE);
  neko_remote_me_change_password_async (client, get_text (self->old_row), get_text (self->new_row), NULL,
                                        password_cb, g_object_ref (self));
}


static void
neko_change_password_page_dispose (GObject *object)
{
  g_clear_object (&NEKO_CHANGE_PASSWORD_PAGE (object)->item);

  G_OBJECT_CLASS (neko_change_password_page_parent_class)->dispose (object);
}


static void
neko_change_password_page_class_init (NekoChangePasswordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_change_password_page_dispose;

  g_type_ensure (NEKO_TYPE_SUBMIT_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-change-password-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoChangePasswordPage, new_row);
  gtk_widget_class_bind_template_child (widget_class, NekoChangePasswordPage, old_row);
  gtk_widget_class_bind_template_child (widget_class, NekoChangePasswordPage, repeat_row);
  gtk_widget_class_bind_template_child (widget_class, NekoChangePasswordPage, submit_box);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit);
}


static void
neko_change_password_page_init (NekoChangePasswordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  neko_submit_box_set_label (self->submit_box, _ ("Change Password"));
}


/**
 * neko_change_password_page_new:
 *
 * Returns: (transfer floating): a page for the account of @item
 */
NekoSubpage *
neko_change_password_page_new (NekoAccountItem *item)
{
  NekoChangePasswordPage *self = g_object_new (NEKO_TYPE_CHANGE_PASSWORD_PAGE, NULL);

  self->item = g_object_ref (item);

  return NEKO_SUBPAGE (self);
}
