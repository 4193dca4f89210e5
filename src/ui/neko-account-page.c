/* neko-account-page.c - one account: how it is doing, who uses it, and what can be done with it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-account-page.h"

#include <glib/gi18n.h>

#include "neko-account-text.h"
#include "neko-add-account-page.h"
#include "neko-change-password-page.h"
#include "neko-devices-group.h"
#include "neko-error-text.h"
#include "neko-export-row.h"
#include "neko-passwords-group.h"
#include "neko-round-trip-row.h"
#include "neko-sign-out.h"
#include "neko-storage-row.h"
#include "neko-window.h"

struct _NekoAccountPage {
  NekoSubpage         parent_instance;

  NekoModel          *model;
  NekoAccountItem    *item;
  GCancellable       *unlocking;      /* (nullable) */
  GtkWidget          *state_row;
  GtkWidget          *state_icon;
  GtkWidget          *state_button;
  GtkWidget          *url_row;
  NekoStorageRow     *storage_row;
  NekoPasswordsGroup *passwords_group;
  NekoRoundTripRow   *round_trip_row;
  NekoExportRow      *export_row;
  NekoDevicesGroup   *devices_group;
  GtkWidget          *password_row;
};

G_DEFINE_FINAL_TYPE (NekoAccountPage, neko_account_page, NEKO_TYPE_SUBPAGE)


static gboolean
has_state (NekoAccountPage *self,
           const char      *state)
{
  return g_strcmp0 (neko_account_item_get_state (self->item), state) == 0;
}


static void
try_again (NekoAccountPage *self)
{
  NekoControl *control = neko_model_get_control (self->model);

  if (control != NULL)
    neko_control_call_connect (control, neko_account_item_get_address (self->item), NULL, NULL, NULL);
}


static void
unlocked_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (NekoAccountPage) self = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->unlocking);

  if (neko_token_store_unlock_finish (NEKO_TOKEN_STORE (source), result, &error)) {
    try_again (self);
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_autofree char *text = neko_error_text (error);

    neko_window_toast (GTK_WIDGET (self), text);
  }
}


static void
unlock (NekoAccountPage *self)
{
  NekoTokenStore *tokens = neko_model_get_tokens (self->model);

  if (self->unlocking != NULL || tokens == NULL)
    return;

  self->unlocking = g_cancellable_new ();
  neko_token_store_unlock_async (tokens, self->unlocking, unlocked_cb, g_object_ref (self));
}


static void
help_cb (NekoAccountPage *self)
{
  if (has_state (self, "sign-in"))
    neko_window_push (GTK_WIDGET (self), neko_add_account_page_new_again (self->model, self->item));
  else if (has_state (self, "keyring"))
    unlock (self);
  else
    try_again (self);
}


/* One that is slow, or failed, is asked again by itself, and unlocking it is no other question. */
static const char *
get_keyring_help (const char *keyring)
{
  if (g_strcmp0 (keyring, "locked") == 0)
    return _ ("_Unlock…");

  return g_strcmp0 (keyring, "none") == 0 ? _ ("_Make Keyring…") : NULL;
}


/* Returns: (nullable): what the user can do about the state, %NULL for nothing */
static const char *
get_help (NekoAccountPage *self)
{
  if (has_state (self, "sign-in"))
    return _ ("_Sign In Again…");

  if (has_state (self, "keyring"))
    return get_keyring_help (neko_account_item_get_keyring (self->item));

  return has_state (self, "offline") ? _ ("_Try Again") : NULL;
}


static void
show_state (NekoAccountPage *self)
{
  g_autofree char *state = neko_account_text_dup_state (self->item);
  g_autofree char *advice = neko_account_text_dup_advice (self->item);
  const char *help = get_help (self);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->state_row), state);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->state_row), advice != NULL ? advice : "");
  gtk_image_set_from_icon_name (GTK_IMAGE (self->state_icon), neko_account_text_get_icon (self->item));
  gtk_widget_set_visible (self->state_button, help != NULL);
  gtk_widget_set_sensitive (self->password_row, neko_account_item_get_client (self->item) != NULL);

  if (help != NULL)
    gtk_button_set_label (GTK_BUTTON (self->state_button), help);
}


static void
change_password_cb (NekoAccountPage *self)
{
  neko_window_push (GTK_WIDGET (self), neko_change_password_page_new (self->item));
}


/* Where the keyring is what does not open, the account is there on. */
static char *
dup_sign_out_failure (const GError *error)
{
  g_autofree char *reason = neko_error_text (error);

  if (g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_LOCKED) ||
      g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_DISMISSED) ||
      g_error_matches (error, NEKO_ACCOUNT_ERROR, NEKO_ACCOUNT_ERROR_KEYRING_SLOW))
    return g_steal_pointer (&reason);

  /* Translators: %s says what went wrong */
  return g_strdup_printf (_ ("Not signed out on the Worker: %s. Revoke this computer on another one, under Devices"),
                          reason);
}


static void
signed_out_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GtkWidget) window = user_data;
  g_autoptr (GError) error = NULL;

  if (neko_sign_out_finish (NEKO_MODEL (source), result, &error)) {
    neko_window_toast (window, _ ("Signed out"));
  } else {
    g_autofree char *text = dup_sign_out_failure (error);

    neko_window_toast (window, text);
  }
}


static void
answered_cb (NekoAccountPage *self,
             const char      *response)
{
  GtkRoot *window = gtk_widget_get_root (GTK_WIDGET (self));

  if (g_str_equal (response, "sign-out"))
    neko_sign_out_async (self->model, self->item, signed_out_cb, g_object_ref (window));
}


static void
sign_out_cb (NekoAccountPage *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  /* Translators: %s is a mail address */
  g_autofree char *heading = g_strdup_printf (_ ("Sign Out of %s?"), neko_account_item_get_address (self->item));
  GtkWidget *dialog = adw_message_dialog_new (window, heading,
                                              _ ("This computer forgets the account. Its bridge passwords stop "
                                                 "working, and are gone: mail programs here need new ones if you sign "
                                                 "in again. The mail stays on the Worker."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    "sign-out", _ ("_Sign Out"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "sign-out",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}


/* Another program, or this page, may have removed the account. */
static void
accounts_changed_cb (NekoAccountPage *self)
{
  if (neko_model_find_account (self->model, neko_account_item_get_address (self->item)) != self->item)
    neko_window_leave (NEKO_SUBPAGE (self));
}


static void
neko_account_page_dispose (GObject *object)
{
  NekoAccountPage *self = NEKO_ACCOUNT_PAGE (object);

  g_cancellable_cancel (self->unlocking);
  g_clear_object (&self->unlocking);
  g_clear_object (&self->model);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (neko_account_page_parent_class)->dispose (object);
}


static void
neko_account_page_class_init (NekoAccountPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_account_page_dispose;

  g_type_ensure (NEKO_TYPE_DEVICES_GROUP);
  g_type_ensure (NEKO_TYPE_EXPORT_ROW);
  g_type_ensure (NEKO_TYPE_PASSWORDS_GROUP);
  g_type_ensure (NEKO_TYPE_ROUND_TRIP_ROW);
  g_type_ensure (NEKO_TYPE_STORAGE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-account-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, devices_group);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, export_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, passwords_group);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, round_trip_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, state_button);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, state_icon);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, state_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, storage_row);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountPage, url_row);
  gtk_widget_class_bind_template_callback (widget_class, change_password_cb);
  gtk_widget_class_bind_template_callback (widget_class, help_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_out_cb);
}


static void
neko_account_page_init (NekoAccountPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}


/**
 * neko_account_page_new:
 *
 * Returns: (transfer floating): a page that follows @item
 */
NekoSubpage *
neko_account_page_new (NekoModel       *model,
                       NekoAccountItem *item)
{
  NekoAccountPage *self = g_object_new (NEKO_TYPE_ACCOUNT_PAGE,
                                        "title", neko_account_item_get_address (item), NULL);

  self->model = g_object_ref (model);
  self->item = g_object_ref (item);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->url_row),
                               neko_account_get_url (neko_account_item_get_account (item)));
  neko_storage_row_set_account (self->storage_row, item);
  neko_passwords_group_set_account (self->passwords_group, model, item);
  neko_round_trip_row_set_account (self->round_trip_row, item);
  neko_export_row_set_account (self->export_row, item);
  neko_devices_group_set_account (self->devices_group, item);
  g_signal_connect_object (item, "changed", G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (neko_model_get_accounts (model), "items-changed",
                           G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  show_state (self);

  return NEKO_SUBPAGE (self);
}
