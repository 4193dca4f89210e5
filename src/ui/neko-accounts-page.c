/* neko-accounts-page.c - the accounts, and the servers for the mail programs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-accounts-page.h"

#include "neko-account-page.h"
#include "neko-account-row.h"
#include "neko-servers-group.h"
#include "neko-window.h"

struct _NekoAccountsPage {
  AdwBin            parent_instance;

  NekoModel        *model;
  GtkListBox       *accounts;
  NekoServersGroup *servers;
};

G_DEFINE_FINAL_TYPE (NekoAccountsPage, neko_accounts_page, ADW_TYPE_BIN)


static void
activated_cb (NekoAccountsPage *self,
              NekoAccountRow   *row)
{
  neko_window_push (GTK_WIDGET (self), neko_account_page_new (self->model,
                                                              neko_account_row_get_item (row)));
}


static GtkWidget *
create_row_cb (gpointer item,
               gpointer user_data)
{
  NekoAccountsPage *self = user_data;
  GtkWidget *row = neko_account_row_new (item);

  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);

  return row;
}


static void
neko_accounts_page_dispose (GObject *object)
{
  g_clear_object (&NEKO_ACCOUNTS_PAGE (object)->model);

  G_OBJECT_CLASS (neko_accounts_page_parent_class)->dispose (object);
}


static void
neko_accounts_page_class_init (NekoAccountsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = neko_accounts_page_dispose;

  g_type_ensure (NEKO_TYPE_SERVERS_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-accounts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoAccountsPage, accounts);
  gtk_widget_class_bind_template_child (widget_class, NekoAccountsPage, servers);
}


static void
neko_accounts_page_init (NekoAccountsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}


/**
 * neko_accounts_page_new:
 *
 * Returns: (transfer floating): a page that reflects @model
 */
GtkWidget *
neko_accounts_page_new (NekoModel *model)
{
  NekoAccountsPage *self = g_object_new (NEKO_TYPE_ACCOUNTS_PAGE, NULL);

  self->model = g_object_ref (model);
  gtk_list_box_bind_model (self->accounts, neko_model_get_accounts (model), create_row_cb, self, NULL);
  neko_servers_group_set_model (self->servers, model);

  return GTK_WIDGET (self);
}
