/* neko-user-page.c - a user of a Worker: how much mail, which rights, which addresses
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-user-page.h"

#include <glib/gi18n.h>

#include "neko-account-text.h"
#include "neko-number-row.h"
#include "neko-reset-password-page.h"
#include "neko-size-text.h"
#include "neko-user-addresses-group.h"
#include "neko-user-text.h"
#include "neko-window.h"

/**
 * NekoUserPage:
 *
 * A change is sent at once; the directory tells what is true after it, so what failed goes back by itself.
 */
struct _NekoUserPage {
  NekoSubpage             parent_instance;

  NekoDirectory          *directory;
  NekoRemoteUser         *user;       /* as it was told of last */
  gboolean                is_showing; /* what is true; nobody changed it */
  GtkWidget              *usage_row;
  GtkLevelBar            *usage_bar;
  GtkWidget              *received_row;
  GtkWidget              *forward_row;
  GtkSwitch              *admin_switch;
  GtkSwitch              *disabled_switch;
  NekoNumberRow          *quota_row;
  NekoNumberRow          *limit_row;
  NekoUserAddressesGroup *addresses_group;
};

G_DEFINE_FINAL_TYPE (NekoUserPage, neko_user_page, NEKO_TYPE_SUBPAGE)


static void
show_usage (NekoUserPage *self)
{
  g_autofree char *usage = neko_user_text_dup_usage (self->user);
  g_autofree char *messages = neko_user_text_dup_messages (self->user->messages);
  g_autofree char *text = NULL;

  if (self->user->full_since > 0)
    /* Translators: a number of messages, and sizes as in "1.2 MB of 1 GB" */
    text = g_strdup_printf (_ ("%s, %s. Full: mail is refused"), messages, usage);
  else
    /* Translators: a number of messages, and sizes as in "1.2 MB of 1 GB" */
    text = g_strdup_printf (_ ("%s, %s"), messages, usage);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->usage_row), text);

  if (self->user->quota > 0)
    gtk_level_bar_set_value (self->usage_bar, MIN (1, self->user->size / (double) self->user->quota));
}


static void
show_mail (NekoUserPage *self)
{
  g_autofree char *received = neko_account_text_dup_time (self->user->last_received);
  g_autofree char *failed = neko_account_text_dup_time (self->user->forward_failed);
  g_autofree char *forward = NULL;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->received_row),
                               self->user->last_received > 0 ? received : _ ("Never"));
  gtk_widget_set_visible (self->forward_row, self->user->forward != NULL);

  if (self->user->forward == NULL)
    return;

  if (self->user->forward_failed > 0)
    /* Translators: a mail address, and a time or a day */
    forward = g_strdup_printf (_ ("To %s; that fails since %s, and mail is kept here"), self->user->forward, failed);
  else if (self->user->forward_keeps)
    /* Translators: a mail address */
    forward = g_strdup_printf (_ ("To %s, and kept here"), self->user->forward);
  else
    /* Translators: a mail address */
    forward = g_strdup_printf (_ ("To %s, and not kept here"), self->user->forward);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->forward_row), forward);
}


static void
show_user (NekoUserPage *self)
{
  self->is_showing = TRUE;
  show_usage (self);
  show_mail (self);
  gtk_switch_set_active (self->admin_switch, self->user->is_admin);
  gtk_switch_set_active (self->disabled_switch, self->user->is_disabled);
  neko_number_row_set_value (self->quota_row, self->user->quota / NEKO_MEGABYTE);
  neko_number_row_set_value (self->limit_row, self->user->daily_limit);
  self->is_showing = FALSE;
}


/* Another admin may have deleted the user, or this page has. */
static void
directory_changed_cb (NekoUserPage *self)
{
  NekoRemoteUser *user = neko_directory_find_user (self->directory, self->user->address);

  if (user == NULL) {
    neko_window_leave (NEKO_SUBPAGE (self));
    return;
  }

  /* What somebody is typing is left alone where nothing changed. */
  if (g_set_object (&self->user, user) ||
      gtk_switch_get_active (self->admin_switch) != user->is_admin ||
      gtk_switch_get_active (self->disabled_switch) != user->is_disabled)
    show_user (self);
}


static void
change (NekoUserPage               *self,
        const NekoRemoteUserChange *what)
{
  neko_directory_change_user (self->directory, GTK_WIDGET (self), self->user->address, what);
}


static void
change_rights (NekoUserPage *self)
{
  NekoRemoteUserChange what = {
    .is_admin = gtk_switch_get_active (self->admin_switch),
    .is_disabled = gtk_switch_get_active (self->disabled_switch),
  };

  if (what.is_admin != self->user->is_admin)
    what.parts |= NEKO_REMOTE_USER_ROLE;

  if (what.is_disabled != self->user->is_disabled)
    what.parts |= NEKO_REMOTE_USER_DISABLED;

  if (what.parts != 0)
    change (self, &what);
}


static void
answered_cb (NekoUserPage *self,
             const char   *response)
{
  if (g_str_equal (response, "confirm"))
    change_rights (self);
  else
    show_user (self);
}


/* Only another admin can give back what an admin takes from oneself. */
static void
confirm (NekoUserPage *self,
         const char   *heading,
         const char   *body,
         const char   *label)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *dialog = adw_message_dialog_new (window, heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "confirm", label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "confirm", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}


static void
admin_cb (NekoUserPage *self)
{
  if (self->is_showing)
    return;

  if (neko_directory_is_self (self->directory, self->user) && !gtk_switch_get_active (self->admin_switch))
    confirm (self, _ ("Give Up Your Own Administration?"),
             _ ("You will not see users any more, and cannot take this back. Only another administrator can."),
             _ ("_Give Up"));
  else
    change_rights (self);
}


static void
disabled_cb (NekoUserPage *self)
{
  if (self->is_showing)
    return;

  if (neko_directory_is_self (self->directory, self->user) && gtk_switch_get_active (self->disabled_switch))
    confirm (self, _ ("Disable Your Own Account?"),
             _ ("You will be signed out everywhere, here too, and mail to you goes back to its senders. Only another "
                "administrator can undo it."),
             _ ("_Disable"));
  else
    change_rights (self);
}


static void
quota_cb (NekoUserPage *self)
{
  NekoRemoteUserChange what = { .parts = NEKO_REMOTE_USER_QUOTA };
  guint64 megabytes;

  if (!neko_number_row_get_value (self->quota_row, &megabytes)) {
    show_user (self);
    return;
  }

  what.quota = megabytes * NEKO_MEGABYTE;
  change (self, &what);
}


static void
limit_cb (NekoUserPage *self)
{
  NekoRemoteUserChange what = { .parts = NEKO_REMOTE_USER_DAILY_LIMIT };

  if (neko_number_row_get_value (self->limit_row, &what.daily_limit))
    change (self, &what);
  else
    show_user (self);
}


static void
reset_cb (NekoUserPage *self)
{
  neko_window_push (GTK_WIDGET (self), neko_reset_password_page_new (self->directory, self->user));
}


static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (NekoUserPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (neko_remote_users_delete_finish (result, &error)) {
    /* Translators: %s is a mail address */
    text = g_strdup_printf (_ ("%s deleted"), self->user->address);
    neko_directory_drop_user (self->directory, self->user->address);
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    text = neko_directory_explain (self->directory, error);
  }

  if (text != NULL)
    neko_window_toast (GTK_WIDGET (self), text);
}


static void
delete_answered_cb (NekoUserPage *self,
                    const char   *response)
{
  /* Not cancelled with the page: it is as good as done. */
  if (g_str_equal (response, "delete"))
    neko_remote_users_delete_async (neko_directory_get_client (self->directory), self->user->address, NULL,
                                    deleted_cb, g_object_ref (self));
}


static void
delete_cb (NekoUserPage *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autofree char *messages = neko_user_text_dup_messages (self->user->messages);
  g_autofree char *size = neko_size_text_dup (self->user->size);
  gboolean is_self = neko_directory_is_self (self->directory, self->user);
  /* Translators: %s is a mail address */
  g_autofree char *heading = g_strdup_printf (is_self ? _ ("Delete Your Own Account %s?") : _ ("Delete %s?"),
                                              self->user->address);
  /* Translators: a number of messages, and a size */
  g_autofree char *body = g_strdup_printf (_ ("The mailbox with %s (%s) and all its addresses are gone for good. Mail "
                                              "to them goes back to its senders. Disable the user to keep the mail."),
                                           messages, size);
  GtkWidget *dialog = adw_message_dialog_new (window, heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    "delete", _ ("_Delete User"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}


static void
neko_user_page_dispose (GObject *object)
{
  NekoUserPage *self = NEKO_USER_PAGE (object);

  g_clear_object (&self->directory);
  g_clear_object (&self->user);

  G_OBJECT_CLASS (neko_user_page_parent_class)->dispose (object);
}


static void
neko_user_page_class_init (NekoUserPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_user_page_dispose;

  g_type_ensure (NEKO_TYPE_NUMBER_ROW);
  g_type_ensure (NEKO_TYPE_USER_ADDRESSES_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/nekomail/NekoMail/neko-user-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoUserPage, addresses_group);
  gtk_widget_class_bind_template_child (widget_class, NekoUserPage, admin_switch);
  gtk_widget_class_bind_template_child (widget_class, NekoUserPage, disabled_switch);
  gtk_widget_class_bind_template_child (widget_class, NekoUserPage, forward_row);
  gtk_widget_class_bind_template_child (widget_class, NekoUserPage, limit_row);
  gtk_widget_class_bind_template_child (widget_class, NekoUserPage, quota_row);
  gtk_widget_class_bind_template_child (widget_class, NekoUserPage, received_row);
  gtk_widget_class_bind_template_child (widget_class, NekoUserPage, usage_bar);
  gtk_widget_class_bind_template_child (widget_class, NekoUserPage, usage_row);
  gtk_widget_class_bind_template_callback (widget_class, admin_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
  gtk_widget_class_bind_template_callback (widget_class, disabled_cb);
  gtk_widget_class_bind_template_callback (widget_class, limit_cb);
  gtk_widget_class_bind_template_callback (widget_class, quota_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}


static void
neko_user_page_init (NekoUserPage *self)
{
  self->is_showing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->is_showing = FALSE;
  neko_number_row_set_range (self->quota_row, 1, NEKO_REMOTE_QUOTA_MAX / NEKO_MEGABYTE);
  neko_number_row_set_range (self->limit_row, 0, NEKO_REMOTE_DAILY_LIMIT_MAX);
}


/**
 * neko_user_page_new:
 * @user: one of @directory
 *
 * Returns: (transfer floating): a page that follows what is known of @user
 */
NekoSubpage *
neko_user_page_new (NekoDirectory  *directory,
                    NekoRemoteUser *user)
{
  NekoUserPage *self = g_object_new (NEKO_TYPE_USER_PAGE, "title", user->address, NULL);

  self->directory = g_object_ref (directory);
  self->user = g_object_ref (user);
  g_signal_connect_object (directory, "changed", G_CALLBACK (directory_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (directory, "closed", G_CALLBACK (neko_window_leave), self, G_CONNECT_SWAPPED);
  neko_user_addresses_group_set_user (self->addresses_group, directory, user);
  show_user (self);

  return NEKO_SUBPAGE (self);
}
