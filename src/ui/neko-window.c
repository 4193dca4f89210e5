/* neko-window.c - the window: accounts, servers, what to copy into a mail program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-window.h"

#include <glib/gi18n.h>

#include "neko-copy-row.h"
#include "neko-server-row.h"

struct _NekoWindow {
  AdwWindow        parent_instance;

  NekoService     *service;

  AdwToastOverlay *toasts;
  GtkListBox      *accounts;
  NekoServerRow   *pop3_row;
  NekoServerRow   *smtp_row;
  GtkWidget       *settings_group;
  GtkWidget       *password_group;
  AdwComboRow     *account_row;
  NekoCopyRow     *user_row;
  NekoCopyRow     *pop3_port_row;
  NekoCopyRow     *smtp_port_row;
  GtkEditable     *password_name_row;
  NekoCopyRow     *password_row;
};

G_DEFINE_FINAL_TYPE (NekoWindow, neko_window, ADW_TYPE_WINDOW)


static const char *
describe_state (NekoMailboxState state)
{
  switch (state) {
  case NEKO_MAILBOX_READY:
    return _ ("Connected");

  case NEKO_MAILBOX_OFFLINE:
    return _ ("The mail server cannot be reached; mail stays there until it can");

  case NEKO_MAILBOX_SIGN_IN:
    return _ ("Sign in again: the mail server does not accept this computer any more");

  case NEKO_MAILBOX_KEYRING:
    return _ ("Unlock your keyring: it keeps the key to this account");

  case NEKO_MAILBOX_CONNECTING:
  default:
    return _ ("Connecting…");
  }
}


static void
state_changed_cb (NekoMailbox  *mailbox,
                  GParamSpec   *pspec,
                  AdwActionRow *row)
{
  adw_action_row_set_subtitle (row, describe_state (neko_mailbox_get_state (mailbox)));
}


static GtkWidget *
create_account_row_cb (gpointer item,
                       gpointer user_data)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), neko_mailbox_get_address (item));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  g_signal_connect_object (item, "notify::state", G_CALLBACK (state_changed_cb), row, 0);
  state_changed_cb (item, NULL, ADW_ACTION_ROW (row));

  return row;
}


static NekoMailbox *
get_selected (NekoWindow *self)
{
  return adw_combo_row_get_selected_item (self->account_row);
}


static void
account_selected_cb (NekoWindow *self)
{
  NekoMailbox *mailbox = get_selected (self);

  neko_copy_row_set_value (self->user_row,
                           mailbox != NULL ? neko_mailbox_get_address (mailbox) : "");
  gtk_widget_set_visible (self->settings_group, mailbox != NULL);
  gtk_widget_set_visible (self->password_group, mailbox != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), FALSE);
}


static void
show_port (NekoCopyRow *row,
           NekoServer  *server)
{
  g_autofree char *port = g_strdup_printf ("%u",
                                           neko_listener_get_port (neko_server_get_listener (server)));

  neko_copy_row_set_value (row, port);
}


static void
show_ports (NekoWindow *self)
{
  show_port (self->pop3_port_row, neko_service_get_pop3 (self->service));
  show_port (self->smtp_port_row, neko_service_get_smtp (self->service));
}


static void
show_toast (NekoWindow *self,
            const char *message)
{
  AdwToast *toast = adw_toast_new (message);

  adw_toast_overlay_add_toast (self->toasts, toast);
}


static void
toast_cb (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  show_toast (NEKO_WINDOW (widget), g_variant_get_string (parameter, NULL));
}


static void
make_password_cb (NekoWindow *self)
{
  const char *name = gtk_editable_get_text (self->password_name_row);
  g_autoptr (GError) error = NULL;
  g_autoptr (NekoSecret) password = NULL;

  password = neko_service_make_password (self->service, get_selected (self), name, &error);

  if (password == NULL) {
    show_toast (self, error->message);
    return;
  }

  neko_copy_row_set_value (self->password_row, password);
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), TRUE);
  gtk_editable_set_text (self->password_name_row, "");
}


static void
neko_window_dispose (GObject *object)
{
  g_clear_object (&NEKO_WINDOW (object)->service);

  G_OBJECT_CLASS (neko_window_parent_class)->dispose (object);
}


static void
neko_window_class_init (NekoWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_window_dispose;

  g_type_ensure (NEKO_TYPE_COPY_ROW);
  g_type_ensure (NEKO_TYPE_SERVER_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-window.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, accounts);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, pop3_row);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, smtp_row);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, settings_group);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, password_group);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, account_row);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, user_row);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, pop3_port_row);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, smtp_port_row);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, password_name_row);
  gtk_widget_class_bind_template_child (widget_class, NekoWindow, password_row);
  gtk_widget_class_bind_template_callback (widget_class, make_password_cb);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_cb);
}


static void
neko_window_init (NekoWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->account_row, "notify::selected-item",
                           G_CALLBACK (account_selected_cb), self, G_CONNECT_SWAPPED);
}


/**
 * neko_window_new:
 *
 * Returns: a window that reflects @service
 */
NekoWindow *
neko_window_new (NekoService *service)
{
  NekoWindow *self = g_object_new (NEKO_TYPE_WINDOW, NULL);
  GListModel *mailboxes = neko_service_get_mailboxes (service);
  g_autoptr (GtkExpression) address = gtk_property_expression_new (NEKO_TYPE_MAILBOX, NULL,
                                                                   "address");

  self->service = g_object_ref (service);
  gtk_list_box_bind_model (self->accounts, mailboxes, create_account_row_cb, NULL, NULL);
  neko_server_row_set_server (self->pop3_row, neko_service_get_pop3 (service));
  neko_server_row_set_server (self->smtp_row, neko_service_get_smtp (service));
  g_signal_connect_object (neko_service_get_pop3 (service), "changed", G_CALLBACK (show_ports), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (neko_service_get_smtp (service), "changed", G_CALLBACK (show_ports), self,
                           G_CONNECT_SWAPPED);
  adw_combo_row_set_expression (self->account_row, address);
  adw_combo_row_set_model (self->account_row, mailboxes);
  account_selected_cb (self);
  show_ports (self);

  return self;
}
