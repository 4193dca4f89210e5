/* neko-settings-page.c - what the user can choose
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-settings-page.h"

#include "neko-desktop-group.h"
#include "neko-network-group.h"
#include "neko-ports-group.h"
#include "neko-spool-group.h"
#include "neko-tls-group.h"

/**
 * NekoSettingsPage:
 *
 * All that is changed here acts at once, and what acts is told by the program in the background.
 */
struct _NekoSettingsPage {
  AdwBin            parent_instance;

  NekoDesktopGroup *desktop;
  NekoNetworkGroup *network;
  NekoPortsGroup   *ports;
  NekoSpoolGroup   *spool;
  NekoTlsGroup     *tls;
};

G_DEFINE_FINAL_TYPE (NekoSettingsPage, neko_settings_page, ADW_TYPE_BIN)


static void
neko_settings_page_class_init (NekoSettingsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (NEKO_TYPE_DESKTOP_GROUP);
  g_type_ensure (NEKO_TYPE_NETWORK_GROUP);
  g_type_ensure (NEKO_TYPE_PORTS_GROUP);
  g_type_ensure (NEKO_TYPE_SPOOL_GROUP);
  g_type_ensure (NEKO_TYPE_TLS_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/nekomail/NekoMail/neko-settings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, NekoSettingsPage, desktop);
  gtk_widget_class_bind_template_child (widget_class, NekoSettingsPage, network);
  gtk_widget_class_bind_template_child (widget_class, NekoSettingsPage, ports);
  gtk_widget_class_bind_template_child (widget_class, NekoSettingsPage, spool);
  gtk_widget_class_bind_template_child (widget_class, NekoSettingsPage, tls);
}


static void
neko_settings_page_init (NekoSettingsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}


/**
 * neko_settings_page_new:
 *
 * Returns: (transfer floating): a page that reflects @model
 */
GtkWidget *
neko_settings_page_new (NekoModel *model)
{
  NekoSettingsPage *self = g_object_new (NEKO_TYPE_SETTINGS_PAGE, NULL);

  neko_desktop_group_set_model (self->desktop, model);
  neko_ports_group_set_model (self->ports, model);
  neko_tls_group_set_model (self->tls, model);
  neko_network_group_set_model (self->network, model);
  neko_spool_group_set_model (self->spool, model);

  return GTK_WIDGET (self);
}
